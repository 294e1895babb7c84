"""What the worker does for the list: offers run out, entries end by themselves, gains are noted.

Two workers may do this at once. Each takes the rows that it changes under a lock and passes over those that
the other holds, so that a step is written once.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session, aliased

from scheduler.actor import WORKER
from scheduler.features.waiting.actions.entries import go
from scheduler.features.waiting.steps import OPEN, WaitingStep
from scheduler.models import (
    Course,
    CourseChange,
    CourseStatus,
    Infusion,
    InfusionStatus,
    Patient,
    WaitingEntry,
    WaitingStatus,
)

BATCH = 100
GOING_ON = (CourseStatus.ACTIVE, CourseStatus.ON_HOLD)


def expire_offers(session: Session, at: datetime) -> int:
    """Let offers run out whose time is up; how many."""
    entries = _locked(session, WaitingEntry.status == WaitingStatus.OFFERED, WaitingEntry.offer_until <= at)
    for entry in entries:
        go(session, WORKER, at, entry, WaitingStep.EXPIRE)
    return len(entries)


def settle_entries(session: Session, at: datetime) -> int:
    """End entries with nothing left to wait for; how many."""
    count = 0
    open_entry = WaitingEntry.status.in_(OPEN)
    for why, over in _endings(at):
        entries = _locked(session, open_entry, over)
        for entry in entries:
            go(session, WORKER, at, entry, WaitingStep.SETTLE, why=why)
        count += len(entries)
    return count


def reopen_undone(session: Session, at: datetime) -> int:
    """Let those wait again whose move was undone, unless they were put on the list anew; how many."""
    undo, other = aliased(CourseChange), aliased(WaitingEntry)
    undone = select(undo.id).where(undo.undoes_id == WaitingEntry.change_id).exists()
    anew = (
        select(other.id)
        .where(other.course_id == WaitingEntry.course_id, other.status.in_(OPEN))
        .where(other.infusion_id.is_not_distinct_from(WaitingEntry.infusion_id))
        .exists()
    )
    entries = _locked(session, WaitingEntry.status == WaitingStatus.ACCEPTED, undone, ~anew)
    for entry in entries:
        go(session, WORKER, at, entry, WaitingStep.REOPEN)
        entry.change_id = None
    return len(entries)


def note_gains(session: Session, gains: Mapping[int, int | None]) -> None:
    """Write what the best move of each waiting entry gains, for the figure in the navigation."""
    for entry_id, gain in sorted(gains.items()):
        session.execute(
            update(WaitingEntry)
            .where(WaitingEntry.id == entry_id, WaitingEntry.status == WaitingStatus.WAITING)
            .values(best_gain=gain)
        )


def _endings(at: datetime) -> list[tuple[str, ColumnElement[bool]]]:
    """Why an entry ends, and for which entries that holds."""
    mine = Course.id == WaitingEntry.course_id
    visit = Infusion.id == WaitingEntry.infusion_id
    ahead = (Infusion.status == InfusionStatus.SCHEDULED) & (Infusion.starts_at > at)
    left = select(Infusion.id).where(Infusion.course_id == WaitingEntry.course_id, ahead)
    archived = select(Patient.id).join(Course, Course.patient_id == Patient.id)
    return [
        ("The course has ended.", select(Course.id).where(mine, Course.status.not_in(GOING_ON)).exists()),
        ("The patient is archived.", archived.where(mine, Patient.archived_at.is_not(None)).exists()),
        (
            "The visit has begun, or was missed or cancelled.",
            select(Infusion.id)
            .where(visit, or_(Infusion.status != InfusionStatus.SCHEDULED, Infusion.starts_at <= at))
            .exists(),
        ),
        ("No visit is still to come.", WaitingEntry.infusion_id.is_(None) & ~left.exists()),
    ]


def _locked(session: Session, *where: ColumnElement[bool]) -> Sequence[WaitingEntry]:
    return session.scalars(
        select(WaitingEntry)
        .where(*where)
        .order_by(WaitingEntry.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True, of=WaitingEntry)
        .execution_options(populate_existing=True)
    ).all()
