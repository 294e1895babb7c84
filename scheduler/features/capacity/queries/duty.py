"""Who is on duty where and when: the weekly pattern, with the dates that differ laid over it.

An exception replaces a person's *whole* pattern of that duty on that day, at every site: somebody
who helps out at Northside on Tuesday is not also counted at Riverside. So exceptions are read for
all sites, whichever sites are asked for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from scheduler.models import Duty, DutyException, DutyPattern, User


@dataclass(frozen=True, order=True)
class DutyStretch:
    """One stretch of one person's duty on one day: local minutes of the day, `breaks` inside it."""

    day: date
    site_id: int
    duty: Duty
    from_minute: int
    to_minute: int
    user_id: int
    breaks: tuple[tuple[int, int], ...] = ()


def duty_stretches(session: Session, site_ids: Iterable[int], first: date, last: date) -> list[DutyStretch]:
    """All duty at these sites from `first` to `last`, both included.

    Ordered by day, site, duty, beginning and person. Two queries, however long the window. People
    whose account is disabled stop being on duty after the day (UTC) it was disabled.
    """
    sites = frozenset(site_ids)
    return laid_over(
        _patterns(session, sites, first, last), _exceptions(session, first, last), sites, first, last
    )


def laid_over(
    patterns: Iterable[tuple[DutyPattern, datetime | None]],
    exceptions: Iterable[tuple[DutyException, datetime | None]],
    sites: frozenset[int],
    first: date,
    last: date,
) -> list[DutyStretch]:
    """The weekly pattern with its exceptions laid over it, each row with when its person was disabled.

    Pure: `exceptions` must be those of all sites from `first` to `last`.
    """
    differing = list(exceptions)
    replaced = {(row.user_id, row.duty, row.day) for row, _ in differing}
    found = [
        _stretch(row, row.site_id, day)
        for row, disabled_at in patterns
        for day in _days_of(row, first, last)
        if (row.user_id, row.duty, day) not in replaced and _still_here(day, disabled_at)
    ]
    found += [
        _stretch(row, row.site_id, row.day)
        for row, disabled_at in differing
        if row.site_id in sites and _still_here(row.day, disabled_at)
    ]
    return sorted(found)


def _still_here(day: date, disabled_at: datetime | None) -> bool:
    return disabled_at is None or day <= disabled_at.date()


def _patterns(
    session: Session, sites: frozenset[int], first: date, last: date
) -> list[tuple[DutyPattern, datetime | None]]:
    rows = session.execute(
        select(DutyPattern, User.disabled_at)
        .join(User, User.id == DutyPattern.user_id)
        .where(
            DutyPattern.site_id.in_(sorted(sites)),
            DutyPattern.valid_from <= last,
            or_(DutyPattern.valid_until.is_(None), DutyPattern.valid_until >= first),
        )
        .order_by(DutyPattern.id)
    )
    return [(row, disabled_at) for row, disabled_at in rows]


def _exceptions(session: Session, first: date, last: date) -> list[tuple[DutyException, datetime | None]]:
    rows = session.execute(
        select(DutyException, User.disabled_at)
        .join(User, User.id == DutyException.user_id)
        .where(DutyException.day >= first, DutyException.day <= last)
        .order_by(DutyException.day, DutyException.id)
    )
    return [(row, disabled_at) for row, disabled_at in rows]


def _days_of(pattern: DutyPattern, first: date, last: date) -> Iterable[date]:
    """The dates of the pattern's weekday inside both the window and its validity."""
    begin = max(first, pattern.valid_from)
    end = last if pattern.valid_until is None else min(last, pattern.valid_until)
    day = begin + timedelta(days=(pattern.weekday - begin.weekday()) % 7)
    while day <= end:
        yield day
        day += timedelta(days=7)


def _stretch(row: DutyPattern | DutyException, site_id: int | None, day: date) -> DutyStretch:
    return DutyStretch(
        day=day,
        site_id=site_id or 0,
        duty=row.duty,
        from_minute=row.from_minute or 0,
        to_minute=row.to_minute or 0,
        user_id=row.user_id,
        breaks=tuple(sorted((int(start), int(end)) for start, end in row.breaks)),
    )
