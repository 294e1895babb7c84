"""Look whether the events are still those that were sealed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.audit.actions import record
from scheduler.features.audit.sealing.chain import NOTHING, digest_of
from scheduler.models import AuditCheck, AuditEvent, AuditSeal

EVERY = timedelta(days=1)
PIECE = 500


@dataclass(frozen=True)
class Chain:
    """What was found: sealed events and seals looked at, events that wait for a seal, the last digest.

    `problem` is a sentence on the first thing that does not fit, or empty.
    """

    events: int
    seals: int
    waiting: int
    head: str
    problem: str


def look(session: Session, head: str | None = None) -> Chain:
    """Compute every seal again. With `head` that digest, noted some time ago, must be one of the seals'."""
    events, seals, previous, last, problem = 0, 0, NOTHING, 0, ""
    known = head is None
    for one in _seals(session):
        problem = _misfit(session, one, previous, last)
        if problem:
            break
        events, seals = events + one.events, seals + 1
        previous, last = one.digest, one.last_event_id
        known = known or one.digest == head
    if not problem and not known:
        problem = "The digest that was noted is that of no seal: seals were taken away or made anew."
    waiting = session.scalar(select(func.count(AuditEvent.id)).where(AuditEvent.id > last)) or 0
    return Chain(events, seals, waiting, previous, problem)


def _seals(session: Session) -> Iterator[AuditSeal]:
    last = 0
    while piece := session.scalars(
        select(AuditSeal).where(AuditSeal.last_event_id > last).order_by(AuditSeal.last_event_id).limit(PIECE)
    ).all():
        yield from piece
        last = piece[-1].last_event_id


def _misfit(session: Session, one: AuditSeal, previous: str, last: int) -> str:
    name = f"The seal over the events {one.first_event_id} to {one.last_event_id}"
    if one.previous != previous:
        return f"{name} does not follow the one before it: a seal is missing or was made anew."
    events = _under(session, last, one.last_event_id)
    if len(events) != one.events:
        return f"{name} holds {one.events}, and there are {len(events)}: events were taken away or added."
    if digest_of(previous, events) != one.digest:
        return f"{name} does not fit: one of them at least was changed."
    session.expunge_all()
    return ""


def _under(session: Session, after: int, up_to: int) -> Sequence[AuditEvent]:
    return session.scalars(
        select(AuditEvent).where(AuditEvent.id > after, AuditEvent.id <= up_to).order_by(AuditEvent.id)
    ).all()


def ask(session: Session, actor: Actor, at: datetime) -> None:
    """Ask the worker to look now; who asks twice finds the first question waiting."""
    if waiting(session) is None:
        session.add(AuditCheck(asked_at=at, asked_by_id=actor.user_id))
        record(session, actor, at, "audit.check_asked", "audit")


def waiting(session: Session) -> AuditCheck | None:
    """The look that was asked for and not made yet."""
    return session.scalars(
        select(AuditCheck).where(AuditCheck.finished_at.is_(None)).order_by(AuditCheck.id).limit(1)
    ).one_or_none()


def latest(session: Session) -> AuditCheck | None:
    """The last look that was made."""
    return session.scalars(
        select(AuditCheck)
        .where(AuditCheck.finished_at.is_not(None))
        .order_by(AuditCheck.finished_at.desc(), AuditCheck.id.desc())
        .limit(1)
    ).one_or_none()


def is_due(session: Session, at: datetime) -> bool:
    """Whether to look now: somebody asked, or the last look is a day old."""
    if waiting(session) is not None:
        return True
    last = latest(session)
    return last is None or last.asked_at + EVERY <= at


def note(session: Session, at: datetime, found: Chain) -> None:
    """Keep what was found, as the answer to whoever asked, or as the look of the day."""
    row = waiting(session)
    if row is None:
        row = AuditCheck(asked_at=at)
        session.add(row)
    row.finished_at, row.events, row.seals, row.problem = at, found.events, found.seals, found.problem
