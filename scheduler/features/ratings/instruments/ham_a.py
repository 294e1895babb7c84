"""HAM-A: a clinician's rating of anxiety over the last week. Hamilton 1959, public domain."""

from scheduler.features.ratings.instruments.shape import Band, Instrument, Recall, Wording

ITEMS = (
    "Anxious mood: worries, anticipation of the worst, fearful anticipation, irritability",
    (
        "Tension: feelings of tension, fatigability, startle response, moved to tears easily, trembling, "
        "feelings of restlessness, inability to relax"
    ),
    "Fears: of dark, of strangers, of being left alone, of animals, of traffic, of crowds",
    (
        "Insomnia: difficulty in falling asleep, broken sleep, unsatisfying sleep and fatigue on waking, "
        "dreams, nightmares, night terrors"
    ),
    "Intellectual: difficulty in concentration, poor memory",
    "Depressed mood: loss of interest, lack of pleasure in hobbies, depression, early waking, diurnal swing",
    (
        "Somatic (muscular): pains and aches, twitching, stiffness, myoclonic jerks, grinding of teeth, "
        "unsteady voice, increased muscular tone"
    ),
    (
        "Somatic (sensory): tinnitus, blurring of vision, hot and cold flushes, feelings of weakness, "
        "pricking sensation"
    ),
    (
        "Cardiovascular symptoms: tachycardia, palpitations, pain in chest, throbbing of vessels, "
        "fainting feelings, missing beat"
    ),
    "Respiratory symptoms: pressure or constriction in chest, choking feelings, sighing, dyspnea",
    (
        "Gastrointestinal symptoms: difficulty in swallowing, wind, abdominal pain, burning sensations, "
        "abdominal fullness, nausea, vomiting, borborygmi, looseness of bowels, loss of weight, "
        "constipation"
    ),
    (
        "Genitourinary symptoms: frequency of micturition, urgency of micturition, amenorrhea, "
        "menorrhagia, development of frigidity, premature ejaculation, loss of libido, impotence"
    ),
    (
        "Autonomic symptoms: dry mouth, flushing, pallor, tendency to sweat, giddiness, tension headache,"
        " raising of hair"
    ),
    (
        "Behavior at interview: fidgeting, restlessness or pacing, tremor of hands, furrowed brow, "
        "strained face, sighing or rapid respiration, facial pallor, swallowing"
    ),
)

HAM_A = Instrument(
    code="ham_a",
    version=1,
    recall=Recall.WEEK,
    least=0,
    most=4,
    wordings={
        "en": Wording(
            "HAM-A",
            "Over the last week, as found in the interview",
            ITEMS,
            ("Not present", "Mild", "Moderate", "Severe", "Very severe"),
        )
    },
    licence="Public domain.",
    bands=(
        Band(0, 17, "mild"),
        Band(18, 24, "moderate"),
        Band(25, 30, "severe"),
        Band(31, 56, "very severe"),
    ),
    remission_at_most=7,
    clinician_rated=True,
)
