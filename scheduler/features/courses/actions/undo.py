"""Take back a change of a course, for ten minutes, where nobody built on it.

What was only written down is written back. A visit that was moved goes back where there still is room, and
the patient is told again where they were told. A visit that was cancelled keeps its calendar number as
cancelled for good (MESSAGES.md, 4.6), so a new row with a new number stands in its place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError
from scheduler.features.courses.actions.call_off import call_off
from scheduler.features.courses.actions.chores import (
    counted_chore,
    hold_chore,
    hold_over,
    unplanned_chore,
)
from scheduler.features.courses.actions.opened import Opened, by_whom, close_or_reopen, open_course
from scheduler.features.courses.actions.put import Spot, put_down, spot_of
from scheduler.features.courses.actions.respond import change_key
from scheduler.features.courses.actions.room import check_room, must_lie_ahead
from scheduler.features.courses.actions.tell import tell_moved
from scheduler.features.courses.actions.tell_text import cancellation_left
from scheduler.features.courses.actions.unenter import unenter
from scheduler.features.courses.actions.write_change import (
    done_of,
    facts_of_course,
    facts_of_visit,
    look,
    write_change,
)
from scheduler.features.courses.order import Visit
from scheduler.features.courses.placing import Done, Placement
from scheduler.features.outbox.actions import void_pending
from scheduler.features.tasks.actions import wait_again
from scheduler.models import Course, CourseChange, CourseStatus, Infusion, InfusionChange, InfusionStatus
from scheduler.planning import to_wall

DAYS = ("local_day", "hold_until")
SCHEDULE = ("chair_id", "starts_at")
NOT_UNDONE = "The change was not undone."
KEPT = frozenset({"ics_sequence", "ics_dtstamp", "schedule_version", "scheduled_at", "replaces_id"})
"""Columns that only ever rise: an undo is a revision of its own."""


@dataclass
class Plan:
    """What an undo does to which rows."""

    back: list[InfusionChange] = field(default_factory=list)
    again: list[InfusionChange] = field(default_factory=list)
    move: list[InfusionChange] = field(default_factory=list)
    withdraw: list[InfusionChange] = field(default_factory=list)


def undo(session: Session, actor: Actor, at: datetime, change_id: int) -> Done:
    """Take back the change `change_id`.

    Raises NotFoundError, and ConflictError that says why where it can't be taken back (any more).
    """
    change = session.get(CourseChange, change_id)
    if change is None:
        raise NotFoundError("There is no such change.")
    opened = open_course(session, change.course_id, _days(change), leaving=None)
    earlier = session.scalar(select(CourseChange).where(CourseChange.undoes_id == change.id))
    if earlier is not None:
        return done_of(earlier, opened.course, replayed=True)
    _may_undo(session, opened, change, at)
    if change.kind == "entered":
        return unenter(session, actor, at, opened, change)
    plan = _plan(change)
    return _write(session, actor, at, opened, change, plan)


def _days(change: CourseChange) -> list[date]:
    return [date.fromisoformat(row.before["local_day"]) for row in change.infusions if row.before]


def _may_undo(session: Session, opened: Opened, change: CourseChange, at: datetime) -> None:
    if change.undo_until is None:
        raise ConflictError("This change can't be undone. Change the visit anew instead.")
    if at > change.undo_until:
        raise ConflictError("A change can be undone for ten minutes. Change the visit anew instead.")
    for each in change.infusions:
        row = opened.visit(each.infusion_id)
        if facts_of_visit(row) != each.after:
            raise ConflictError(
                f"Visit no. {row.number} was {by_whom(session, row.id, opened.site)}. {NOT_UNDONE}"
            )
    if change.course_after is not None and facts_of_course(opened.course) != change.course_after:
        raise ConflictError(f"The course itself was changed since. {NOT_UNDONE}")


def _plan(change: CourseChange) -> Plan:
    plan = Plan()
    for row in change.infusions:
        if row.before is None:
            plan.withdraw.append(row)
        elif row.after["status"] == "cancelled" != row.before["status"]:
            plan.again.append(row)
        elif any(row.before[name] != row.after[name] for name in SCHEDULE):
            plan.move.append(row)
        else:
            plan.back.append(row)
    return plan


def _write(
    session: Session, actor: Actor, at: datetime, opened: Opened, change: CourseChange, plan: Plan
) -> Done:
    course = opened.course
    before = look(course, [opened.visit(each.infusion_id) for each in change.infusions])
    withdrawn = [opened.visit(each.infusion_id) for each in plan.withdraw]
    messages = call_off(session, at, withdrawn, "The change was undone")
    spots = _spots(session, at, opened, plan)
    moved = [opened.visit(each.infusion_id) for each in plan.move]
    were = {row.id: row.starts_at for row in moved}
    for each in plan.back:
        _restore(opened.visit(each.infusion_id), each.before or {}, KEPT)
    _restore(course, change.course_before or {}, frozenset())
    session.flush()
    rows = put_down(session, at, opened, spots)
    for row, each in zip(rows[len(moved) :], plan.again, strict=True):
        _restore_arrival(row, each.before or {})
    session.flush()
    messages += tell_moved(session, at, _to_tell(session, at, rows, plan), were)
    _chores(session, actor, at, opened, plan)
    close_or_reopen(opened, at)
    touched = [*withdrawn, *rows, *(opened.visit(each.infusion_id) for each in plan.back)]
    written = write_change(session, actor, at, course, "undone", before, touched, undoes_id=change.id)
    return done_of(written, course, messages)


def _spots(session: Session, at: datetime, opened: Opened, plan: Plan) -> list[Spot]:
    """Where visits stand again, checked: moved ones first, then those that were cancelled."""
    zone = ZoneInfo(opened.site.tz)
    spots = [spot_of(opened, _as_it_was(each, zone, each.infusion_id)) for each in plan.move]
    must_lie_ahead([spot.start for spot in spots], at)
    spots += [spot_of(opened, _as_it_was(each, zone, None)) for each in plan.again]
    unmissed = [each for each in plan.back if each.after["status"] == "missed"]
    wanted = [
        *(spot.placement for spot in spots),
        *(_as_it_was(each, zone, each.infusion_id) for each in unmissed),
    ]
    visits = [Visit(each.number, each.chair_id, each.start) for each in wanted]
    leaving = [opened.visit(each.infusion_id) for each in plan.move]
    if visits:
        check_room(session, opened, visits, leaving, NOT_UNDONE)
    return spots


def _as_it_was(row: InfusionChange, zone: ZoneInfo, infusion_id: int | None) -> Placement:
    facts: Mapping[str, Any] = row.before or {}
    wall = to_wall(zone, datetime.fromisoformat(facts["starts_at"]))
    return Placement(facts["number"], facts["chair_id"], wall, infusion_id)


def _restore(row: Infusion | Course, facts: Mapping[str, Any], kept: frozenset[str]) -> None:
    """Write the facts of a change back into the columns they were read from."""
    for name in facts.keys() - kept:
        setattr(row, name, _typed(row, name, facts[name]))


def _typed(row: Infusion | Course, name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "status":
        return type(row.status)(value)
    if name in DAYS:
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if name.endswith("_at") or name == "chair_until" else value


def _restore_arrival(row: Infusion, facts: Mapping[str, Any]) -> None:
    """A patient who was held back is still here when that is undone."""
    if facts.get("status") == InfusionStatus.ARRIVED.value:
        row.status = InfusionStatus.ARRIVED
        row.arrived_at = _typed(row, "arrived_at", facts["arrived_at"])


def _to_tell(session: Session, at: datetime, rows: Sequence[Infusion], plan: Plan) -> list[Infusion]:
    """The rows to write about: not those whose cancellation the patient has not heard of yet."""
    moved, again = rows[: len(plan.move)], rows[len(plan.move) :]
    told = [
        row
        for row, each in zip(again, plan.again, strict=True)
        if (
            not void_pending(session, at, [each.infusion_id], "The cancellation was undone.")
            or cancellation_left(session, each.infusion_id)
        )
        and row.status is InfusionStatus.SCHEDULED
        and row.starts_at > at
    ]
    return [*moved, *told]


def _chores(session: Session, actor: Actor, at: datetime, opened: Opened, plan: Plan) -> None:
    if opened.course.status is not CourseStatus.ON_HOLD:
        hold_over(session, actor, at, opened, "The hold was undone.")
    elif opened.course.hold_until:
        hold_chore(session, at, opened, opened.course.hold_until)
    for each in plan.back:
        if not opened.visit(each.infusion_id).stopped_early:
            counted_chore(session, actor, at, opened.visit(each.infusion_id), "It was undone.")
        _ask_again(session, opened.visit(each.infusion_id), each)
    unplanned_chore(session, actor, at, opened)


def _ask_again(session: Session, row: Infusion, each: InfusionChange) -> None:
    """Somebody noted that the patient comes after all, and takes it back: the wish for another time waits."""
    if row.confirmation == "change_asked" != each.after["confirmation"]:
        wait_again(session, change_key(row))
