"""The instruments that may be asked, as data.

An instrument is never changed once somebody answered it: new wording or a new range is a new version,
so that an old answer stays next to the question it answered. Only instruments whose licence allows it
stand here (CLINICAL.md, section 3).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.models import TimePoint


@dataclass(frozen=True)
class Wording:
    """What stands before the patient in one language: the question and the words at both ends."""

    name: str
    question: str
    lowest: str
    highest: str


@dataclass(frozen=True)
class Instrument:
    """One version of one instrument whose answer is a whole number from `least` to `most`.

    `time_points` are those at which it is due with each infusion. Every instrument has one recall window;
    scores of different instruments are never joined by one line.
    """

    code: str
    version: int
    least: int
    most: int
    time_points: tuple[TimePoint, ...]
    wordings: Mapping[str, Wording]

    def wording(self, language: str) -> Wording:
        """The wording in `language`, in English where there is none."""
        return self.wordings.get(language, self.wordings["en"])


# CLINICAL.md, section 3: a numeric rating, one item, 0 to 10, recall "now", no standard bands, free.
ANXIETY_NOW = Instrument(
    code="anxiety_now",
    version=1,
    least=0,
    most=10,
    time_points=(TimePoint.PRE, TimePoint.POST_2H),
    wordings={
        "en": Wording(
            "Anxiety now", "How anxious do you feel right now?", "not at all", "as much as you can imagine"
        ),
        "es": Wording(
            "Ansiedad ahora", "¿Cuánta ansiedad siente en este momento?", "ninguna", "la máxima imaginable"
        ),
    },
)

INSTRUMENTS: Mapping[tuple[str, int], Instrument] = {
    (instrument.code, instrument.version): instrument for instrument in (ANXIETY_NOW,)
}

TIME_POINT_WORDS: Mapping[TimePoint, str] = {
    TimePoint.PRE: "before the infusion",
    TimePoint.POST_2H: "two hours after",
}
