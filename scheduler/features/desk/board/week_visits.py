"""The visits of a week, and the small blocks they are drawn as.

A hundred chairs make a thousand and more of them, redrawn for everybody whenever one changes. So they are
read as plain tuples, counted in minutes of their day, and made into tuples again.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Executable, select
from sqlalchemy.orm import Session

from scheduler.features.desk.board.choice import BoardChoice
from scheduler.features.desk.dots import GONE
from scheduler.features.desk.frame import DAY, Frame, span_on
from scheduler.features.desk.lanes import SAID
from scheduler.features.desk.overrun import late_end
from scheduler.features.desk.queries.plain import epoch, plain_rows
from scheduler.features.desk.queries.visits import midnight
from scheduler.features.desk.words import clock
from scheduler.models import Closure, Course, Infusion, InfusionStatus, Patient, Site

CLOCK = tuple(clock(minute) for minute in range(DAY + 1))
STATES = {InfusionStatus.COMPLETED: "done", InfusionStatus.SCHEDULED: ""}


class WeekVisit(NamedTuple):
    """One visit that holds its chair: `begin` and `end` in minutes of its local `day`, `epoch` its start.

    `over` is until when it runs, where it runs over, else empty.
    """

    infusion_id: int
    patient_id: int
    chair_id: int
    number: int
    status: InfusionStatus
    day: date
    begin: int
    end: int
    over: str
    given_name: str
    family_name: str
    epoch: int
    version_id: int


class WeekBlock(NamedTuple):
    """One visit or shut time in a cell; the fields are those of `lanes.Block`."""

    at: int
    length: int
    title: str
    state: str
    said: str
    infusion_id: int | None = None
    mark: str = ""

    @property
    def movable(self) -> bool:
        """Whether it is a visit that has not begun."""
        return self.infusion_id is not None and self.state == ""


def week_visits(session: Session, site: Site, first: date, now: datetime) -> list[WeekVisit]:
    """The visits of the seven days from `first` on that hold a chair, by time."""
    zone = ZoneInfo(site.tz)
    return [_visit(row, zone, now) for row in plain_rows(session, _statement(session, site, first))]


def _statement(session: Session, site: Site, first: date) -> Executable:
    return (
        select(
            Infusion.id,
            Infusion.patient_id,
            Infusion.chair_id,
            Infusion.number,
            Infusion.status,
            epoch(session, Infusion.starts_at),
            epoch(session, Infusion.ends_at),
            epoch(session, Infusion.started_at),
            Patient.given_name,
            Patient.family_name,
            Course.protocol_version_id,
        )
        .join(Patient, Patient.id == Infusion.patient_id)
        .join(Course, Course.id == Infusion.course_id)
        .where(
            Infusion.site_id == site.id,
            Infusion.starts_at >= midnight(site.tz, first),
            Infusion.starts_at < midnight(site.tz, first + timedelta(days=7)),
            Infusion.status.not_in(GONE),
            Infusion.chair_id.is_not(None),
        )
        .order_by(Infusion.starts_at, Infusion.id)
    )


def _visit(row: Sequence[Any], zone: ZoneInfo, now: datetime) -> WeekVisit:
    key, patient_id, chair_id, number, stored, starts, ends, started, given, family, version = row
    begin, end = datetime.fromtimestamp(starts, zone), datetime.fromtimestamp(ends, zone)
    day, status, over = begin.date(), InfusionStatus(stored), ""
    if status is InfusionStatus.IN_PROGRESS:
        since = datetime.fromtimestamp(started or starts, UTC)
        until = late_end(begin.astimezone(UTC), end.astimezone(UTC), since, now)
        over = f"{until.astimezone(zone):%H:%M}" if until else ""
    low, high = span_on(day, begin, end)
    return WeekVisit(
        key, patient_id, chair_id, number, status, day, low, high, over, given, family, starts, version
    )


def visit_blocks(
    visits: Iterable[WeekVisit], frame: Frame, choice: BoardChoice
) -> Iterable[tuple[tuple[int, date], WeekBlock]]:
    """Each visit in the hours drawn, by chair and day."""
    weekday = {choice.monday + timedelta(days=n): f"{choice.monday + timedelta(days=n):%a}" for n in range(7)}
    for visit in visits:
        place = frame.place(visit.begin, visit.end)
        if place is None:
            continue
        name = f"{visit.given_name} {visit.family_name}"
        asked = not choice.narrows or choice.has_visit(name, visit.status, visit.version_id)
        mark = ("found" if asked else "back") if choice.narrows else ""
        hours = f"{weekday[visit.day]} {CLOCK[visit.begin]} to {CLOCK[visit.end]}"
        said = f"{name}, {hours}, no. {visit.number}, {SAID[visit.status]}"
        state = STATES.get(visit.status, "now")
        if visit.over:
            said, state = f"{said}, over, to about {visit.over}", "late"
        yield (
            (visit.chair_id, visit.day),
            WeekBlock(*place, visit.family_name, state, said, visit.infusion_id, mark),
        )


def shut_blocks(
    closures: Iterable[Closure], site: Site, days: Sequence[date], frame: Frame
) -> Iterable[tuple[tuple[int, date], WeekBlock]]:
    """Closures, on each chair and day that they touch."""
    zone = ZoneInfo(site.tz)
    for closure in closures:
        start, stop = closure.starts_at.astimezone(zone), closure.ends_at.astimezone(zone)
        for day in days:
            place = frame.place(*span_on(day, start, stop)) if start.date() <= day <= stop.date() else None
            for chair in site.chairs if place else ():
                if place and closure.chair_id in (None, chair.id):
                    block = WeekBlock(*place, closure.reason, "shut", f"Shut: {closure.reason}")
                    yield (chair.id, day), block
