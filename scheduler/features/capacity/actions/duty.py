"""When somebody is on duty: their usual week, and the days that differ.

Nobody can be at two places at once. The rows of one person are few, so after each change all of them are
held against each other; the lock of the capacity keeps two changes from passing each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations, pairwise

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db.locks import lock_capacity
from scheduler.errors import NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.capacity.queries import site
from scheduler.features.capacity.spans import Span, said
from scheduler.models import Duty, DutyException, DutyPattern, Site, User

DAY = timedelta(days=1)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_DAYS = 366


@dataclass(frozen=True)
class Period:
    """From `first` on, until `last` (None: for good), both included."""

    first: date
    last: date | None = None


def set_week(
    session: Session,
    actor: Actor,
    at: datetime,
    user_id: int,
    duty: Duty,
    site_id: int,
    period: Period,
    week: Mapping[int, Sequence[Span]],
) -> None:
    """Make `week` the person's usual week at the site for that time; before and after it, all stays.

    The gaps between a weekday's stretches are breaks. Raises RuleError where they would be at two places.
    """
    lock_capacity(session)
    person, place = _person(session, user_id), site(session, site_id)
    if period.last is not None and period.last < period.first:
        raise RuleError("The week ends before it begins. Change one of the days.")
    for row in _patterns(session, user_id, duty, site_id):
        _cut(session, row, period)
    for weekday, spans in sorted(week.items()):
        if spans:
            session.add(_pattern(user_id, duty, site_id, weekday, spans, period))
    session.flush()
    _refuse_two_places(session, person)
    record(
        session, actor, at, "duty.week_set", "user", user_id, site=place.id, duty=str(duty),
        since=period.first.isoformat(), until=period.last.isoformat() if period.last else None,
    )  # fmt: skip


def set_days(
    session: Session,
    actor: Actor,
    at: datetime,
    user_id: int,
    duty: Duty,
    period: Period,
    there: Mapping[int, Sequence[Span]],
    reason: str,
) -> None:
    """Let the days of `period` differ from the usual week: there by site id, or away where nobody says.

    Raises RuleError for too many days, or where they would be at two places at once.
    """
    lock_capacity(session)
    person = _person(session, user_id)
    days = _days(period)
    _forget(session, user_id, duty, days)
    stretches = [(site_id, spans) for site_id, spans in sorted(there.items()) if spans]
    for day in days:
        if not stretches:
            session.add(DutyException(user_id=user_id, duty=duty, day=day, breaks=[], reason=reason))
        for site_id, spans in stretches:
            start, end, breaks = _whole(spans)
            session.add(
                DutyException(
                    user_id=user_id, duty=duty, day=day, site_id=site_id, from_minute=start, to_minute=end,
                    breaks=breaks, reason=reason,
                )
            )  # fmt: skip
    session.flush()
    _refuse_two_places(session, person)
    record(
        session, actor, at, "duty.days_set", "user", user_id, duty=str(duty), days=len(days),
        since=period.first.isoformat(), away=not stretches,
    )  # fmt: skip


def clear_days(
    session: Session, actor: Actor, at: datetime, user_id: int, duty: Duty, period: Period
) -> None:
    """Back to the usual week on those days."""
    lock_capacity(session)
    person = _person(session, user_id)
    days = _days(period)
    _forget(session, user_id, duty, days)
    session.flush()
    _refuse_two_places(session, person)
    since = period.first.isoformat()
    record(session, actor, at, "duty.days_cleared", "user", user_id, days=len(days), since=since)


def _person(session: Session, user_id: int) -> User:
    found = session.get(User, user_id)
    if found is None:
        raise NotFoundError("There is no such member of staff. Choose somebody from the list.")
    return found


def _patterns(session: Session, user_id: int, duty: Duty, site_id: int) -> Sequence[DutyPattern]:
    return session.scalars(
        select(DutyPattern)
        .where(DutyPattern.user_id == user_id, DutyPattern.duty == duty, DutyPattern.site_id == site_id)
        .order_by(DutyPattern.id)
    ).all()


def _cut(session: Session, row: DutyPattern, period: Period) -> None:
    """Take `period` out of the row: what lies before it stays, what lies after becomes a row of its own."""
    first, last = row.valid_from, row.valid_until
    if (last is not None and last < period.first) or (period.last is not None and first > period.last):
        return
    if period.last is not None and (last is None or last > period.last):
        rest = _pattern(row.user_id, row.duty, row.site_id, row.weekday, (), Period(period.last + DAY, last))
        rest.from_minute, rest.to_minute, rest.breaks = row.from_minute, row.to_minute, list(row.breaks)
        session.add(rest)
    if first < period.first:
        row.valid_until = period.first - DAY
    else:
        session.delete(row)


def _pattern(
    user_id: int, duty: Duty, site_id: int, weekday: int, spans: Sequence[Span], period: Period
) -> DutyPattern:
    start, end, breaks = _whole(spans) if spans else (0, 0, [])
    return DutyPattern(
        user_id=user_id, duty=duty, site_id=site_id, weekday=weekday, from_minute=start, to_minute=end,
        breaks=breaks, valid_from=period.first, valid_until=period.last,
    )  # fmt: skip


def _whole(spans: Sequence[Span]) -> tuple[int, int, list[list[int]]]:
    """From the first beginning to the last end, with the gaps as breaks."""
    gaps = [[before[1], after[0]] for before, after in pairwise(spans)]
    return spans[0][0], spans[-1][1], gaps


def _days(period: Period) -> list[date]:
    last = period.last or period.first
    count = (last - period.first).days + 1
    if not 1 <= count <= MOST_DAYS:
        raise RuleError("Choose a last day that is not before the first, and at most a year later.")
    return [period.first + number * DAY for number in range(count)]


def _forget(session: Session, user_id: int, duty: Duty, days: Iterable[date]) -> None:
    session.execute(
        delete(DutyException).where(
            DutyException.user_id == user_id, DutyException.duty == duty, DutyException.day.in_(list(days))
        )
    )


def _refuse_two_places(session: Session, person: User) -> None:
    """Raise RuleError where two stretches of the person meet, whatever the duty and the site."""
    names = {row.id: row.name for row in session.scalars(select(Site).order_by(Site.id))}
    patterns = session.scalars(
        select(DutyPattern).where(DutyPattern.user_id == person.id).order_by(DutyPattern.id)
    ).all()
    for one, other in combinations(patterns, 2):
        if one.weekday == other.weekday and _meet(one, other) and _valid_together(one, other):
            raise RuleError(_two_places(person, f"on {WEEKDAYS[one.weekday]}s", one, other, names))
    by_day: dict[date, list[DutyException]] = {}
    for row in session.scalars(
        select(DutyException)
        .where(DutyException.user_id == person.id, DutyException.site_id.is_not(None))
        .order_by(DutyException.day, DutyException.id)
    ):
        by_day.setdefault(row.day, []).append(row)
    for day, rows in by_day.items():
        for each, another in combinations(rows, 2):
            if _meet(each, another):
                when = f"on {day:%a} {day.day} {day:%b}"
                raise RuleError(_two_places(person, when, each, another, names))


def _meet(one: DutyPattern | DutyException, other: DutyPattern | DutyException) -> bool:
    return (one.from_minute or 0) < (other.to_minute or 0) and (other.from_minute or 0) < (one.to_minute or 0)


def _valid_together(one: DutyPattern, other: DutyPattern) -> bool:
    later, sooner = max(one.valid_from, other.valid_from), (one.valid_until, other.valid_until)
    return all(end is None or later <= end for end in sooner)


def _two_places(
    person: User,
    when: str,
    one: DutyPattern | DutyException,
    other: DutyPattern | DutyException,
    names: Mapping[int, str],
) -> str:
    there = [
        f"at {names.get(row.site_id or 0, 'another site')} from {said(row.from_minute or 0)} "
        f"to {said(row.to_minute or 0)}"
        for row in sorted((one, other), key=lambda row: (row.from_minute or 0, row.id))
    ]
    return (
        f"{person.name} would be at two places {when}: {there[0]} and {there[1]}. Change one of them first."
    )
