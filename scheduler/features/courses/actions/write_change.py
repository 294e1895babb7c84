"""The one funnel through which every change of a course goes: its history, its audit rows, its undo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.audit.actions import record
from scheduler.features.courses.placing import Done, Override
from scheduler.features.outbox.actions.events import emit
from scheduler.features.tasks.actions import settle_by_key
from scheduler.models import (
    Course,
    CourseChange,
    CourseStatus,
    Infusion,
    InfusionChange,
    InfusionStatus,
)

UNDO_FOR = timedelta(minutes=10)
FIXED = frozenset({"id", "course_id", "patient_id", "site_id", "ics_uid", "ics_organizer"})
COURSE_FACTS = ("status", "status_reason", "hold_until", "closed_at")
OF_COURSE = frozenset({"booked", "entered", "held", "released", "resumed", "discontinued"})
OVER = frozenset({InfusionStatus.COMPLETED, InfusionStatus.MISSED, InfusionStatus.CANCELLED})
LASTING = frozenset({"booked", "corrected", "released", "undone", "confirmed", "change_asked"})
"""Kinds that are not undone but changed anew. What was released by itself would be released again."""


@dataclass(frozen=True)
class Before:
    """The facts of a course and of its visits (by id) before a change."""

    course: Mapping[str, Any]
    visits: Mapping[int, Mapping[str, Any]]


def look(course: Course, rows: Sequence[Infusion] = ()) -> Before:
    """Note the facts of the course and of these visits before they are changed."""
    return Before(facts_of_course(course), {row.id: facts_of_visit(row) for row in rows})


def facts_of_visit(row: Infusion) -> dict[str, Any]:
    """Every changeable column of a visit, as JSON."""
    names = [column.key for column in inspect(Infusion).column_attrs if column.key not in FIXED]
    return {name: _plain(getattr(row, name)) for name in names}


def facts_of_course(course: Course) -> dict[str, Any]:
    """What a change may do to the course itself, as JSON."""
    return {name: _plain(getattr(course, name)) for name in COURSE_FACTS}


def write_change(
    session: Session,
    actor: Actor,
    at: datetime,
    course: Course,
    kind: str,
    before: Before | None = None,
    rows: Sequence[Infusion] = (),
    *,
    reason: str = "",
    override: Override | None = None,
    key: str | None = None,
    undoes_id: int | None = None,
    **detail: Any,
) -> CourseChange:
    """Write down what was done to `course` and to the visits `rows`, which are as they are now.

    `before` is what `look` saw, None for a course that was just made; a visit that it doesn't hold was made
    by this change. `detail` goes into the audit trail beside the kind and the numbers.
    """
    session.flush()
    seen = before or Before({}, {})
    change = change_row(
        actor, at, course, kind, seen, rows, reason=reason, override=override, key=key, undoes_id=undoes_id
    )
    session.add(change)
    audit_change(session, actor, at, course, kind, rows, **detail)
    _announce(session, at, course, kind, seen, rows)
    _settle_broken(session, actor, at, seen, rows)
    session.flush()
    return change


def change_row(
    actor: Actor,
    at: datetime,
    course: Course,
    kind: str,
    seen: Before,
    rows: Sequence[Infusion],
    *,
    reason: str = "",
    override: Override | None = None,
    key: str | None = None,
    undoes_id: int | None = None,
) -> CourseChange:
    """The history row of a change, not yet added: `seen` before, the course and `rows` as they are now."""
    return CourseChange(
        course_id=course.id,
        kind=kind,
        at=at,
        actor_id=actor.user_id,
        actor=actor.label,
        reason=override.reason if override else reason,
        override=" ".join(override.rules) if override else None,
        approved_by_id=override.approved_by_id if override else None,
        course_before=dict(seen.course) or None,
        course_after=facts_of_course(course),
        key=key,
        undo_until=None if kind in LASTING else at + UNDO_FOR,
        undoes_id=undoes_id,
        infusions=[
            InfusionChange(
                infusion_id=row.id,
                before=dict(seen.visits[row.id]) if row.id in seen.visits else None,
                after=facts_of_visit(row),
            )
            for row in rows
        ],
    )


def done_of(change: CourseChange, course: Course, messages: int = 0, *, replayed: bool = False) -> Done:
    """What an action gives back for a change."""
    ids = tuple(each.infusion_id for each in change.infusions)
    return Done(change.id, course.id, course.patient_id, ids, messages, change.undo_until, replayed)


def _settle_broken(
    session: Session, actor: Actor, at: datetime, seen: Before, rows: Sequence[Infusion]
) -> None:
    """A visit that a change of the capacity broke is settled once it stands elsewhere or is over."""
    for row in rows:
        before = seen.visits.get(row.id)
        if before is None:
            continue
        if row.status in OVER:
            words = f"The visit is {row.status.value}."
        elif row.schedule_version != before["schedule_version"]:
            words = "The visit was moved."
        else:
            continue
        settle_by_key(session, actor, at, f"visit_broken:{row.id}", words)


def audit_change(
    session: Session,
    actor: Actor,
    at: datetime,
    course: Course,
    kind: str,
    rows: Sequence[Infusion],
    **detail: Any,
) -> None:
    """Add the audit rows of a change: one for the course, or one for each visit."""
    if kind in OF_COURSE or not rows:
        person = course.patient_id
        record(session, actor, at, f"course.{kind}", "course", course.id, person, visits=len(rows), **detail)
        return
    for row in rows:
        action = f"infusion.{kind}"
        record(session, actor, at, action, "infusion", row.id, course.patient_id, number=row.number, **detail)


def _announce(
    session: Session, at: datetime, course: Course, kind: str, seen: Before, rows: Sequence[Infusion]
) -> None:
    """Tell other programs, in the words of the audit trail; that a course is completed is told beside it."""
    if kind in OF_COURSE or not rows:
        emit(session, at, f"course.{kind}", course_id=course.id)
    else:
        for row in rows:
            emit(session, at, f"infusion.{kind}", course_id=course.id, infusion_id=row.id)
            if kind == "reached" and _has_just_confirmed(seen, row):
                emit(session, at, "infusion.confirmed", course_id=course.id, infusion_id=row.id)
    was = seen.course.get("status")
    if course.status is CourseStatus.COMPLETED and was not in (None, CourseStatus.COMPLETED):
        emit(session, at, "course.completed", course_id=course.id)


def _has_just_confirmed(seen: Before, row: Infusion) -> bool:
    return row.confirmation == "confirmed" and bool(seen.visits[row.id]["confirmation"] != "confirmed")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
