"""PHQ-9, and its two first questions as PHQ-2.

Kroenke, Spitzer, Williams 2001; English and United States Spanish as published by the authors, free to use
without permission. Its ninth question asks about being better off dead or hurting oneself: an answer of 1 or
more raises an alert (Simon 2013: attempts within a year 4 % against 0.4 %).
"""

from dataclasses import replace

from scheduler.features.ratings.instruments.gad7 import ANSWER_CODES, FREE, HOW_OFTEN, LEAD
from scheduler.features.ratings.instruments.shape import Band, Change, Instrument, Loinc, Recall, Wording

ITEMS = (
    "Little interest or pleasure in doing things",
    "Feeling down, depressed, or hopeless",
    "Trouble falling or staying asleep, or sleeping too much",
    "Feeling tired or having little energy",
    "Poor appetite or overeating",
    "Feeling bad about yourself, or that you are a failure or have let yourself or your family down",
    "Trouble concentrating on things, such as reading the newspaper or watching television",
    (
        "Moving or speaking so slowly that other people could have noticed? Or the opposite, being so "
        "fidgety or restless that you have been moving around a lot more than usual"
    ),
    "Thoughts that you would be better off dead or of hurting yourself in some way",
)
ITEMS_ES = (
    "Poco interés o placer en hacer cosas",
    "Se ha sentido decaído(a), deprimido(a) o sin esperanzas",
    "Ha tenido dificultad para quedarse o permanecer dormido(a), o ha dormido demasiado",
    "Se ha sentido cansado(a) o con poca energía",
    "Sin apetito o ha comido en exceso",
    (
        "Se ha sentido mal con usted mismo(a), o que es un fracaso o que ha quedado mal con usted "
        "mismo(a) o con su familia"
    ),
    (
        "Ha tenido dificultad para concentrarse en ciertas actividades, tales como leer el periódico o "
        "ver la televisión"
    ),
    (
        "¿Se ha movido o hablado tan lento que otras personas podrían haberlo notado? O lo contrario, muy"
        " inquieto(a) o agitado(a) que ha estado moviéndose mucho más de lo normal"
    ),
    "Pensamientos de que estaría mejor muerto(a) o de lastimarse de alguna manera",
)
LEAD_ES = (
    "Durante las últimas 2 semanas, ¿qué tan seguido ha tenido molestias debido a los siguientes problemas?"
)
HOW_OFTEN_ES = ("Ningún día", "Varios días", "Más de la mitad de los días", "Casi todos los días")

PHQ9 = Instrument(
    code="phq9",
    version=1,
    recall=Recall.TWO_WEEKS,
    least=0,
    most=3,
    wordings={
        "en": Wording("PHQ-9", LEAD, ITEMS, HOW_OFTEN),
        "es": Wording("PHQ-9", LEAD_ES, ITEMS_ES, HOW_OFTEN_ES),
    },
    licence=FREE,
    bands=(
        Band(0, 4, "none or minimal"),
        Band(5, 9, "mild"),
        Band(10, 14, "moderate"),
        Band(15, 19, "moderately severe"),
        Band(20, 27, "severe"),
    ),
    meaningful=Change(5, "minimal clinically important difference"),
    remission_at_most=4,
    crisis_item=8,
    loinc=Loinc(
        panel="44249-1",
        items=(
            "44250-9",
            "44255-8",
            "44259-0",
            "44254-1",
            "44251-7",
            "44258-2",
            "44252-5",
            "44253-3",
            "44260-8",
        ),
        total="44261-6",
        answers=ANSWER_CODES,
    ),
)

PHQ2 = replace(
    PHQ9,
    code="phq2",
    wordings={
        "en": Wording("PHQ-2", LEAD, ITEMS[:2], HOW_OFTEN),
        "es": Wording("PHQ-2", LEAD_ES, ITEMS_ES[:2], HOW_OFTEN_ES),
    },
    bands=(Band(0, 2, "negative"), Band(3, 6, "positive")),
    meaningful=None,
    remission_at_most=None,
    crisis_item=None,
    loinc=Loinc("55757-9", ("44250-9", "44255-8"), "55758-7", ANSWER_CODES),
)
