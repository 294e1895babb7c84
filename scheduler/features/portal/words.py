"""The page in the patient's language: every word comes from the language's file."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from urllib.parse import quote

from scheduler.features.portal.queries import Opened
from scheduler.rendering import dates
from scheduler.rendering.facts import EventFacts, Locale
from scheduler.rendering.language import Language, codes, load

MAP = "https://www.openstreetmap.org/search?query="
"""A plain link: nothing of it is loaded; whoever presses it sends the clinic's address and nothing else."""


class Shown(Protocol):
    """What a page about one appointment has at hand, whoever it is for."""

    @property
    def event(self) -> EventFacts: ...
    @property
    def locale(self) -> Locale: ...
    @property
    def phone(self) -> str: ...
    @property
    def was(self) -> datetime | None: ...
    @property
    def expires_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class Saying:
    """What the page of a visit says."""

    page: Shown
    language: Language

    def say(self, key: str, **facts: object) -> str:
        """A phrase of the page; the moment of the visit and the clinic's phone are at hand in each."""
        told = {"moment": self.moment, "phone": self.page.event.visit.phone, **facts}
        return self.language.say(f"page.{key}", **told)

    @property
    def moment(self) -> str:
        """`Friday 15 May 2026, 09:30 (CEST)`."""
        return dates.visit_moment(self.page.event.visit, self.page.locale, self.language)

    @property
    def day(self) -> str:
        """`Friday 15 May 2026`."""
        return dates.visit_day(self.page.event.visit, self.page.locale, self.language)

    @property
    def hours(self) -> str:
        """`09:30 to 11:30 (CEST)`."""
        return hours(self.page.event, self.page.locale, self.language)

    @property
    def was(self) -> str:
        """The moment that the patient knew, where it has changed."""
        visit = self.page.event.visit
        before = replace(visit, starts_at=self.page.was or visit.starts_at)
        return dates.visit_moment(before, self.page.locale, self.language)

    @property
    def ends(self) -> str:
        """The day on which the link ends; that of the visit where no link leads to the page."""
        visit = self.page.event.visit
        last = dates.local(self.page.expires_at or visit.starts_at, visit.tz)
        return dates.day(last.date(), self.page.locale, self.language)

    @property
    def directions(self) -> str:
        """Where a map of the clinic is to be had."""
        return MAP + quote(self.page.event.visit.address)

    def choice(self, start: datetime) -> str:
        """A local start that can be asked for."""
        day = dates.day(start.date(), self.page.locale, self.language)
        return self.say("choice", day=day, clock=self._clock(start))

    def ready(self, words: dict[str, str]) -> str:
        """An item of the list, in the first language there is where this one has no words for it."""
        return words.get(self.language.code) or next(iter(words.values()), "")

    def _clock(self, local: datetime) -> str:
        return dates.clock(local, self.page.locale, self.language)


def hours(event: EventFacts, locale: Locale, language: Language) -> str:
    """`09:30 to 11:30 (CEST)`."""
    start, end = (dates.local(each, event.visit.tz) for each in (event.visit.starts_at, event.ends_at))
    clock = [dates.clock(each, locale, language) for each in (start, end)]
    return language.say("page.hours", start=clock[0], end=clock[1], zone=dates.zone(start))


def saying(page: Opened) -> Saying:
    """The words for a page, in the language of its patient."""
    return Saying(page, load(page.language))


def in_all_languages(group: str) -> list[tuple[str, str, str]]:
    """Code, title and text of what is said to somebody whose language nobody knows."""
    return [(code, load(code).say(f"{group}.title"), load(code).say(f"{group}.text")) for code in codes()]
