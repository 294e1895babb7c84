"""The build page's own sentences: titles, consequences, rules in words."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler.features.courses.building.forms import EITHER
from scheduler.features.courses.building.offer import BuildPage
from scheduler.features.courses.page import SetView
from scheduler.features.courses.recheck import Gone
from scheduler.features.courses.words import counted, day_words, numbers, relaxation
from scheduler.models import ProtocolVersion
from scheduler.planning.violation import clock, days_of

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Sentences:
    """What the templates say about one page."""

    def __init__(self, page: BuildPage) -> None:
        self.page = page
        self.visits = page.version.infusions

    @property
    def protocol_options(self) -> list[tuple[str, str]]:
        """Value and words for the protocol list."""
        return [(str(version.id), version.protocol.name) for version in self.page.protocols]

    @property
    def site_options(self) -> list[tuple[str, str]]:
        """Value and words for the clinic list."""
        sites = [(str(site.id), site.name) for site in self.page.sites]
        several = "Either, but the same for all" if self.visits > 1 else "Either"
        return [*sites, (EITHER, several if len(sites) == 2 else several.replace("Either", "Any"))]

    @property
    def protocol_rule(self) -> str:
        """`Version 4. Six visits of 2 hours, 2 or 3 days apart, all within 14 days.`"""
        return f"Version {self.page.version.version}. {rule(self.page.version)}"

    @property
    def weekend(self) -> bool:
        """Whether some site opens on Sundays, so that the week is shown whole."""
        return any(row.weekday == 6 for site in self.page.sites for row in site.hours)

    @property
    def times(self) -> str:
        """`Mon 09:00 to 15:00; not Tue. Away Fri 12 May.`: what the ticks and the patient's page give."""
        weekly = self.page.wishes.weekly
        last = 7 if self.weekend else 6
        missing = [DAYS[day] for day in range(last) if day not in weekly]
        exact = [
            f"{DAYS[day]} {' and '.join(_span(span) for span in spans)}"
            for day, spans in sorted(weekly.items())
            if day < last and spans != ((0, 1440),)
        ]
        parts = [*exact, *([f"not {', '.join(missing)}"] if missing else [])]
        away = [
            day_words(a.first) if a.first == a.last else f"{day_words(a.first)} to {day_words(a.last)}"
            for a in self.page.wishes.away
            if a.last >= self.page.form.first
        ]
        said = "; ".join(parts)
        said = f"{said[0].upper()}{said[1:]}." if said else "At any time."
        return f"{said} Away {', '.join(away)}." if away else said

    @property
    def title(self) -> str:
        """Over the sets."""
        count = len(self.page.sets)
        if self.page.form.chosen and not self.page.notice:
            return "Your set, and others to compare it with" if count > 1 else "Your set"
        if count == 1:
            return "One complete set of dates" if self.visits > 1 else "One free date"
        what = "complete sets of dates" if self.visits > 1 else "free dates"
        return f"{counted(count).capitalize()} {what}, best first"

    @property
    def visit_word(self) -> str:
        """`six`, for "No six dates fit"."""
        return "such" if self.visits == 1 else counted(self.visits)

    @property
    def book_label(self) -> str:
        """On the button."""
        return "Book the visit" if self.visits == 1 else f"Book {self.visits} visits"

    @property
    def problems_title(self) -> str:
        """Over what the set breaks."""
        count = len(self.page.problems)
        return "This set breaks a rule" if count == 1 else f"This set breaks {counted(count)} rules"

    @property
    def consequences(self) -> str:
        """What booking does, beside the button."""
        name, reach = self.page.patient.given_name, self.page.reach
        visits = "Books the visit" if self.visits == 1 else f"Books {self.visits} visits"
        if reach.nobody:
            return f"{visits}. Sends nothing: no message reaches {name}, so tell them the dates now."
        return f"{visits}. Sends {name} {reach.summary} with all dates; reminders follow."

    @property
    def bend(self) -> str:
        """The exception that is made, in words."""
        return relaxation(self.page.form.bend, self.page.version) if self.page.form.bend else ""

    def range_of(self, view: SetView) -> str:
        """`Mon 11 to Fri 22 May`."""
        days = [each.day for each in view.infusions]
        first, last = min(days), max(days)
        if first == last:
            return day_words(first)
        return f"{day_words(first)} to {day_words(last)}"

    def gone_title(self, gone: Sequence[Gone]) -> str:
        """`Nothing was booked: visit 4 is gone`."""
        which = numbers(visit.number for visit in gone)
        what = f"visits {which} are" if len(gone) > 1 else f"visit {which} is"
        return f"Nothing was booked: {what} gone"

    def gone(self, visit: Gone) -> str:
        """`Mon 18 May 09:30 in chair 2 was booked at 10:41 by Ben Carver.`"""
        when = f"{day_words(visit.start.date())} {visit.start:%H:%M} in {visit.chair_name.lower()}"
        if visit.taken_by and visit.taken_at:
            return f"{when} was booked at {self.local(visit.taken_at):%H:%M} by {visit.taken_by}."
        return f"{when}: {visit.words}"

    def local(self, at: datetime) -> datetime:
        """An instant in the time of the patient's site."""
        return at.astimezone(self.page.at.tzinfo or ZoneInfo("UTC"))


def rule(version: ProtocolVersion) -> str:
    """A protocol's rules in one or two sentences."""
    hours, minutes = divmod(version.visit_minutes, 60)
    length = f"{hours} hours" if hours > 1 else "1 hour" if hours else ""
    length = f"{length} {minutes} minutes".strip() if minutes else length
    if version.infusions == 1:
        return f"One visit of {length}."
    count = counted(version.infusions).capitalize()
    low, high = version.gap_min, version.gap_max
    gap = (
        days_of(low)
        if low == high
        else f"{low} or {high} days"
        if high == low + 1
        else f"{low} to {high} days"
    )
    return f"{count} visits of {length}, {gap} apart, all within {version.span_max} days."


def _span(span: tuple[int, int]) -> str:
    start, end = span
    if start == 0:
        return f"until {clock(end)}"
    if end == 1440:
        return f"from {clock(start)}"
    return f"{clock(start)} to {clock(end)}"
