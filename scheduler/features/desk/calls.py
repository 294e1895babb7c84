"""Who has to be phoned, what about and in which words: pure.

The words are read out, or left with whoever takes the phone. So they say when, and the clinic's discreet
name, and nothing of what for (SECURITY.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from scheduler.features.outbox.quiet import next_allowed

LANGUAGES = {"es": "Spanish"}


class About(StrEnum):
    """What a call is about."""

    DATES = "dates"
    MOVED = "moved"
    OFF = "off"
    CONFIRM = "confirm"


TOPICS: Mapping[About, str] = {
    About.DATES: "Tell the dates",
    About.MOVED: "Tell the new time",
    About.OFF: "Tell that it does not take place",
    About.CONFIRM: "Ask whether they come",
}


@dataclass(frozen=True)
class Point:
    """One visit to speak of. Times are local to the site; `was` is the one that the patient knows."""

    infusion_id: int
    version: int
    number: int
    about: About
    starts: datetime
    was: datetime | None = None


@dataclass(frozen=True)
class LastTry:
    """The newest call that reached nobody: when (local), by whom, how it went."""

    at: datetime
    who: str
    words: str
    note: str


@dataclass(frozen=True)
class CallLine:
    """One call: whom, at which number, what about. `quiet_until` is None where it may be made now."""

    course_id: int
    patient_id: int
    patient: str
    phone: str | None
    country: str | None
    language: str
    why: str
    points: Sequence[Point]
    quiet_until: datetime | None
    before: datetime
    last: LastTry | None
    clinic: str

    @property
    def topics(self) -> Sequence[tuple[str, Sequence[Point]]]:
        """What to do, each with its visits."""
        return [
            (words, found)
            for about, words in TOPICS.items()
            if (found := [point for point in self.points if point.about is about])
        ]

    @property
    def say(self) -> Sequence[str]:
        """The sentences to read out."""
        return [f"This is {self.clinic}.", *(_sentence(about, self._of(about)) for about in self._abouts)]

    @property
    def to_confirm(self) -> Sequence[Point]:
        """The visits that the patient may confirm: all that take place."""
        return [point for point in self.points if point.about is not About.OFF]

    @property
    def speaks(self) -> str:
        """The patient's language where it is not the desk's."""
        return LANGUAGES.get(self.language, "")

    @property
    def _abouts(self) -> Sequence[About]:
        return [about for about in About if self._of(about)]

    def _of(self, about: About) -> Sequence[Point]:
        return [point for point in self.points if point.about is about]


def quiet_until(now: datetime, patient_tz: str | None, site_tz: str) -> datetime | None:
    """When a call may be made, local to the site; None: now. Nobody is phoned before 8 or after 21."""
    allowed = next_allowed(now, patient_tz or site_tz)
    return None if allowed == now else allowed.astimezone(ZoneInfo(site_tz))


def _sentence(about: About, points: Sequence[Point]) -> str:
    when = [_when(point.starts) for point in points]
    if about is About.DATES:
        return f"Your {'appointment is' if len(when) == 1 else 'appointments are'} on {_listed(when)}."
    if about is About.MOVED:
        return " ".join(
            f"Your appointment is on {_when(point.starts)}"
            + (f" now, and no longer on {_when(point.was)}." if point.was else ".")
            for point in points
        )
    if about is About.OFF:
        return f"Your appointment on {_listed(when)} does not take place."
    return f"Can you come on {_listed(when)}?"


def _when(moment: datetime) -> str:
    """`Thursday 5 November at 09:30`."""
    return f"{moment:%A} {moment.day} {moment:%B} at {moment:%H:%M}"


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
