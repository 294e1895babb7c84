"""Days on which a patient is away, as lines of the form."""

from dataclasses import dataclass

from scheduler.features.patients.data import Away
from scheduler.features.patients.fields import read_date, read_minutes, read_note
from scheduler.features.patients.refused import Refused

LONGEST_YEARS = 5


@dataclass(frozen=True)
class AwayRow:
    """One line as typed: two dates, two times, a few words."""

    first: str = ""
    last: str = ""
    start: str = ""
    end: str = ""
    note: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether the line says nothing, and so asks for nothing."""
        return not f"{self.first}{self.last}{self.start}{self.end}{self.note}".strip()


def read_away(row: AwayRow, order: str) -> Away:
    """One line. Without a last day it is one day, without times it is whole days. Raises Refused."""
    if not row.first.strip():
        raise Refused("Write the first day away.")
    first = read_date(row.first, order)
    last = read_date(row.last, order) if row.last.strip() else first
    if last < first:
        raise Refused("The last day away is before the first. Turn them round.")
    if last.year - first.year > LONGEST_YEARS:
        raise Refused(f"These days are more than {LONGEST_YEARS} years apart. Check the years.")
    if bool(row.start.strip()) != bool(row.end.strip()):
        raise Refused("Write both times, or none for whole days.")
    if not row.start.strip():
        return Away(first, last, note=read_note(row.note))
    start, end = read_minutes(row.start), read_minutes(row.end, is_end=True)
    if start >= end:
        raise Refused("The second time must be later than the first.")
    return Away(first, last, start, end, read_note(row.note))


def away_row(away: Away) -> AwayRow:
    """The line that shows these days."""
    return AwayRow(
        away.first_day.isoformat(),
        "" if away.last_day == away.first_day else away.last_day.isoformat(),
        _time(away.from_minute),
        _time(away.to_minute),
        away.note,
    )


def _time(minute: int | None) -> str:
    return "" if minute is None else f"{minute // 60 % 24:02d}:{minute % 60:02d}"
