"""What an instrument is: questions, answers, scoring, bands, and what a change of its total means.

An instrument is never changed once somebody answered it: new wording or a new range is a new version, so
that an old answer stays next to the question it answered. Only instruments whose licence allows it ship
(CLINICAL.md, section 3).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Recall(StrEnum):
    """The time that the questions ask about. Totals of different recall are never joined by one line."""

    NOW = "now"
    DAY = "day"
    WEEK = "week"
    TWO_WEEKS = "two_weeks"
    MONTH = "month"
    SINCE_LAST = "since_last"


class Form(StrEnum):
    """How an answer is given: words to choose from, a row of numbers, or a point on a line."""

    WORDS = "words"
    NUMBERS = "numbers"
    LINE = "line"


class Method(StrEnum):
    """How answers become a total: added up, their mean as a whole number, or the highest of them."""

    SUM = "sum"
    MEAN = "mean"
    HIGHEST = "highest"


@dataclass(frozen=True)
class Wording:
    """What stands before a person in one language: `lead` above each question of `items`.

    `answers` has the words of each value from the least to the most; a scale has words for its ends alone.
    """

    name: str
    lead: str
    items: tuple[str, ...]
    answers: tuple[str, ...] = ()
    lowest: str = ""
    highest: str = ""


@dataclass(frozen=True)
class Band:
    """A stretch of the total with a name, both ends included."""

    least: int
    most: int
    name: str


@dataclass(frozen=True)
class Change:
    """A change of the total in points, and who says that it means something."""

    points: int
    source: str


@dataclass(frozen=True)
class Loinc:
    """Codes for interchange; empty where there is none. `answers` are those of the values in order."""

    panel: str = ""
    items: tuple[str, ...] = ()
    total: str = ""
    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Instrument:
    """One version of one instrument. Every answer is a whole number from `least` to `most`; the total is
    what `method` makes of them, those at the positions `reversed` (from 0) counted from the other end.

    `remission_at_most` is the highest total that counts as remission, None where none is defined.
    `crisis_item` is the position, from 0, of the question about wanting to be dead or to hurt oneself. A
    `clinician_rated` one is filled in by a clinician about the patient, never by the patient.
    """

    code: str
    version: int
    recall: Recall
    least: int
    most: int
    wordings: Mapping[str, Wording]
    licence: str
    form: Form = Form.WORDS
    method: Method = Method.SUM
    reversed: frozenset[int] = frozenset()
    bands: tuple[Band, ...] = ()
    meaningful: Change | None = None
    reliable: Change | None = None
    remission_at_most: int | None = None
    clinician_rated: bool = False
    crisis_item: int | None = None
    loinc: Loinc = Loinc()

    @property
    def key(self) -> tuple[str, int]:
        """Code and version."""
        return self.code, self.version

    @property
    def name(self) -> str:
        """The English name, as staff read it."""
        return self.wordings["en"].name

    @property
    def length(self) -> int:
        """How many questions it has."""
        return len(self.wordings["en"].items)

    @property
    def total_most(self) -> int:
        """The highest total."""
        return self.length * self.most if self.method is Method.SUM else self.most

    @property
    def worsening(self) -> Change | None:
        """The rise over a baseline that is a worsening: the reliable change, else the meaningful one."""
        return self.reliable or self.meaningful

    def wording(self, language: str) -> Wording:
        """The wording in `language`, in English where there is none."""
        return self.wordings.get(language, self.wordings["en"])

    def language(self, language: str) -> str:
        """The code of the language that `wording` gives."""
        return language if language in self.wordings else "en"
