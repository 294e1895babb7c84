"""The course itself as plain facts: whose, where, by which protocol, what was set aside."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.ratings.occasions import State
from scheduler.features.ratings.own.known import known
from scheduler.features.ratings.queries.facts import asked_of
from scheduler.features.ratings.slots import slot_name
from scheduler.features.ratings.words import said
from scheduler.features.review.canonical import Facts, plain
from scheduler.features.review.queries.people import Who
from scheduler.features.review.queries.visits import picked
from scheduler.models import (
    Alert,
    Course,
    CourseChange,
    CourseMedicine,
    GivenReason,
    Patient,
    PatientCaution,
    ProtocolVersion,
    Site,
    TimePoint,
)

COURSE = ("id", "status", "status_reason", "bend", "bend_reason", "booked_at", "entered", "closed_at")
PATIENT = ("id", "record_number", "given_name", "family_name", "birth_date", "language")
SITE = ("id", "code", "name", "tz")
SPACING = (
    "version", "infusions", "gap_min", "gap_max", "gap_target", "span_min", "span_max", "recovery_gap_max",
    "recovery_span_max",
)  # fmt: skip
PHASE = ("name", "minutes", "clinician_present")
MEDICINE = ("id", "name", "dose", "from_day", "until_day", "noted_at", "struck_at", "struck_reason")
ALERT = ("id", "kind", "infusion_id", "raised_at", "acknowledged_at", "what_was_done")


class Whose(NamedTuple):
    """The rows that everything else of a course hangs on."""

    course: Course
    patient: Patient
    site: Site


def whose(session: Session, course_id: int) -> Whose:
    """The course, its patient and its site. Raises NotFoundError."""
    found = session.execute(
        select(Course, Patient, Site)
        .join(Patient, Patient.id == Course.patient_id)
        .join(Site, Site.id == Course.site_id)
        .where(Course.id == course_id)
    ).one_or_none()
    if found is None:
        raise NotFoundError("There is no such course. Find the patient, and open it from there.")
    return Whose(*found)


def course_facts(found: Whose) -> dict[str, Facts]:
    """The parts of the record that speak of the course as a whole."""
    version = found.course.protocol_version
    return {
        "course": picked(found.course, COURSE),
        "patient": picked(found.patient, PATIENT),
        "site": picked(found.site, SITE),
        "protocol": _protocol(version),
    }


def _protocol(version: ProtocolVersion) -> Facts:
    phases = [picked(phase, PHASE) for phase in version.phases]
    return {"name": version.protocol.name, **picked(version, SPACING), "phases": phases}


def cautions_of(session: Session, patient_id: int) -> list[Facts]:
    """Allergies and the like that stand."""
    rows = session.scalars(
        select(PatientCaution)
        .where(PatientCaution.patient_id == patient_id, PatientCaution.struck_at.is_(None))
        .order_by(PatientCaution.kind, PatientCaution.id)
    )
    return [picked(row, ("kind", "words", "noted_at")) for row in rows]


def medicines_of(session: Session, course_id: int, who: Who) -> list[Facts]:
    """Medicines taken beside the course, those struck out too."""
    rows = session.scalars(
        select(CourseMedicine).where(CourseMedicine.course_id == course_id).order_by(CourseMedicine.id)
    )
    return [{**picked(row, MEDICINE), "by": who(row.noted_by_id)} for row in rows]


def overrides_of(session: Session, course_id: int, who: Who) -> list[Facts]:
    """Every rule of spacing that a clinician set aside, with the reason, by time."""
    rows = session.scalars(
        select(CourseChange)
        .where(CourseChange.course_id == course_id, CourseChange.override.is_not(None))
        .order_by(CourseChange.at, CourseChange.id)
    )
    return [
        {
            "rules": (row.override or "").split(),
            "reason": row.reason,
            "at": plain(row.at),
            "by": who(row.approved_by_id),
            "visits": [one.infusion_id for one in row.infusions],
        }
        for row in rows
    ]


def alerts_of(session: Session, course_id: int, who: Who) -> list[Facts]:
    """Every alert of the course, with what was done about it."""
    rows = session.scalars(
        select(Alert).where(Alert.course_id == course_id).order_by(Alert.raised_at, Alert.id)
    )
    return [{**picked(row, ALERT), "by": who(row.acknowledged_by_id)} for row in rows]


def reasons_of(session: Session, course_id: int, who: Who) -> dict[str, Facts]:
    """The reason that holds for each gap: the last one that was given."""
    rows = session.scalars(
        select(GivenReason).where(GivenReason.course_id == course_id).order_by(GivenReason.id)
    )
    return {
        row.gap: {"reason": row.reason, "at": plain(row.given_at), "by": who(row.given_by_id)} for row in rows
    }


class Lacks(NamedTuple):
    """Ratings that were not given in their time, and those that could still be given."""

    lost: list[Facts]
    still_open: list[Facts]


def lacking_ratings(session: Session, course_id: int, now: datetime) -> Lacks:
    """The ratings that are not there; the weeks after the course, which go on after a signature, left out."""
    asked = asked_of(session, course_id)
    everything = known(session)
    lost: list[Facts] = []
    open_still: list[Facts] = []
    for one in asked.occasions:
        if one.slot.point is TimePoint.WEEKLY:
            continue
        state = one.state(now, asked.given)
        into = lost if state is State.MISSED else open_still
        for key in () if state is State.GIVEN else one.lacking(asked.given):
            into.append(_lacking(key, everything[key].name, one))
    return Lacks(lost, open_still)


def _lacking(key: tuple[str, int], name: str, one: Any) -> Facts:
    slot = slot_name(one.slot)
    return {
        "key": f"rating:{slot}:{key[0]}",
        "slot": slot,
        "instrument": key[0],
        "name": name,
        "number": one.number,
        "words": said(one.slot, one.number),
        "closes_at": plain(one.closes_at),
    }
