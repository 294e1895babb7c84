"""Who is on duty where and when: the weekly pattern, with the dates that differ laid over it.

An exception replaces a person's *whole* pattern of that duty on that day, at every site: somebody
who helps out at Northside on Tuesday is not also counted at Riverside. So exceptions are read for
all sites, whichever sites are asked for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Row, or_, select
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
    differing = _exceptions(session, first, last)
    replaced = {
        (row.DutyException.user_id, row.DutyException.duty, row.DutyException.day) for row in differing
    }
    found = [
        _stretch(pattern, pattern.site_id, day)
        for pattern, disabled_at in _patterns(session, sites, first, last)
        for day in _days_of(pattern, first, last)
        if (pattern.user_id, pattern.duty, day) not in replaced
        and (disabled_at is None or day <= disabled_at.date())
    ]
    found += [
        _stretch(exception, exception.site_id, exception.day)
        for exception, disabled_at in differing
        if exception.site_id in sites and (disabled_at is None or exception.day <= disabled_at.date())
    ]
    return sorted(found)


def _patterns(session: Session, sites: frozenset[int], first: date, last: date) -> Sequence[Row]:
    return session.execute(
        select(DutyPattern, User.disabled_at)
        .join(User, User.id == DutyPattern.user_id)
        .where(
            DutyPattern.site_id.in_(sorted(sites)),
            DutyPattern.valid_from <= last,
            or_(DutyPattern.valid_until.is_(None), DutyPattern.valid_until >= first),
        )
        .order_by(DutyPattern.id)
    ).all()


def _exceptions(session: Session, first: date, last: date) -> Sequence[Row]:
    return session.execute(
        select(DutyException, User.disabled_at)
        .join(User, User.id == DutyException.user_id)
        .where(DutyException.day >= first, DutyException.day <= last)
        .order_by(DutyException.day, DutyException.id)
    ).all()


def _days_of(pattern: DutyPattern, first: date, last: date) -> Iterable[date]:
    """The dates of the pattern's weekday inside both the window and its validity."""
    begin = max(first, pattern.valid_from)
    end = last if pattern.valid_until is None else min(last, pattern.valid_until)
    day = begin + timedelta(days=(pattern.weekday - begin.weekday()) % 7)
    while day <= end:
        yield day
        day += timedelta(days=7)


def _stretch(row: DutyPattern | DutyException, site_id: int, day: date) -> DutyStretch:
    return DutyStretch(
        day=day,
        site_id=site_id,
        duty=row.duty,
        from_minute=row.from_minute or 0,
        to_minute=row.to_minute or 0,
        user_id=row.user_id,
        breaks=tuple(sorted((int(start), int(end)) for start, end in row.breaks)),
    )
