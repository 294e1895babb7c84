"""Take one step of a visit's life: arrive, start, complete, stop, miss, hold back, or a correction."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, RuleError
from scheduler.features.courses.actions.chores import stopped_chore, unplanned_chore
from scheduler.features.courses.actions.opened import (
    Opened,
    by_whom,
    close_or_reopen,
    course_of,
    last_change,
    must_go_on,
    open_course,
    reason_of,
)
from scheduler.features.courses.actions.room import must_have_room
from scheduler.features.courses.actions.tell import tell_cancelled
from scheduler.features.courses.actions.write_change import done_of, look, write_change
from scheduler.features.courses.placing import Done
from scheduler.features.courses.transitions import TRANSITIONS, Step, Transition
from scheduler.features.outbox.actions import void_pending
from scheduler.models import Infusion, InfusionStatus


def take_step(
    session: Session,
    actor: Actor,
    at: datetime,
    infusion_id: int,
    step: Step,
    *,
    seen: InfusionStatus,
    reason: str = "",
    counts: bool | None = None,
) -> Done:
    """Take `step` on a visit that the person saw in the state `seen`.

    `counts` is a clinician's word on an infusion that is stopped early. Raises ConflictError with both
    values where the visit is in another state by now, RuleError where the step asks for a reason or doesn't
    follow from `seen`.
    """
    move = TRANSITIONS[step]
    if seen is not move.before:
        raise RuleError(f"“{move.label}” does not follow from {words_of(seen)}.")
    opened = open_course(
        session, course_of(session, infusion_id), leaving=[infusion_id] if move.frees or move.same_day else []
    )
    row = opened.visit(infusion_id)
    if row.status is not seen:
        return _overtaken(session, actor, opened, row, move)
    reason = (
        reason_of(reason, "Write the reason. It stays in the history of the visit.")
        if move.needs_reason
        else reason.strip()
    )
    _allowed(session, opened, row, move, at)
    before = look(opened.course, [row])
    _apply(row, move, at, reason, counts)
    messages = _consequences(session, actor, at, opened, row, move)
    session.flush()
    close_or_reopen(opened, at)
    change = write_change(session, actor, at, opened.course, move.kind, before, [row], reason=reason)
    return done_of(change, opened.course, messages)


def words_of(status: InfusionStatus) -> str:
    """`in progress`."""
    return status.value.replace("_", " ")


def _overtaken(session: Session, actor: Actor, opened: Opened, row: Infusion, move: Transition) -> Done:
    """The same person's same step is a second click; anything else is told with both values."""
    change = last_change(session, row.id)
    if change and row.status is move.after and change.kind == move.kind and change.actor_id == actor.user_id:
        return done_of(change, opened.course, replayed=True)
    raise ConflictError(
        f"Visit no. {row.number} was {by_whom(session, row.id, opened.site)}: it is {words_of(row.status)} "
        f"now. You asked for “{move.label}” on a visit that was {words_of(move.before)}. "
        "Nothing was changed.",
        now=row.status.value,
        asked=move.after.value,
    )


def _allowed(session: Session, opened: Opened, row: Infusion, move: Transition, at: datetime) -> None:
    today = at.astimezone(ZoneInfo(opened.site.tz)).date()
    if move.step is Step.ARRIVE:
        must_go_on(opened.course)
        if row.local_day != today:
            raise RuleError("Only a visit of today can be checked in. Move it to today first.")
    if move.step is Step.MISS and row.starts_at > at:
        raise RuleError("The visit has not begun. Cancel it instead.")
    if move.same_day:
        must_go_on(opened.course)
        if row.local_day != today:
            raise RuleError("That can be corrected on the day of the visit only. Plan a new date instead.")
        must_have_room(session, opened, [row])


def _apply(row: Infusion, move: Transition, at: datetime, reason: str, counts: bool | None) -> None:
    row.status = move.after
    row.status_reason = reason or None
    match move.step:
        case Step.ARRIVE:
            row.arrived_at, row.expected_at = at, None
        case Step.START:
            row.started_at = at
        case Step.COMPLETE:
            row.completed_at = at
        case Step.STOP:
            row.completed_at, row.stopped_early, row.counts = at, True, counts
        case Step.CANCEL | Step.HOLD_BACK:
            row.ics_sequence += 1
            row.ics_dtstamp = at.replace(microsecond=0)
        case Step.UNARRIVE:
            row.arrived_at = None
        case Step.UNSTART:
            row.started_at = None


def _consequences(
    session: Session, actor: Actor, at: datetime, opened: Opened, row: Infusion, move: Transition
) -> int:
    """Messages and tasks that follow from the step; gives the number of messages written."""
    if move.step is Step.STOP and row.counts is None:
        stopped_chore(session, at, row)
    if move.step is Step.CANCEL:
        messages = tell_cancelled(session, at, [row])
    else:
        messages = 0
        void_pending(session, at, [row.id], f"The visit is {words_of(row.status)}.")
    if move.frees or move.same_day:
        unplanned_chore(session, actor, at, opened)
    return messages
