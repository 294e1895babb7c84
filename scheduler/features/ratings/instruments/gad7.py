"""GAD-7, its two first questions as GAD-2, and GAD-7 asked about the time since the last session.

Spitzer, Kroenke, Williams, Löwe 2006; English and United States Spanish as published by the authors, free
to use without permission. Meaningful change: Toussaint 2020; reliable change: Bischoff 2020. Asked again
within its two weeks it would overlap itself, so a clinic that repeats it at every session uses the version
with a recall of its own, whose totals stand apart.
"""

from dataclasses import replace

from scheduler.features.ratings.instruments.shape import Band, Change, Instrument, Loinc, Recall, Wording

FREE = "Free; no permission needed to reproduce, translate, display or distribute."
ANSWER_CODES = ("LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9")
ITEMS = (
    "Feeling nervous, anxious or on edge",
    "Not being able to stop or control worrying",
    "Worrying too much about different things",
    "Trouble relaxing",
    "Being so restless that it is hard to sit still",
    "Becoming easily annoyed or irritable",
    "Feeling afraid as if something awful might happen",
)
ITEMS_ES = (
    "Sentirse nervioso/a, intranquilo/a o con los nervios de punta",
    "No poder dejar de preocuparse o no poder controlar la preocupación",
    "Preocuparse demasiado por diferentes cosas",
    "Dificultad para relajarse",
    "Estar tan inquieto/a que es difícil permanecer sentado/a tranquilamente",
    "Molestarse o ponerse irritable fácilmente",
    "Sentir miedo como si algo terrible pudiera pasar",
)
LEAD = "Over the last 2 weeks, how often have you been bothered by the following problems?"
LEAD_ES = (
    "Durante las últimas 2 semanas, ¿con qué frecuencia ha sentido molestias por los siguientes problemas?"
)
HOW_OFTEN = ("Not at all", "Several days", "More than half the days", "Nearly every day")
HOW_OFTEN_ES = ("Nunca", "Varios días", "Más de la mitad de los días", "Casi todos los días")

GAD7 = Instrument(
    code="gad7",
    version=1,
    recall=Recall.TWO_WEEKS,
    least=0,
    most=3,
    wordings={
        "en": Wording("GAD-7", LEAD, ITEMS, HOW_OFTEN),
        "es": Wording("GAD-7", LEAD_ES, ITEMS_ES, HOW_OFTEN_ES),
    },
    licence=FREE,
    bands=(Band(0, 4, "minimal"), Band(5, 9, "mild"), Band(10, 14, "moderate"), Band(15, 21, "severe")),
    meaningful=Change(4, "Toussaint 2020"),
    reliable=Change(6, "Bischoff 2020"),
    remission_at_most=4,
    loinc=Loinc(
        panel="69737-5",
        items=("69725-0", "68509-9", "69733-4", "69734-2", "69735-9", "69689-8", "69736-7"),
        total="70274-6",
        answers=ANSWER_CODES,
    ),
)

GAD2 = replace(
    GAD7,
    code="gad2",
    wordings={
        "en": Wording("GAD-2", LEAD, ITEMS[:2], HOW_OFTEN),
        "es": Wording("GAD-2", LEAD_ES, ITEMS_ES[:2], HOW_OFTEN_ES),
    },
    bands=(Band(0, 2, "negative"), Band(3, 6, "positive")),
    meaningful=None,
    reliable=None,
    remission_at_most=None,
    loinc=Loinc(items=("69725-0", "68509-9"), answers=ANSWER_CODES),
)

# Its codes stand for two weeks, so it has none: another recall is another measurement.
GAD7_SINCE = replace(
    GAD7,
    code="gad7_since",
    recall=Recall.SINCE_LAST,
    wordings={
        "en": Wording(
            "GAD-7, since the last session",
            "Since your last session, how often have you been bothered by the following problems?",
            ITEMS,
            HOW_OFTEN,
        ),
        "es": Wording(
            "GAD-7, desde la última sesión",
            "Desde su última sesión, ¿con qué frecuencia ha sentido molestias por los siguientes problemas?",
            ITEMS_ES,
            HOW_OFTEN_ES,
        ),
    },
    loinc=Loinc(),
)
