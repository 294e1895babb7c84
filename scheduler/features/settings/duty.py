"""One person's duty for its forms: the usual week at a site, a day that differs, a month's calendar."""

from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.capacity.queries import DutyStretch, duty_stretches, sites
from scheduler.features.capacity.queries.duty import laid_over
from scheduler.features.capacity.spans import Span
from scheduler.models import Duty, DutyException, DutyPattern, Role, Site, User

ROLES = {Duty.NURSE: Role.NURSE, Duty.CLINICIAN: Role.CLINICIAN}
WEEK = 7


@dataclass(frozen=True)
class Person:
    """Somebody with a duty, and the sites where they can be."""

    user: User
    duty: Duty
    sites: tuple[Site, ...]
    today: date


@dataclass(frozen=True)
class CalendarDay:
    """One day of the month page: hours by site name; `differs` where an exception replaces the week."""

    day: date
    in_month: bool
    there: tuple[tuple[str, tuple[Span, ...]], ...]
    differs: bool
    reason: str


def person(session: Session, user_id: int, duty: str, now: datetime) -> Person:
    """The person of a duty's pages. Raises NotFoundError where there is none or they have left."""
    user = session.get(User, user_id)
    if user is None or user.disabled_at is not None or duty not in {each.value for each in Duty}:
        raise NotFoundError("There is nobody on duty under this address. Choose somebody under Shifts.")
    places = tuple(sites(session))
    zone = ZoneInfo(places[0].tz) if places else ZoneInfo("UTC")
    return Person(user, Duty(duty), places, now.astimezone(zone).date())


def people(session: Session) -> list[tuple[User, Duty]]:
    """Everybody who can be on duty, by name, with each of their duties."""
    users = session.scalars(select(User).where(User.disabled_at.is_(None)).order_by(User.name, User.id)).all()
    return [(user, duty) for user in users for duty, role in ROLES.items() if role in user.role_set]


def hours_on(session: Session, who: Person, day: date) -> dict[int, tuple[Span, ...]]:
    """When the person is there on that day, by site id, breaks taken off."""
    found: dict[int, tuple[Span, ...]] = {}
    for stretch in _own(session, who, day, day):
        found[stretch.site_id] = (*found.get(stretch.site_id, ()), *_without_breaks(stretch))
    return found


def exception_on(session: Session, who: Person, day: date) -> DutyException | None:
    """The row that makes the day differ, if any."""
    return next(iter(_exceptions(session, who, day, day)), None)


def month(session: Session, who: Person, first: date) -> list[list[CalendarDay]]:
    """The weeks, Monday to Sunday, that hold the month of `first`."""
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    begin, end = weeks[0][0], weeks[-1][-1]
    names = {site.id: site.name for site in who.sites}
    stretches = _own(session, who, begin, end)
    differing = {row.day: row for row in _exceptions(session, who, begin, end)}
    return [[_calendar_day(day, first, stretches, differing, names) for day in week] for week in weeks]


def usual_week(session: Session, who: Person, site_id: int) -> dict[int, tuple[Span, ...]]:
    """The usual hours at the site from today on, by weekday: exceptions left out, later changes too."""
    rows = session.scalars(
        select(DutyPattern)
        .where(
            DutyPattern.user_id == who.user.id,
            DutyPattern.duty == who.duty,
            DutyPattern.site_id == site_id,
            DutyPattern.valid_from <= who.today + timedelta(days=WEEK - 1),
            DutyPattern.valid_until.is_(None) | (DutyPattern.valid_until >= who.today),
        )
        .order_by(DutyPattern.from_minute, DutyPattern.id)
    )
    last = who.today + timedelta(days=WEEK - 1)
    pairs = [(row, None) for row in rows]
    found: dict[int, tuple[Span, ...]] = {}
    for stretch in laid_over(pairs, (), frozenset({site_id}), who.today, last):
        weekday = stretch.day.weekday()
        found[weekday] = (*found.get(weekday, ()), *_without_breaks(stretch))
    return found


def _calendar_day(
    day: date,
    first: date,
    stretches: Sequence[DutyStretch],
    differing: dict[date, DutyException],
    names: dict[int, str],
) -> CalendarDay:
    there: dict[str, tuple[Span, ...]] = {}
    for stretch in stretches:
        if stretch.day == day:
            name = names[stretch.site_id]
            there[name] = (*there.get(name, ()), *_without_breaks(stretch))
    row = differing.get(day)
    return CalendarDay(
        day, day.month == first.month, tuple(there.items()), row is not None, row.reason if row else ""
    )


def _own(session: Session, who: Person, first: date, last: date) -> list[DutyStretch]:
    found = duty_stretches(session, [site.id for site in who.sites], first, last)
    return [each for each in found if each.user_id == who.user.id and each.duty is who.duty]


def _exceptions(session: Session, who: Person, first: date, last: date) -> Sequence[DutyException]:
    return session.scalars(
        select(DutyException)
        .where(
            DutyException.user_id == who.user.id,
            DutyException.duty == who.duty,
            DutyException.day.between(first, last),
        )
        .order_by(DutyException.day, DutyException.id)
    ).all()


def _without_breaks(stretch: DutyStretch) -> tuple[Span, ...]:
    """The stretch cut at its breaks."""
    edges = [stretch.from_minute, *(edge for pause in stretch.breaks for edge in pause), stretch.to_minute]
    return tuple(pair for pair in zip(edges[::2], edges[1::2], strict=True) if pair[0] < pair[1])
