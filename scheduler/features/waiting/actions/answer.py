"""Offer a move, and take the patient's answer. Accepting is the only step that moves a visit."""

from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, RuleError
from scheduler.features.courses.actions.place import Done, place_visits
from scheduler.features.courses.actions.write_change import done_of
from scheduler.features.courses.moving.order import MoveOrder, decode_move
from scheduler.features.courses.placing import Placement
from scheduler.features.waiting.actions.entries import go, locked_entry
from scheduler.features.waiting.queries import find_for
from scheduler.features.waiting.steps import OPEN, WaitingStep, after
from scheduler.models import (
    Course,
    CourseChange,
    CourseStatus,
    Patient,
    Site,
    WaitingEntry,
    WaitingStatus,
)
from scheduler.planning import moment

OFFER_FOR = timedelta(hours=4)
"""How long a patient may think about an offer; never beyond the notice that they need before the visit."""
CHANGED = "What is free has changed since this page was made. Look at the list again; nothing was offered."


def offer(session: Session, actor: Actor, at: datetime, entry_id: int, move: str) -> WaitingEntry:
    """Write down that the patient was offered `move`, which must be what the list offers them now.

    The same offer again is no second one. Raises ConflictError where the room has changed, or the entry has.
    """
    entry = locked_entry(session, entry_id)
    if entry.status is WaitingStatus.OFFERED and entry.offer == move:
        return entry
    after(entry.status, WaitingStep.OFFER)
    find = find_for(session, at, entry)
    if find is None or find.way.value != move:
        raise ConflictError(CHANGED)
    start = _instant(session, entry, find.start)
    entry.offer, entry.offer_gain = move, find.gain
    entry.offer_until = min(at + OFFER_FOR, start - timedelta(hours=entry.notice_hours))
    go(session, actor, at, entry, WaitingStep.OFFER, **_facts(entry, decode_move(move)))
    return entry


def accept(session: Session, actor: Actor, at: datetime, entry_id: int, move: str) -> Done:
    """Make the move that the patient accepted, on the phone at once or from an offer that stands.

    The same answer again gives what it did. Raises ConflictError where the room is gone (with `gone`), the
    offer has run out or is another one, or the entry has ended.
    """
    entry = locked_entry(session, entry_id)
    order = decode_move(move)
    key = f"waiting:{entry_id}:{sha256(move.encode()).hexdigest()[:40]}"
    if entry.status is WaitingStatus.ACCEPTED and (replay := _earlier(session, entry, key)):
        return replay
    _may_accept(session, entry, move, at)
    _target(entry, order)
    facts = _facts(entry, order)
    go(session, actor, at, entry, WaitingStep.ACCEPT, **facts)
    done = place_visits(session, actor, at, entry.course_id, order.placements, seen=order.seen, key=key)
    entry.change_id = done.change_id
    session.flush()
    return done


def answer(session: Session, actor: Actor, at: datetime, entry_id: int, step: WaitingStep) -> WaitingEntry:
    """Decline, take back, wait again, withdraw. The same step again changes nothing. Raises ConflictError."""
    entry = locked_entry(session, entry_id)
    if _is_there(entry, step):
        return entry
    facts = _facts(entry, decode_move(entry.offer)) if entry.offer else {}
    go(session, actor, at, entry, step, **facts)
    return entry


def _may_accept(session: Session, entry: WaitingEntry, move: str, at: datetime) -> None:
    if entry.status is WaitingStatus.OFFERED and entry.offer != move:
        raise ConflictError("Another time was offered meanwhile. Look at the list again; nothing was moved.")
    if entry.offer_until is not None and entry.offer_until <= at:
        raise ConflictError("The offer has run out. Look at what is free now; nothing was moved.")
    archived = session.scalar(
        select(Patient.archived_at)
        .join(Course, Course.patient_id == Patient.id)
        .where(Course.id == entry.course_id)
    )
    status = session.scalar(select(Course.status).where(Course.id == entry.course_id))
    if entry.status in OPEN and (archived is not None or status is not CourseStatus.ACTIVE):
        raise ConflictError("The course does not go on, or the patient is archived. Nothing was moved.")


def _earlier(session: Session, entry: WaitingEntry, key: str) -> Done | None:
    change = session.scalar(select(CourseChange).where(CourseChange.key == key))
    course = session.get(Course, entry.course_id)
    return done_of(change, course, replayed=True) if change and course else None


def _is_there(entry: WaitingEntry, step: WaitingStep) -> bool:
    """Whether the step was just taken: the second of two clicks."""
    reached = {
        WaitingStep.DECLINE: WaitingStatus.DECLINED,
        WaitingStep.WITHDRAW: WaitingStatus.WITHDRAWN,
        WaitingStep.TAKE_BACK: WaitingStatus.WAITING,
        WaitingStep.AGAIN: WaitingStatus.WAITING,
    }
    return reached.get(step) is entry.status


def _target(entry: WaitingEntry, order: MoveOrder) -> Placement:
    """What the move does to the visit that is waited for. Raises RuleError where it does nothing to it."""
    mine = [each for each in order.placements if entry.infusion_id in (None, each.infusion_id)]
    if not mine:
        raise RuleError("This move does not touch the visit that is waited for. Look at the list again.")
    return min(mine, key=lambda each: each.number)


def _facts(entry: WaitingEntry, order: MoveOrder) -> dict[str, object]:
    moves = [[each.number, each.start.isoformat()] for each in order.placements]
    return {"moves": moves, "start": _target(entry, order).start.isoformat()}


def _instant(session: Session, entry: WaitingEntry, start: datetime) -> datetime:
    """A local start at the entry's site as an instant."""
    query = select(Site.tz).join(Course, Course.site_id == Site.id).where(Course.id == entry.course_id)
    return moment(ZoneInfo(session.scalars(query).one()), start.date(), start.hour * 60 + start.minute)
