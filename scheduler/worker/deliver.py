"""Send what is due: claim, look again, send, record.

No transaction is open while a message is on its way, so a slow mail server holds no lock. While one is on its
way the next is made ready: waiting for a server and writing words cost little beside each other, and much one
after the other. Nothing goes out before its claim is committed, nor before what came of the last one is: so a
worker that dies leaves one message of which nobody knows whether it arrived, and never two. Where the last
one has landed by the time the next is ready, both are committed as one; nobody waits for that with a
transaction open.

Made ready early must not mean sent on old facts. What was looked at longer ago than `FRESH` when its turn
comes (a slow server, a worker that was frozen) is looked at again before it goes, its claim with it. And
what waits behind a door that closes is given back untried.

Whatever breaks for one message is recorded with that message, and the next one is taken.
"""

import random
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from scheduler.actor import WORKER
from scheduler.channels.result import Result
from scheduler.db import Database
from scheduler.features.outbox.actions import (
    Claim,
    Ready,
    Settled,
    claim_next,
    give_back,
    hold_lapsed_texts,
    prepare,
    record_result,
)
from scheduler.features.outbox.actions.record import Handover, Outcome
from scheduler.features.outbox.queries.sending import paused
from scheduler.features.reminders.texts.carrier import stopped_by_carrier
from scheduler.models import Channel
from scheduler.worker.transports import Transport

log = structlog.get_logger()

LONGEST_ROUND = timedelta(seconds=60)
"""After this a round ends, so that reminders are derived and the pulse is seen even on a busy day."""

FRESH = timedelta(milliseconds=100)
"""So long what was looked at counts as true; a server that answers is faster by far."""

BROKEN = "Something broke while the message was being written. It is tried again."


@dataclass
class Post:
    """One worker's means: its database, its door, its name, its clock, the chance in its waits.

    `base_url` is the application's own address, which links in messages begin with.
    """

    database: Database
    transport: Transport
    worker: str
    now: Callable[[], datetime]
    base_url: str = field(kw_only=True)
    chance: random.Random = field(default_factory=random.Random)


@dataclass(frozen=True)
class Made:
    """A message that is ours and ready to go, and when it was looked at."""

    claim: Claim
    ready: Ready
    looked_at: datetime


@dataclass(frozen=True)
class Flight:
    """A message on its way."""

    claim: Claim
    landing: Future[Result]

    @property
    def handover(self) -> Handover:
        """What came of it, as soon as it has landed."""
        result = self.landing.result()
        return Handover(
            Outcome(result.outcome.value),
            result.detail,
            result.retry_after_s,
            result.provider_id,
            result.no_such_address,
        )


@dataclass
class Turn:
    """What one transaction has brought: the next message, and whether the last one was still ours to record.

    `recorded` is None where the last one had not landed in time.
    """

    claim: Claim | None
    ready: Ready | Settled | None = None
    recorded: bool | None = None


