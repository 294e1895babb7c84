"""Reading what the alerts of courses follow from: as many queries for a hundred courses as for one."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, aliased, selectinload

from scheduler.features.ratings.alerts.causes import Begun, CourseState, Crisis
from scheduler.features.ratings.occasions import Slot
from scheduler.features.ratings.own.known import known
from scheduler.features.ratings.plan import plan_of
from scheduler.features.ratings.queries.series import BEGUN, series_of_all
from scheduler.features.ratings.timing import hours
from scheduler.models import Course, CourseStatus, Infusion, InfusionStatus, Patient, ProtocolVersion, Rating

GONE = (InfusionStatus.MISSED, InfusionStatus.CANCELLED)


def states(session: Session, course_ids: Sequence[int], now: datetime) -> dict[int, CourseState]:
    """The state of each of these courses at `now`."""
    courses = session.scalars(
        select(Course)
        .options(
            selectinload(Course.protocol_version).selectinload(ProtocolVersion.phases),
            selectinload(Course.site),
        )
        .where(Course.id.in_(course_ids))
        .order_by(Course.id)
    ).all()
    series = series_of_all(session, course_ids)
    crises, begun = _crises(session, course_ids), _begun(session, courses)
    free = set(session.scalars(_without_later_visit(course_ids)))
    return {
        course.id: CourseState(
            primary=plan_of(course.protocol_version.rating_plan).primary,
            series=series[course.id],
            crises=crises[course.id],
            begun=begun[course.id],
            today=now.astimezone(ZoneInfo(course.site.tz)).date(),
            may_come=course.status is CourseStatus.COMPLETED and course.id in free,
        )
        for course in courses
    }


def _crises(session: Session, course_ids: Sequence[int]) -> dict[int, list[Crisis]]:
    asking = {key: one.crisis_item for key, one in known(session).items() if one.crisis_item is not None}
    rows = session.scalars(
        select(Rating)
        .where(
            Rating.course_id.in_(course_ids),
            Rating.instrument.in_(sorted({code for code, _ in asking})),
            Rating.voided_at.is_(None),
        )
        .order_by(Rating.rated_at, Rating.id)
    )
    found: dict[int, list[Crisis]] = {course_id: [] for course_id in course_ids}
    for row in rows:
        position = asking.get((row.instrument, row.instrument_version))
        answer = row.answers[position] if position is not None else None
        if answer:
            slot = Slot(row.time_point, row.infusion_id, row.week)
            found[row.course_id].append(Crisis(slot, answer, row.id))
    return found


def _begun(session: Session, courses: Sequence[Course]) -> dict[int, list[Begun]]:
    phases = {course.id: course.protocol_version.phases for course in courses}
    rows = session.scalars(
        select(Infusion)
        .where(Infusion.course_id.in_(list(phases)), Infusion.status.in_(BEGUN))
        .order_by(Infusion.starts_at, Infusion.id)
    )
    found: dict[int, list[Begun]] = {course_id: [] for course_id in phases}
    for row in rows:
        times = hours(row, phases[row.course_id])
        found[row.course_id].append(Begun(row.id, times.infusion_at, row.local_day, row.counted))
    return found


def _without_later_visit(course_ids: Sequence[int]) -> Select[int]:
    """Select those whose patient is in care and has no visit, past or booked, after the last one of it."""
    own, later = aliased(Infusion), aliased(Infusion)
    return (
        select(Course.id)
        .join(Patient, Patient.id == Course.patient_id)
        .where(
            Course.id.in_(course_ids),
            Patient.archived_at.is_(None),
            ~exists().where(
                later.patient_id == Course.patient_id,
                later.course_id != Course.id,
                later.status.not_in(GONE),
                ~exists().where(
                    own.course_id == Course.id,
                    own.status == InfusionStatus.COMPLETED,
                    own.starts_at >= later.starts_at,
                ),
            ),
        )
        .order_by(Course.id)
    )
