"""The course itself as plain facts: whose, where, by which protocol, what was set aside."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from scheduler.features.ratings.occasions import State
from scheduler.features.ratings.own.known import known
from scheduler.features.ratings.slots import slot_name
from scheduler.features.ratings.words import said
from scheduler.features.review.queries.rows import OF_COURSE, CourseRows, Whose
from scheduler.features.review.queries.visits import picked
from scheduler.models import CourseChange, GivenReason, PatientCaution, ProtocolVersion, TimePoint
from scheduler.rendering.canonical import Facts, plain

COURSE = ("id", "status", "status_reason", "bend", "bend_reason", "booked_at", "entered", "closed_at")
PATIENT = ("id", "record_number", "given_name", "family_name", "birth_date", "language")
SITE = ("id", "code", "name", "tz")
SPACING = (
    "version", "infusions", "gap_min", "gap_max", "gap_target", "span_min", "span_max", "recovery_gap_max",
    "recovery_span_max",
)  # fmt: skip
PHASE = ("name", "minutes", "clinician_present")
MEDICINE = ("id", "name", "dose", "from_day", "until_day", "noted_at", "struck_at", "struck_reason")
_cautions, _reasons = PatientCaution.__table__, GivenReason.__table__
CAUTIONS = (
    select(_cautions)
    .where(_cautions.c.patient_id == bindparam("patient_id"), _cautions.c.struck_at.is_(None))
    .order_by(_cautions.c.kind, _cautions.c.id)
)
REASONS = select(_reasons).where(_reasons.c.course_id == OF_COURSE).order_by(_reasons.c.id)
OVERRIDES = (
    select(CourseChange)
    .where(CourseChange.course_id == OF_COURSE, CourseChange.override.is_not(None))
    .order_by(CourseChange.at, CourseChange.id)
)
ALERT = ("id", "kind", "infusion_id", "raised_at", "acknowledged_at", "what_was_done")


def course_facts(found: Whose) -> dict[str, Facts]:
    """The parts of the record that speak of the course as a whole."""
    return {
        "course": picked(found.course, COURSE),
        "patient": picked(found.patient, PATIENT),
        "site": picked(found.site, SITE),
        "protocol": _protocol(found.version),
    }


def _protocol(version: ProtocolVersion) -> Facts:
    phases = [picked(phase, PHASE) for phase in version.phases]
    return {"name": version.protocol.name, **picked(version, SPACING), "phases": phases}


def cautions_of(rows: CourseRows) -> list[Facts]:
    """Allergies and the like that stand."""
    found = rows.session.execute(CAUTIONS, {"patient_id": rows.whose.patient.id})
    return [picked(row, ("kind", "words", "noted_at")) for row in found]


def medicines_of(rows: CourseRows) -> list[Facts]:
    """Medicines taken beside the course, those struck out too."""
    found = sorted(rows.medicines, key=lambda row: row.id)
    return [{**picked(row, MEDICINE), "by": rows.who(row.noted_by_id)} for row in found]


def overrides_of(rows: CourseRows) -> list[Facts]:
    """Every rule of spacing that a clinician set aside, with the reason, by time."""
    found = rows.session.scalars(OVERRIDES, {"course_id": rows.course_id})
    return [
        {
            "rules": (row.override or "").split(),
            "reason": row.reason,
            "at": plain(row.at),
            "by": rows.who(row.approved_by_id),
            "visits": [one.infusion_id for one in row.infusions],
        }
        for row in found
    ]


def alerts_of(rows: CourseRows, now: datetime) -> list[Facts]:
    """Every alert of the course that was raised by `now`, with what was done about it."""
    return [
        {**picked(row, ALERT), "by": rows.who(row.acknowledged_by_id)}
        for row in rows.alerts
        if row.raised_at <= now
    ]


def reasons_of(rows: CourseRows) -> dict[str, Facts]:
    """The reason that holds for each gap: the last one that was given."""
    found = rows.session.execute(REASONS, {"course_id": rows.course_id})
    return {
        row.gap: {"reason": row.reason, "at": plain(row.given_at), "by": rows.who(row.given_by_id)}
        for row in found
    }


class Lacks(NamedTuple):
    """Ratings that were not given in their time, and those that could still be given."""

    lost: list[Facts]
    still_open: list[Facts]


def lacking_ratings(rows: CourseRows, now: datetime) -> Lacks:
    """The ratings that are not there; the weeks after the course, which go on after a signature, left out."""
    asked, everything = rows.asked, known(rows.session)
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
