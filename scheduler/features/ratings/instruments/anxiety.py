"""How anxious somebody is now (a row of numbers) and was in the last 24 hours (a plain line).

One question each, free, without standard bands, and short enough to ask at every infusion. For the numbers no
published change exists: two points are the default of this product. Of the line, 10 to 15 mm (Williams 2010);
the smaller one is taken, so that a rise is rather looked at than missed.
"""

from scheduler.features.ratings.instruments.shape import Change, Form, Instrument, Recall, Wording

ANXIETY_NOW = Instrument(
    code="anxiety_now",
    version=1,
    recall=Recall.NOW,
    least=0,
    most=10,
    wordings={
        "en": Wording(
            "Anxiety now",
            "",
            ("How anxious do you feel right now?",),
            lowest="not at all",
            highest="as much as you can imagine",
        ),
        "es": Wording(
            "Ansiedad ahora",
            "",
            ("¿Cuánta ansiedad siente en este momento?",),
            lowest="ninguna",
            highest="la máxima imaginable",
        ),
    },
    licence="Free.",
    form=Form.NUMBERS,
    meaningful=Change(2, "a default of this product"),
)

ANXIETY_24H = Instrument(
    code="anxiety_24h",
    version=1,
    recall=Recall.DAY,
    least=0,
    most=100,
    wordings={
        "en": Wording(
            "Anxiety, last 24 hours",
            "Over the last 24 hours",
            ("How anxious have you felt, all in all?",),
            lowest="not at all",
            highest="as much as you can imagine",
        ),
        "es": Wording(
            "Ansiedad, últimas 24 horas",
            "Durante las últimas 24 horas",
            ("En general, ¿cuánta ansiedad ha sentido?",),
            lowest="ninguna",
            highest="la máxima imaginable",
        ),
    },
    licence="Free: a plain line.",
    form=Form.LINE,
    meaningful=Change(10, "Williams 2010: 10 to 15 mm"),
)
