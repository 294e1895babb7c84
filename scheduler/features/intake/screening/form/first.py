"""Version 1 of the screening (CLINICAL.md, section 5)."""

from scheduler.features.intake.screening.form.shape import Field, Form, Kind, Part, Rows

WORRY = Part(
    "worry",
    "Worry",
    (
        Field("worry", "Excessive worry on most days"),
        Field(
            "worry_months",
            "For how many months",
            Kind.WHOLE,
            most=1200,
            hint="Six or more meet the criterion.",
        ),
        Field("restless", "Restless or on edge"),
        Field("fatigued", "Easily fatigued"),
        Field("concentration", "Trouble concentrating, or the mind going blank"),
        Field("irritable", "Irritable"),
        Field("tension", "Muscle tension"),
        Field("sleep", "Disturbed sleep"),
    ),
    "At least three of the six below, beside worry on most days for at least six months.",
)
TRIALS = Part(
    "trials",
    "Antidepressants tried",
    (
        Rows(
            "trials",
            "Trials",
            "trial",
            (
                Field("medicine", "Medicine", Kind.TEXT, most=80),
                Field("dose", "Highest dose", Kind.TEXT, most=80),
                Field("weeks", "Weeks", Kind.WHOLE, most=1000),
                Field("adequate", "Dose and duration adequate"),
                Field(
                    "response",
                    "Response",
                    options=(
                        ("none", "None, or better by less than half"),
                        ("response", "Better by half or more"),
                        ("not_tolerated", "Stopped, not tolerated"),
                    ),
                ),
            ),
        ),
    ),
    "A trial counts when dose and duration were adequate and there was no response.",
)
RISKS = Part(
    "risks",
    "Contraindications",
    (
        Field("hypertension", "Uncontrolled hypertension"),
        Field("heart", "Unstable heart disease"),
        Field("aneurysm", "Aneurysm"),
        Field("intracranial", "Raised intracranial pressure"),
        Field("psychosis", "Psychosis or mania"),
        Field("pregnancy", "Pregnancy or breast-feeding"),
        Field("substances", "Active substance use disorder"),
        Field("seizures", "Uncontrolled seizures"),
        Field("liver_lung", "Severe liver or lung disease"),
        Field("suicidality", "Active suicidality", hint="A yes alerts all clinicians at once."),
        Field("risks_note", "What is known about each yes", Kind.LONG, most=2000, is_needed=False),
    ),
    "Each yes stands out. None decides.",
)
MEDICINES = Part(
    "medicines",
    "Medicines and allergies",
    (
        Field("takes_medicines", "Takes any medicine now"),
        Rows(
            "medicines",
            "Medicines now",
            "medicine",
            (Field("name", "Medicine", Kind.TEXT, most=80), Field("dose", "Dose", Kind.TEXT, most=80)),
            most=15,
        ),
        Field("has_allergies", "Any known allergy"),
        Rows(
            "allergies",
            "Allergies",
            "allergy",
            (Field("what", "To what", Kind.TEXT, most=60), Field("how", "How it showed", Kind.TEXT, most=50)),
        ),
    ),
)
PERSON = Part(
    "person",
    "Person and escort",
    (
        Field("birth_date", "Birth date", Kind.DATE),
        Field("escort", "An adult can take them home after each visit"),
        Field("escort_name", "Who, and how to reach them", Kind.TEXT, most=120, is_needed=False),
        Field("guardian_name", "Guardian, for somebody under 18", Kind.TEXT, most=80, is_needed=False),
        Field("guardian_signs", "The guardian may sign for them alone", is_needed=False),
        Field(
            "guardian_basis",
            "On what it rests",
            Kind.TEXT,
            most=120,
            is_needed=False,
            hint="Such as: mother, sole custody, order seen.",
        ),
    ),
)
FIRST = Form(
    1,
    (WORRY, TRIALS, RISKS, MEDICINES, PERSON),
    companions=("restless", "fatigued", "concentration", "irritable", "tension", "sleep"),
    risks=(
        "hypertension", "heart", "aneurysm", "intracranial", "psychosis", "pregnancy", "substances",
        "seizures", "liver_lung", "suicidality",
    ),
)  # fmt: skip