def deliver_due(post: Post, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Send all that is due, for a minute at most; give how many messages were dealt with.

    A server that can't be reached at all ends the round for its channel: the message that found out waits
    its turn, and the others keep theirs without a try being counted against them.
    """
    with post.database.held() as database:
        with database.write() as session:
            hold_lapsed_texts(session, post.now())
        # One thread: messages go out one after the other, on one connection.
        with ThreadPoolExecutor(1, "door") as door:
            return _Round(replace(post, database=database), door, is_stopping).run()


class _Round:
    """One round: what is on its way, and the doors that are open."""

    def __init__(self, post: Post, door: ThreadPoolExecutor, is_stopping: Callable[[], bool]) -> None:
        self._post = post
        self._door = door
        self._is_stopping = is_stopping
        self._end = post.now() + LONGEST_ROUND
        self._reached = set(Channel)
        self._count = 0
        self._flight: Flight | None = None

    def run(self) -> int:
        """Send until nothing is due, time is up or no door is open; give the number dealt with."""
        goes_on = True
        while goes_on:
            made, goes_on = self._next_one() if self._may_go_on() else (None, False)
            goes_on |= self._land()
            if made is not None:
                self._let_go(made)
        return self._count

    def _may_go_on(self) -> bool:
        return bool(self._reached) and not self._is_stopping() and self._post.now() < self._end

    def _next_one(self) -> tuple[Made | None, bool]:
        """Take the next: ready to go, or None where it is settled; and whether any was due."""
        looked_at = self._post.now()
        turn = _next(self._post, self._reached, self._flight)
        landed = turn.recorded is not None
        if self._flight is not None and turn.recorded is not None:
            self._settle(self._flight, is_ours=turn.recorded)
        if turn.claim is None:
            return None, landed
        self._count += 1
        made = Made(turn.claim, turn.ready, looked_at) if isinstance(turn.ready, Ready) else None
        return made, True

    def _land(self) -> bool:
        """Wait for what is on its way and record what came of it; whether anything was."""
        if self._flight is None:
            return False
        flight, post = self._flight, self._post
        self._settle(flight, is_ours=_record(post, flight.claim, flight.handover))
        return True

    def _settle(self, flight: Flight, *, is_ours: bool) -> None:
        """What came of it is recorded: say so, and close the door that it found shut."""
        _say(flight.claim, flight.handover, is_ours=is_ours)
        self._reached -= {flight.claim.channel} if flight.landing.result().server_down else set()
        self._flight = None

    def _let_go(self, made: Made) -> None:
        """Send it on its way, if its door is still open and what it says still true."""
        post, claim = self._post, made.claim
        if claim.channel not in self._reached or self._is_stopping():
            post.database.attempt(lambda session: give_back(session, post.now(), post.worker, claim))
            self._count -= 1
            return
        ready: Ready | Settled | None = made.ready
        if post.now() - made.looked_at > FRESH:
            ready = _prepared_alone(post, claim)
        if isinstance(ready, Ready):
            self._flight = Flight(claim, self._door.submit(post.transport.send, ready))


def _next(post: Post, reached: set[Channel], flight: Flight | None) -> Turn:
    """Take the next message and make it ready, in one transaction, with what came of the one before.

    Where that breaks, each step is done for itself: a message that can't be written has its own record.
    """
    try:
        return post.database.attempt(lambda session: _in_one(session, post, reached, flight))
    except Exception:
        log.exception("messages_one_by_one")
    claim = post.database.attempt(lambda session: _claimed(session, post, reached))
    return Turn(claim, None if claim is None else _prepared_alone(post, claim))


def _in_one(session: Session, post: Post, reached: set[Channel], flight: Flight | None) -> Turn:
    turn = Turn(_claimed(session, post, reached))
    if turn.claim is not None:
        turn.ready = _prepared(session, post, turn.claim)
    if flight is not None and flight.landing.done():
        turn.recorded = _note(session, post, flight.claim, flight.handover)
    return turn


def _claimed(session: Session, post: Post, reached: set[Channel]) -> Claim | None:
    return claim_next(session, post.now(), post.worker, channels=reached)


def _prepared_alone(post: Post, claim: Claim) -> Ready | Settled | None:
    """Look at a claimed message in a transaction of its own; what breaks is recorded with it."""
    try:
        return post.database.attempt(lambda session: _looked_again(session, post, claim))
    except Exception:
        log.exception("message_not_written", message=claim.message_id)
        broken = Handover(Outcome.TEMPORARY, BROKEN)
        _say(claim, broken, is_ours=_record(post, claim, broken))
        return None


def _looked_again(session: Session, post: Post, claim: Claim) -> Ready | Settled | None:
    """The message as it is now; None where sending was paused since, and it waits again."""
    if paused(session) is not None:
        give_back(session, post.now(), post.worker, claim)
        return None
    return _prepared(session, post, claim)


def _prepared(session: Session, post: Post, claim: Claim) -> Ready | Settled | None:
    return prepare(session, post.now(), post.worker, claim, post.base_url)


def _record(post: Post, claim: Claim, handover: Handover) -> bool:
    """Write down what came of a try; False where the message is not ours any more."""
    return post.database.attempt(lambda session: _note(session, post, claim, handover))


def _say(claim: Claim, handover: Handover, *, is_ours: bool) -> None:
    if is_ours:
        log.info("message_tried", message=claim.message_id, outcome=handover.outcome.value)
    else:
        # Another worker has taken it since: this one was frozen past its lease. What it did is not undone,
        # and what the other one records stands.
        log.warning("message_result_too_late", message=claim.message_id, fence=claim.fence)


def _note(session: Session, post: Post, claim: Claim, handover: Handover) -> bool:
    at = post.now()
    recorded = record_result(session, at, post.worker, claim, handover, post.chance)
    if recorded and handover.no_such_address and claim.channel is Channel.SMS:
        stopped_by_carrier(session, WORKER, at, claim.message_id, handover.detail)
    return recorded
