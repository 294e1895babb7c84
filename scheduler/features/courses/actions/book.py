"""Book a course: all its visits or none, once, and never on a chair that is taken.

The way of it: lock the days and the patient, look whether this very order was booked already, check
every visit again from the rows as they are now, write. Whoever waits for the lock sees what the one before
has written: a loser learns which visit is gone, instead of running into the database's own guard, which stays
the last word all the same (`migrations/0002`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db.locks import lock_days, lock_patient
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.capacity.kept import kept
from scheduler.features.capacity.queries import offering
from scheduler.features.courses.actions.confirm import confirm_dates
from scheduler.features.courses.actions.put import random_uid
from scheduler.features.courses.actions.write_change import write_change
from scheduler.features.courses.order import CourseOrder, Visit
from scheduler.features.courses.recheck import gone_visits, set_faults
from scheduler.features.patients.age import NO_GUARDIAN, lacks_guardian
from scheduler.features.patients.queries import patient as get_patient
from scheduler.models import Course, Infusion, Patient, ProtocolVersion, Site
from scheduler.planning import NoSuchTimeError, moment


@dataclass(frozen=True)
class BookedCourse:
    """The course that stands now; `replayed` where an earlier post of the same form had booked it."""

    course_id: int
    replayed: bool


def book_course(
    session: Session, actor: Actor, at: datetime, order: CourseOrder, new_uid: Callable[[], str] | None = None
) -> BookedCourse:
    """Book `order` at the instant `at`.

    `new_uid` makes the calendar UIDs (random; a seeded maker serves the demo). Raises ConflictError with
    `gone` (see `recheck.Gone`) where visits are no longer free, ConflictError where the protocol or the
    patient changed or the key served another order, RuleError where the set breaks a rule of the protocol.
    """
    lock_days(session, [(order.site_id, visit.start.date()) for visit in order.visits])
    lock_patient(session, order.patient_id)
    if replay := _earlier(session, order):
        return replay
    version = _current_version(session, order)
    place = _open_site(session, order, version)
    patient = _bookable(session, order)
    if order.bend and not order.bend_reason.strip():
        raise RuleError("Write why this course may bend the protocol. The reason stays with the course.")
    if faults := set_faults(version, order.bend, order.visits):
        raise RuleError(" ".join(faults))
    starts = _starts(place, order.visits)
    if starts[0] <= at:
        raise RuleError("The first visit lies in the past. Find dates again.")
    if gone := gone_visits(session, place, version, order.bend, order.visits, patient.id):
        raise ConflictError("Nothing was booked.", gone=gone)
    course = _write(session, actor, at, order, (place, version, patient), starts, new_uid or random_uid)
    return BookedCourse(course.id, replayed=False)


def _earlier(session: Session, order: CourseOrder) -> BookedCourse | None:
    """The course that an earlier post with this key booked."""
    found = session.execute(
        select(Course.id, Course.booking_digest).where(Course.booking_key == order.key)
    ).one_or_none()
    if found is None:
        return None
    if found.booking_digest != order.digest():
        raise ConflictError(
            "This page has booked a course already, with other dates. Open that course, or start anew.",
            course_id=found.id,
        )
    return BookedCourse(found.id, replayed=True)


def _current_version(session: Session, order: CourseOrder) -> ProtocolVersion:
    known = kept(session)
    version = next((each for each in known.versions if each.id == order.protocol_version_id), None)
    if version is None:
        raise NotFoundError("There is no such protocol. Choose one from the list.")
    if version not in known.protocols:
        raise ConflictError(
            f"“{version.protocol.name}” was changed while you chose. Nothing was booked. Find dates again.",
            protocol_changed=True,
        )
    return version


def _open_site(session: Session, order: CourseOrder, version: ProtocolVersion) -> Site:
    place = next((each for each in kept(session).sites if each.id == order.site_id), None)
    if place is None:
        raise NotFoundError("There is no such site. Choose one from the list.")
    if not offering(version, [place]):
        raise ConflictError(
            f"{version.protocol.name} is no longer offered at {place.name}. Nothing was booked. "
            "Find dates again.",
            protocol_changed=True,
        )
    return place


def _bookable(session: Session, order: CourseOrder) -> Patient:
    patient = get_patient(session, order.patient_id)
    if patient.merged_into_id is not None:
        kept = get_patient(session, patient.merged_into_id)
        raise ConflictError(
            f"{patient.name} was merged into {kept.name}, {kept.record_number}, while you chose. Nothing was "
            "booked. Book the course on that record."
        )
    if patient.archived_at is not None:
        raise ConflictError(
            f"{patient.name} was archived while you chose. Nothing was booked. "
            "Restore the patient on their page, then book again."
        )
    if lacks_guardian(patient, order.visits[0].start.date()):
        raise RuleError(NO_GUARDIAN.format(patient.name))
    return patient


def _starts(place: Site, visits: Sequence[Visit]) -> list[datetime]:
    zone = ZoneInfo(place.tz)
    try:
        return [moment(zone, visit.start.date(), visit.minute).astimezone(UTC) for visit in visits]
    except NoSuchTimeError as error:
        raise RuleError(
            "The clocks change that night: one of these times does not exist. Choose another."
        ) from error


def _write(
    session: Session,
    actor: Actor,
    at: datetime,
    order: CourseOrder,
    facts: tuple[Site, ProtocolVersion, Patient],
    starts: Sequence[datetime],
    new_uid: Callable[[], str],
) -> Course:
    place, version, patient = facts
    course = Course(
        patient_id=patient.id,
        site_id=place.id,
        protocol_version_id=version.id,
        wishes=order.wishes,
        booking_key=order.key,
        booking_digest=order.digest(),
        bend=order.bend or None,
        bend_reason=order.bend_reason.strip() if order.bend else None,
        booked_at=at,
        booked_by_id=actor.user_id,
    )
    session.add(course)
    session.flush()
    infusions = [
        _infusion(course, place, version, visit, start, at, new_uid())
        for visit, start in zip(order.visits, starts, strict=True)
    ]
    session.add_all(infusions)
    session.flush()
    reason = order.bend_reason.strip() if order.bend else ""
    write_change(session, actor, at, course, "booked", rows=infusions, reason=reason, bend=order.bend)
    confirm_dates(session, at, patient, course, infusions)
    return course


def _infusion(
    course: Course,
    place: Site,
    version: ProtocolVersion,
    visit: Visit,
    start: datetime,
    at: datetime,
    uid: str,
) -> Infusion:
    end = start + timedelta(minutes=version.visit_minutes)
    return Infusion(
        course_id=course.id,
        patient_id=course.patient_id,
        site_id=place.id,
        chair_id=visit.chair_id,
        number=visit.number,
        starts_at=start,
        ends_at=end,
        chair_until=end + timedelta(minutes=place.turnover_minutes),
        local_day=visit.start.date(),
        scheduled_at=at,
        ics_uid=uid,
        ics_dtstamp=at.replace(microsecond=0),
        ics_organizer=place.from_email,
    )
