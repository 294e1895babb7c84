"""A course as the planner repairs it: its visits, its rules, and the clinic without its own open visits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.errors import ConflictError, RuleError
from scheduler.features.capacity.ground import bookings_of, protocol_of, type_name
from scheduler.features.capacity.kept import kept, kept_ground
from scheduler.features.courses.bending import bent_chair_type, bent_protocol
from scheduler.features.courses.queries import course as get_course
from scheduler.features.courses.recheck import own_days
from scheduler.features.courses.standing import standing
from scheduler.features.courses.wishes import Wishes
from scheduler.models import Course, CourseStatus, Infusion, InfusionStatus, ProtocolVersion, Site
from scheduler.planning import Bookings, Clinic, Protocol, Request, to_wall
from scheduler.planning.mending import Ailing, CourseVisit, Ward, examine
from scheduler.planning.results import lower_median

OPEN = frozenset({CourseStatus.ACTIVE, CourseStatus.ON_HOLD})
NINE = 540


@dataclass(frozen=True)
class Chart:
    """Everything that a move of this course is judged by; `rows` are the visits that stand, by number."""

    course: Course
    site: Site
    version: ProtocolVersion
    rows: dict[int, Infusion]
    clinic: Clinic
    bookings: Bookings
    ailing: Ailing
    ward: Ward

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return self.clinic.zone

    @property
    def today(self) -> date:
        """The local day."""
        return self.ailing.now.date()

    def chair_name(self, chair_id: int | str | None) -> str:
        """`Chair 3`."""
        found = (chair.name for chair in self.site.chairs if str(chair.id) == str(chair_id))
        return next(found, "a chair no longer in use")

    def start(self, row: Infusion) -> datetime:
        """The local start of a visit, without an offset."""
        return to_wall(self.zone, row.starts_at)


def open_chart(
    session: Session, now: datetime, course_id: int, look_at: date | None = None, missing: Sequence[int] = ()
) -> Chart:
    """The chart of a course; `look_at` is a day that must be in sight, `missing` are numbers to plan.

    Raises NotFoundError, and ConflictError where the course is over.
    """
    course = get_course(session, course_id)
    if course.status not in OPEN:
        raise ConflictError("This course is over, so none of its visits can be moved or planned.")
    site = next((each for each in kept(session).sites if each.id == course.site_id), None)
    if site is None:
        raise RuleError("The site of this course is no longer in use.")
    version = course.protocol_version
    rows = {row.number: row for row in standing(course.infusions)}
    local = to_wall(ZoneInfo(site.tz), now)
    visits = _visits(rows, missing, ZoneInfo(site.tz), local)
    until = _until(visits, version, local.date(), look_at)
    leaving = [row.id for row in rows.values() if row.status is InfusionStatus.SCHEDULED]
    clinic, ground = kept_ground(session, [site], local.date(), until)
    bookings = bookings_of(session, clinic, local.date(), until, leaving)
    ailing = Ailing(
        request=_request(course, site, max([*rows, *missing, version.infusions])),
        visits=visits,
        anchor=_anchor(visits),
        now=local,
        until=until,
        busy=_busy(session, course, local.date(), until),
        settled=True,
    )
    return Chart(course, site, version, rows, clinic, bookings, ailing, examine(ground, bookings, ailing))


def _visits(
    rows: dict[int, Infusion], missing: Collection[int], zone: ZoneInfo, local: datetime
) -> tuple[CourseVisit, ...]:
    """The visits by number. What has begun or lies in the past is as fixed as what is done."""
    visits = []
    for number in sorted({*rows, *missing}):
        row = rows.get(number)
        if row is None:
            visits.append(CourseVisit(number))
            continue
        start = to_wall(zone, row.starts_at)
        done = row.status is not InfusionStatus.SCHEDULED or start <= local
        chair = None if row.chair_id is None else str(row.chair_id)
        visits.append(CourseVisit(number, start.date(), start.hour * 60 + start.minute, chair, done))
    return tuple(visits)


def _request(course: Course, site: Site, count: int) -> Request:
    """The course's own rules, also for a number beyond its protocol (one did not count)."""
    version, bend = course.protocol_version, course.bend or ""
    own = bent_protocol(version, bend) if bend else protocol_of(version)
    protocol: Protocol = replace(
        own,
        n=count,
        types=(type_name(version.id),) * count,
        recovery_gap_max=max(version.recovery_gap_max, own.gap_max),
        recovery_span_max=max(version.recovery_span_max, own.span_max),
    )
    wishes = (
        Wishes.from_json(course.wishes) if course.wishes else Wishes(dict.fromkeys(range(7), ((0, 1440),)))
    )
    day = course.booked_at.date()
    return Request(
        id=str(course.id),
        sites=(str(site.id),),
        protocol=protocol,
        first_day_min=day,
        first_day_max=day,
        availability=wishes.availability(),
        preference=wishes.preference(),
        chair_type=bent_chair_type(version, bend),
    )


def _anchor(visits: Sequence[CourseVisit]) -> int:
    """The hour the course is held to: the middle one of its starts."""
    minutes = [visit.minute for visit in visits if visit.minute is not None]
    return lower_median(minutes) if minutes else NINE


def _until(
    visits: Sequence[CourseVisit], version: ProtocolVersion, today: date, look_at: date | None
) -> date:
    """The last day on which a visit of the course could end up."""
    days = [visit.day for visit in visits if visit.day is not None]
    fixed = [visit.day for visit in visits if visit.day is not None and visit.done]
    longest = timedelta(days=version.recovery_span_max - 1)
    end = (min(fixed) if fixed else max([today, *days])) + longest
    if not fixed:
        end = max(end, today + longest)
    return max([end, today, *days, *([look_at] if look_at else [])])


def _busy(session: Session, course: Course, first: date, last: date) -> frozenset[date]:
    """Days that the patient spends on another course."""
    own = [row.id for row in course.infusions]
    return frozenset(own_days(session, course.patient_id, first, last, own))


def wall(day: date, minute: int) -> datetime:
    """A local start, without an offset."""
    return datetime.combine(day, time()) + timedelta(minutes=minute)
