"""One week of shifts as a table: a row for each person, a cell for each day.

The stretches come from the same function that the planner uses. Beside them stands what they can't
say: that somebody who usually works is away, and why a day differs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.features.capacity.queries import DutyStretch
from scheduler.models import Duty, DutyException, DutyPattern, Site


@dataclass(frozen=True)
class Cell:
    """One person's day at one site: stretches; `away` where the pattern says they would be there."""

    stretches: tuple[DutyStretch, ...] = ()
    away: bool = False
    differs: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Row:
    """One person's week at one site; `minutes` on duty, breaks taken off."""

    user_id: int
    name: str
    cells: tuple[Cell, ...]
    minutes: int


@dataclass(frozen=True)
class Roster:
    """One site's week, and the days on which it is open with nobody of a kind on duty."""

    nurses: tuple[Row, ...]
    clinicians: tuple[Row, ...]
    without_nurse: tuple[date, ...] = ()
    without_clinician: tuple[date, ...] = ()


def roster(
    site: Site,
    monday: date,
    stretches: Iterable[DutyStretch],
    patterns: Iterable[DutyPattern],
    exceptions: Iterable[DutyException],
    names: Mapping[int, str],
) -> Roster:
    """The week of one site. `names` are the staff's by id; people it leaves out are not shown."""
    here = [stretch for stretch in stretches if stretch.site_id == site.id]
    usual = _usual(site.id, monday, patterns)
    differing = {(row.user_id, row.duty, row.day): row for row in exceptions}
    nurses, clinicians = (
        _rows(duty, monday, here, usual, differing, names) for duty in (Duty.NURSE, Duty.CLINICIAN)
    )
    is_open = {row.weekday for row in site.hours}
    days = [day for day in _days(monday) if day.weekday() in is_open]
    manned = {(stretch.duty, stretch.day) for stretch in here}
    return Roster(
        nurses,
        clinicians,
        tuple(day for day in days if (Duty.NURSE, day) not in manned),
        tuple(day for day in days if (Duty.CLINICIAN, day) not in manned),
    )


def _usual(site_id: int, monday: date, patterns: Iterable[DutyPattern]) -> set[tuple[int, Duty, date]]:
    """Who would be there on which day, if no day differed."""
    found = set()
    for row in patterns:
        day = monday + timedelta(days=row.weekday)
        if row.site_id == site_id and row.valid_from <= day and day <= (row.valid_until or day):
            found.add((row.user_id, row.duty, day))
    return found


def _rows(
    duty: Duty,
    monday: date,
    here: list[DutyStretch],
    usual: set[tuple[int, Duty, date]],
    differing: Mapping[tuple[int, Duty, date], DutyException],
    names: Mapping[int, str],
) -> tuple[Row, ...]:
    people = {stretch.user_id for stretch in here if stretch.duty is duty}
    people |= {user for user, kind, _ in usual if kind is duty}
    found = []
    for user in sorted(people & names.keys(), key=lambda one: (names[one], one)):
        own = [stretch for stretch in here if stretch.user_id == user and stretch.duty is duty]
        cells = tuple(
            _cell(
                [stretch for stretch in own if stretch.day == day],
                (user, duty, day) in usual,
                differing.get((user, duty, day)),
            )
            for day in _days(monday)
        )
        found.append(Row(user, names[user], cells, sum(_minutes(stretch) for stretch in own)))
    return tuple(found)


def _cell(stretches: list[DutyStretch], is_usual: bool, exception: DutyException | None) -> Cell:
    if exception is None:
        return Cell(tuple(stretches))
    if stretches:
        return Cell(tuple(stretches), differs=True, reason=exception.reason)
    return Cell(away=is_usual, differs=is_usual, reason=exception.reason if is_usual else "")


def _minutes(stretch: DutyStretch) -> int:
    return stretch.to_minute - stretch.from_minute - sum(end - start for start, end in stretch.breaks)


def _days(monday: date) -> list[date]:
    return [monday + timedelta(days=number) for number in range(7)]
