"""Answering a feed: from memory where nothing changed, built from kept entries where something did.

Programs ask every hour or every few minutes, and nearly always for what they have. So whether anything
changed is told by a stamp: which visits the feed holds, how often they were moved or called off, whose they
are, and the stamp of the capacity, under which sites, chairs and duty stand. It is one small query, and where
it is as before, the tag of the body is too. Each process keeps the tags of the feeds that it answered; a body
itself is not kept, because its entries are (`rendering/feeds.py`).
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy import Pool, Select, bindparam, func, select
from sqlalchemy.orm import Session

from scheduler.features.calendars.feeds.entries import facts_of
from scheduler.features.calendars.feeds.owners import Kind, LiveFeed, Owner
from scheduler.features.calendars.feeds.rows import in_window, window
from scheduler.models import CapacityStamp, Infusion, InfusionStatus, Patient
from scheduler.rendering.feeds import feed as written

log = structlog.get_logger()

MOST = 10_000


@dataclass(frozen=True)
class Tag:
    """What a program is told of a body beside it: the tag, and when the newest thing in it was written."""

    etag: str
    revised_at: datetime | None


@dataclass(frozen=True)
class Answer:
    """A feed as it stands; `body` is None where the caller has it already."""

    tag: Tag
    body: bytes | None


_tags: WeakKeyDictionary[Pool, OrderedDict[int, tuple[str, Tag]]] = WeakKeyDictionary()
_lock = Lock()


def answer(session: Session, live: LiveFeed, now: datetime, known: frozenset[str]) -> Answer:
    """Answer one fetch by somebody who has the bodies whose tags are `known`."""
    pool = session.connection().engine.pool
    stamp = stamp_of(session, live.owner, now)
    tag = _kept(pool, live.id, stamp)
    if tag is not None and tag.etag in known:
        return Answer(tag, None)
    facts = facts_of(session, live.owner, now)
    body, left_out = written(facts.entries, facts.name, facts.language)
    if left_out:
        log.warning("feed_entries_left_out", feed=live.id, count=left_out)
    tag = Tag(sha256(body).hexdigest(), facts.revised_at)
    _keep(pool, live.id, stamp, tag)
    return Answer(tag, None if tag.etag in known else body)


def stamp_of(session: Session, owner: Owner, now: datetime) -> str:
    """What differs as soon as anything in the feed does."""
    parts = session.execute(_stamp(owner.kind), window(owner, now)).one()
    return "-".join(map(str, (now.astimezone(UTC).date(), *parts)))


@lru_cache
def _stamp(kind: Kind) -> Select[*tuple[Any, ...]]:
    """The question, put together once for each kind of feed."""
    counted = [
        func.count(),
        func.sum(Infusion.id * Infusion.schedule_version),
        func.sum(Infusion.id * Infusion.ics_sequence),
        func.count().filter(Infusion.status == InfusionStatus.CANCELLED),
        select(CapacityStamp.version).scalar_subquery(),
    ]
    query: Select[*tuple[Any, ...]] = select(*counted).where(in_window(kind))
    if kind == "patient":  # The language and the site may change, also where no visit stands.
        own = select(Patient.version).where(Patient.id == bindparam("owner"))
        query = query.add_columns(own.scalar_subquery())
    elif kind == "user":  # Record numbers may change.
        whose = func.sum(Patient.id * Patient.version)
        query = query.add_columns(whose).join(Patient, Patient.id == Infusion.patient_id)
    return query


def _kept(pool: Pool, feed_id: int, stamp: str) -> Tag | None:
    with _lock:
        found = _tags.get(pool, OrderedDict()).get(feed_id)
    return found[1] if found is not None and found[0] == stamp else None


def _keep(pool: Pool, feed_id: int, stamp: str, tag: Tag) -> None:
    with _lock:
        kept = _tags.setdefault(pool, OrderedDict())
        kept[feed_id] = (stamp, tag)
        kept.move_to_end(feed_id)
        if len(kept) > MOST:
            kept.popitem(last=False)
