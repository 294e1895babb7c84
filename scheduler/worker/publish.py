"""Keep the calendars on the clinic's own server right: take, compare, put right, record.

A look compares all that should stand there with all that does, so it does not matter what happened since the
last one: a change, a week without a network, somebody's edits. It runs beside the tick, so that no message
waits for a slow calendar server.
"""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from scheduler.channels.caldav import CalendarServerError
from scheduler.db import Database
from scheduler.features.calendars.publishing.plan import Plan, Put, digest, file_name, plan_of
from scheduler.features.calendars.publishing.take import (
    Claim,
    Done,
    claim_calendar,
    note_intents,
    record_look,
)
from scheduler.features.calendars.publishing.wanted import wanted_of

log = structlog.get_logger()

LOOK_SECONDS = 20
LONGEST_LOOK = timedelta(minutes=3)
BROKE = "The worker broke off here. It tries again; its log says where."


class Server(Protocol):
    """What calendars are kept on."""

    def tags(self, calendar: str) -> dict[str, str]:
        """The tag of every entry, by file name."""

    def put(self, calendar: str, name: str, body: bytes, tag: str | None) -> str | None:
        """Write an entry over the one with `tag`, or a new one; gives its tag."""

    def delete(self, calendar: str, name: str, tag: str) -> None:
        """Remove the entry with `tag`."""


@dataclass
class Publisher:
    """One worker's means: its database, its server, its name, its clock, and the chance in its waits."""

    database: Database
    server: Server
    worker: str
    now: Callable[[], datetime]
    chance: random.Random = field(default_factory=random.Random)


def look(publisher: Publisher, is_stopping: Callable[[], bool] = lambda: False) -> None:
    """Put right every calendar that is due. Never raises: it must look again."""
    try:
        while not is_stopping():
            claim = publisher.database.attempt(
                lambda session: claim_calendar(session, publisher.now(), publisher.worker)
            )
            if claim is None:
                return
            _keep(publisher, claim, is_stopping)
    except Exception:
        log.exception("publishing_broke")


def _keep(publisher: Publisher, claim: Claim, is_stopping: Callable[[], bool]) -> None:
    written: dict[str, Put] = {}
    removed: set[str] = set()
    error, unfinished = None, False
    try:
        unfinished = not _put_right(publisher, claim, written, removed, is_stopping)
    except CalendarServerError as refused:
        error = str(refused)
    except Exception:
        log.exception("calendar_not_published", calendar=claim.calendar_id)
        error = BROKE
    done = Done(written, removed, error, unfinished)
    recorded = publisher.database.attempt(
        lambda session: record_look(session, publisher.now(), claim, done, publisher.chance)
    )
    told = log.info if recorded else log.warning
    told(
        "calendar_looked_at" if recorded else "calendar_result_too_late",
        calendar=claim.calendar_id, written=len(written), removed=len(removed), failed=error is not None,
    )  # fmt: skip


def _put_right(
    publisher: Publisher,
    claim: Claim,
    written: dict[str, Put],
    removed: set[str],
    is_stopping: Callable[[], bool],
) -> bool:
    """Do what is to be done, noting each step in `written` and `removed`; False where time ran out before."""
    wanted = _wanted(publisher, claim)
    plan = plan_of(wanted, claim.known, publisher.server.tags(claim.url))
    uids = list(plan.write)
    if not publisher.database.attempt(lambda session: note_intents(session, publisher.now(), claim, uids)):
        return True
    end = time.monotonic() + LONGEST_LOOK.total_seconds()
    for uid, tag in plan.delete.items():
        if is_stopping() or time.monotonic() > end:
            return False
        if tag is not None:
            publisher.server.delete(claim.url, file_name(uid), tag)
        removed.add(uid)
    return _write(publisher, claim, wanted, plan, written, lambda: is_stopping() or time.monotonic() > end)


def _write(
    publisher: Publisher,
    claim: Claim,
    wanted: Mapping[str, bytes],
    plan: Plan,
    written: dict[str, Put],
    is_over: Callable[[], bool],
) -> bool:
    for uid, tag in plan.write.items():
        if is_over():
            return False
        given = publisher.server.put(claim.url, file_name(uid), wanted[uid], tag)
        written[uid] = Put(digest(wanted[uid]), given)
    silent = [uid for uid, put in written.items() if put.tag is None]
    if silent:  # The server rewrote them, or does not say: what stands there now is asked once for all.
        there = publisher.server.tags(claim.url)
        written.update({uid: Put(written[uid].digest, there.get(file_name(uid))) for uid in silent})
    return True


def _wanted(publisher: Publisher, claim: Claim) -> dict[str, bytes]:
    if claim.is_ending:
        return {}
    with publisher.database.read() as session:
        return wanted_of(session, claim.user_id, publisher.now())
