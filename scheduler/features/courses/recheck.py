"""Inside the lock: does each visit of an order still fit, and if not, what took its place?"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.capacity.ground import bookings_of, is_retired, type_name
from scheduler.features.capacity.kept import kept_ground
from scheduler.features.courses.bending import bent_chair_type, bent_protocol
from scheduler.features.courses.order import Visit
from scheduler.features.courses.words import fault_words
from scheduler.models import Chair, Course, Infusion, InfusionStatus, ProtocolVersion, Site, User
from scheduler.planning import (
    Availability,
    Fault,
    Request,
    Violation,
    Wish,
    moment,
    recheck,
)
from scheduler.planning.spacing import spacing_faults

FREED = (InfusionStatus.MISSED, InfusionStatus.CANCELLED)


@dataclass(frozen=True)
class Gone:
    """A visit that no longer fits: its number, chair, local start; why in a sentence; who took it when."""

    number: int
    chair_name: str
    start: datetime
    words: str
    taken_by: str | None = None
    taken_at: datetime | None = None


def set_faults(version: ProtocolVersion, bend: str, visits: Sequence[Visit]) -> list[str]:
    """What a set breaks of R9 to R11 of the protocol, as sentences."""
    if [visit.number for visit in visits] != list(range(1, version.infusions + 1)):
        return [f"This protocol has {version.infusions} visits. Choose a whole set."]
    days = [visit.start.date() for visit in visits]
    request = Request("", (), bent_protocol(version, bend), days[0], days[0], Availability({}))
    return [fault.words for fault in spacing_faults(request, days)]


def gone_visits(
    session: Session,
    place: Site,
    version: ProtocolVersion,
    bend: str,
    visits: Sequence[Visit],
    patient_id: int,
    leaving: Sequence[Infusion] = (),
) -> tuple[Gone, ...]:
    """The visits that the rows as they are now leave no room for. The days' locks are held.

    `leaving` are visits that stand now and give up their place in the same change.
    """
    days = [visit.start.date() for visit in visits]
    first, last = min(days), max(days)
    clinic, _ = kept_ground(session, [place], first, last)
    bookings = bookings_of(session, clinic, first, last, [row.id for row in leaving])
    own = set(own_days(session, patient_id, first, last, [row.id for row in leaving]))
    kind = type_name(version.id)
    wishes = [Wish(v.number, str(place.id), str(v.chair_id), v.start.date(), v.minute, kind) for v in visits]
    gone = []
    for visit, faults in zip(visits, recheck(clinic, bookings, wishes), strict=True):
        chair = next((chair for chair in place.chairs if chair.id == visit.chair_id), None)
        words, taken = _chair_fault(chair, place, visit.start, version, bend), False
        if chair and not words:
            words, taken = _fault(faults, chair, visit.start.date() in own)
        if words:
            by, at = _taker(session, version, visit, place) if taken else (None, None)
            name = chair.name if chair else "a chair"
            gone.append(Gone(visit.number, name, visit.start, words, by, at))
    return tuple(gone)


def own_days(
    session: Session, patient_id: int, first: date, last: date, leaving: Collection[int] = ()
) -> Sequence[date]:
    """The local days from `first` to `last` on which the patient has a visit that stands, `leaving` aside."""
    return session.scalars(
        select(Infusion.local_day)
        .where(
            Infusion.patient_id == patient_id,
            Infusion.local_day.between(first, last),
            Infusion.status.not_in(FREED),
            Infusion.id.not_in(leaving),
        )
        .order_by(Infusion.local_day)
    ).all()


def _chair_fault(
    chair: Chair | None, place: Site, start: datetime, version: ProtocolVersion, bend: str
) -> str | None:
    """Why the chair can't be had then by a visit of this course; `start` is local and naive."""
    if chair is None or is_retired(chair, ZoneInfo(place.tz), start):
        return "That chair is no longer in use."
    if bent_chair_type(version, bend) not in (None, chair.chair_type):
        return f"{chair.name} is not of the kind that {version.protocol.name} asks for."
    return None


def _fault(faults: Sequence[Violation], chair: Chair, has_visit: bool) -> tuple[str | None, bool]:
    """Why the visit does not fit (None where it does), and whether another visit took its chair."""
    if has_visit:
        return "The patient has another visit that day.", False
    if not faults:
        return None, False
    if any(fault.fault is Fault.CHAIR_TAKEN for fault in faults):
        return f"{chair.name} is taken then.", True
    return fault_words(faults[0], chair.name), False


def _taker(
    session: Session, version: ProtocolVersion, visit: Visit, place: Site
) -> tuple[str | None, datetime | None]:
    """Who booked the visit that holds the chair, and when."""
    start = moment(ZoneInfo(place.tz), visit.start.date(), visit.minute).astimezone(UTC)
    until = start + timedelta(minutes=version.visit_minutes + place.turnover_minutes)
    row = session.execute(
        select(User.name, Course.booked_at)
        .select_from(Infusion)
        .join(Course, Course.id == Infusion.course_id)
        .outerjoin(User, User.id == Course.booked_by_id)
        .where(
            Infusion.chair_id == visit.chair_id,
            Infusion.status.not_in(FREED),
            Infusion.starts_at < until,
            Infusion.chair_until > start,
        )
        .order_by(Course.booked_at.desc())
        .limit(1)
    ).one_or_none()
    return (row.name, row.booked_at) if row else (None, None)
