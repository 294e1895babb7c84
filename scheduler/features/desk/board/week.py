"""A week at a site: a row for each chair, a cell for each day, each visit a small block in its place.

It is read with bare columns and built without a query for each day, because a hundred chairs make
thousands of blocks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from scheduler.features.capacity.ground import bookings_of, clinic_of
from scheduler.features.capacity.kept import kept
from scheduler.features.capacity.queries import closed_days, closures
from scheduler.features.desk.board.choice import BoardChoice
from scheduler.features.desk.dots import GONE
from scheduler.features.desk.frame import Frame, frame_of, span_on
from scheduler.features.desk.lanes import SAID, Block
from scheduler.features.desk.load import Pressure, pressure_of
from scheduler.features.desk.queries.shut import open_spans
from scheduler.features.desk.queries.visits import midnight
from scheduler.models import Chair, Infusion, InfusionStatus, Patient, Site
from scheduler.planning import load_profile


@dataclass(frozen=True)
class DayHead:
    """The head of a day: how many visits, how full its nurses are, why it is shut."""

    day: date
    is_today: bool
    visits: int
    shut: str
    pressure: Pressure


@dataclass(frozen=True)
class Cell:
    """One chair on one day."""

    day: date
    shut: bool
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class WeekRow:
    """One chair."""

    chair_id: int
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Week:
    """A week; every day is drawn in the same hours."""

    first: date
    frame: Frame
    heads: tuple[DayHead, ...]
    rows: tuple[WeekRow, ...]
    visits: int

    @property
    def last(self) -> date:
        """Its Sunday."""
        return self.first + timedelta(days=6)


def week_of(session: Session, site: Site, choice: BoardChoice, now: datetime) -> Week:
    """Everything that is drawn of the week of `choice` at `site` (hours and chairs loaded)."""
    first, zone = choice.monday, ZoneInfo(site.tz)
    days = [first + timedelta(days=n) for n in range(7)]
    visits = _visits(session, site, first)
    local = [(row, row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)) for row in visits]
    spans = [span for day in days for span in open_spans(site, day)]
    frame = frame_of([*spans, *(span_on(begin.date(), begin, end) for _, begin, end in local)])
    blocks: dict[tuple[int, date], list[Block]] = {}
    for part in (*_shut_blocks(session, site, days, frame), *_blocks(local, frame, choice)):
        blocks.setdefault(part[0], []).append(part[1])
    reasons = _reasons(session, site, days)
    used = {row.chair_id for row in visits}
    return Week(
        first=first,
        frame=frame,
        heads=_heads(session, site, days, [begin.date() for _, begin, _ in local], reasons, now),
        rows=tuple(
            WeekRow(
                chair.id,
                chair.name,
                tuple(Cell(day, bool(reasons[day]), tuple(blocks.get((chair.id, day), ()))) for day in days),
            )
            for chair in _chairs(site, used, first, choice)
        ),
        visits=len(visits),
    )


def _visits(session: Session, site: Site, first: date) -> Sequence[Row]:
    return session.execute(
        select(
            Infusion.id,
            Infusion.chair_id,
            Infusion.number,
            Infusion.status,
            Infusion.starts_at,
            Infusion.ends_at,
            Patient.given_name,
            Patient.family_name,
        )
        .join(Patient, Patient.id == Infusion.patient_id)
        .where(
            Infusion.site_id == site.id,
            Infusion.starts_at >= midnight(site.tz, first),
            Infusion.starts_at < midnight(site.tz, first + timedelta(days=7)),
            Infusion.status.not_in(GONE),
            Infusion.chair_id.is_not(None),
        )
        .order_by(Infusion.starts_at, Infusion.id)
    ).all()


def _blocks(
    local: Iterable[tuple[Row, datetime, datetime]], frame: Frame, choice: BoardChoice
) -> Iterable[tuple[tuple[int, date], Block]]:
    for row, begin, end in local:
        day, name = begin.date(), f"{row.given_name} {row.family_name}"
        place = frame.place(*span_on(day, begin, end))
        if place is None:
            continue
        mark = ("found" if choice.has_visit(name, row.status) else "back") if choice.narrows else ""
        hours = f"{begin:%H:%M} to {end:%H:%M}"
        said = f"{name}, {begin:%a} {hours}, no. {row.number}, {SAID[row.status]}"
        title, state = row.family_name, _state(row.status)
        yield (row.chair_id, day), Block(*place, title, "", state, (), said, row.id, mark=mark)


def _state(status: InfusionStatus) -> str:
    if status is InfusionStatus.COMPLETED:
        return "done"
    return "" if status is InfusionStatus.SCHEDULED else "now"


def _shut_blocks(
    session: Session, site: Site, days: Sequence[date], frame: Frame
) -> Iterable[tuple[tuple[int, date], Block]]:
    """Closures, on each chair and day that they touch."""
    zone = ZoneInfo(site.tz)
    end = midnight(site.tz, days[-1] + timedelta(days=1))
    for closure in closures(session, [site.id], midnight(site.tz, days[0]), end):
        start, stop = closure.starts_at.astimezone(zone), closure.ends_at.astimezone(zone)
        for day in days:
            if not start.date() <= day <= stop.date():
                continue
            place = frame.place(*span_on(day, start, stop))
            for chair in site.chairs if place else ():
                if place and closure.chair_id in (None, chair.id):
                    said = f"Shut: {closure.reason}"
                    yield (chair.id, day), Block(*place, closure.reason, "", "shut", (), said)


def _reasons(session: Session, site: Site, days: Sequence[date]) -> dict[date, str]:
    """Why each day is shut as a whole; empty where it is not."""
    named = closed_days(session, site, days[0], days[-1])
    return {day: named.get(day) or ("" if open_spans(site, day) else "Closed") for day in days}


def _heads(
    session: Session,
    site: Site,
    days: Sequence[date],
    taken: Sequence[date],
    reasons: dict[date, str],
    now: datetime,
) -> tuple[DayHead, ...]:
    clinic = clinic_of(session, [site], kept(session).versions, days[0], days[-1])
    bookings = bookings_of(session, clinic, days[0], days[-1])
    today = now.astimezone(ZoneInfo(site.tz)).date()
    return tuple(
        DayHead(
            day,
            day == today,
            taken.count(day),
            reasons[day],
            pressure_of(load_profile(clinic, bookings, str(site.id), day), site.soft_load_pct),
        )
        for day in days
    )


def _chairs(site: Site, used: set[int], first: date, choice: BoardChoice) -> list[Chair]:
    """The chairs asked for that are in use that week, or have a visit standing on them."""
    begin = datetime(first.year, first.month, first.day, tzinfo=ZoneInfo(site.tz))
    return [
        chair
        for chair in site.chairs
        if choice.has_chair(chair.id, chair.chair_type)
        and (chair.id in used or chair.retired_at is None or chair.retired_at > begin)
    ]
