"""Take a published calendar to look at, so that no other worker does, and write down how it went.

As with messages: one statement finds and takes, a lease lets others go on after a crash, and only who still
holds the lease may record. What is about to be written is noted before, so that a worker that dies in between
leaves nothing on the server that nobody remembers.
"""

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from scheduler.features.calendars.publishing.plan import Put
from scheduler.models import PublishedCalendar, PublishedEvent, User

LEASE = timedelta(minutes=10)
LOOK_EVERY = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True)
class Claim:
    """A calendar that is ours until the lease ends. It is emptied where `is_ending`."""

    calendar_id: int
    user_id: int
    url: str
    worker: str
    is_ending: bool
    known: Mapping[str, Put]


@dataclass(frozen=True)
class Done:
    """What a look did: entries written and removed, by UID, and what went wrong, if anything."""

    written: Mapping[str, Put]
    removed: Collection[str]
    error: str | None = None
    unfinished: bool = False


def claim_calendar(session: Session, at: datetime, worker: str) -> Claim | None:
    """Take the calendar that has waited longest past its time."""
    due = (
        select(PublishedCalendar.id)
        .where(PublishedCalendar.next_look_at <= at)
        .order_by(PublishedCalendar.next_look_at, PublishedCalendar.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = session.scalar(
        update(PublishedCalendar)
        .where(PublishedCalendar.id == due.scalar_subquery())
        .values(lease_by=worker, next_look_at=at + LEASE)
        .returning(PublishedCalendar)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    if row is None:
        return None
    events = session.scalars(
        select(PublishedEvent).where(PublishedEvent.calendar_id == row.id).order_by(PublishedEvent.id)
    )
    known = {event.uid: Put(event.digest, event.etag) for event in events}
    left = session.get_one(User, row.user_id).disabled_at is not None
    return Claim(row.id, row.user_id, row.url, worker, left or not row.active, known)


def note_intents(session: Session, at: datetime, claim: Claim, uids: Collection[str]) -> bool:
    """Note what is about to be written; False where another worker has taken the calendar since."""
    if _held(session, claim) is None:
        return False
    session.add_all(
        PublishedEvent(calendar_id=claim.calendar_id, uid=uid, digest="", put_at=at)
        for uid in sorted(uids)
        if uid not in claim.known
    )
    return True


def record_look(session: Session, at: datetime, claim: Claim, done: Done, chance: random.Random) -> bool:
    """Record a look; False, and nothing is changed, where another worker has taken the calendar since."""
    row = _held(session, claim)
    if row is None:
        return False
    mine = PublishedEvent.calendar_id == claim.calendar_id
    for uid, put in done.written.items():
        session.execute(
            update(PublishedEvent)
            .where(mine, PublishedEvent.uid == uid)
            .values(digest=put.digest, etag=put.tag, put_at=at)
        )
    session.execute(delete(PublishedEvent).where(mine, PublishedEvent.uid.in_(sorted(done.removed))))
    row.lease_by, row.error = None, done.error
    if done.error is not None:
        row.failures += 1
        row.next_look_at = at + wait(row.failures, chance)
    elif done.unfinished:
        row.next_look_at = at
    elif claim.is_ending:
        session.delete(row)
    else:
        row.failures, row.synced_at, row.next_look_at = 0, at, at + LOOK_EVERY
    return True


def wait(failures: int, chance: random.Random) -> timedelta:
    """How long to leave a server alone: a minute, doubled each time up to an hour, a quarter more or less."""
    return min(LOOK_EVERY * 2 ** min(failures - 1, 10), LONGEST_WAIT) * chance.uniform(0.75, 1.25)


def _held(session: Session, claim: Claim) -> PublishedCalendar | None:
    return session.scalars(
        select(PublishedCalendar)
        .where(PublishedCalendar.id == claim.calendar_id, PublishedCalendar.lease_by == claim.worker)
        .with_for_update()
    ).one_or_none()
