"""The lock as a state machine: open, locked, over. Pure, with the time as an argument.

A log-in that nobody uses locks; one that stays unused for longer is over, and only a password begins a new
one. Whoever sits before a locked one is nobody to the server, so a lock is not a curtain that a script draws:
it holds for every tab, for a page from the browser's memory, and for whoever switches the script off.

The lock is not written down when its time comes: it follows from when the log-in was used last, and what is
locked can't be used. So no clock has to tick for it, and a page that refreshes itself, which is no use, can
neither bring it about nor put it off.

The tries at the PIN are counted before they are looked at. The last one that fails ends the log-in.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

MOST_WRONG = 5
USUAL_LOCK = timedelta(minutes=15)


class Stage(StrEnum):
    """What a log-in is at an instant."""

    OPEN = "open"
    LOCKED = "locked"
    OVER = "over"


@dataclass(frozen=True)
class Limits:
    """After which times without use a log-in locks and is over. A lock that would come later never comes."""

    lock: timedelta = USUAL_LOCK
    idle: timedelta = timedelta(minutes=30)


@dataclass(frozen=True)
class Watch:
    """What decides: the last use, the lock by hand, the tries at the PIN, and the end in any case.

    `ended` says that it was ended before its time: signed out, or by too many tries.
    """

    last_seen_at: datetime
    ends_at: datetime
    locked_at: datetime | None = None
    wrong: int = 0
    ended: bool = False

    def stage(self, at: datetime, limits: Limits) -> Stage:
        """What the log-in is at `at`."""
        unused = at - self.last_seen_at
        if self.ended or self.wrong > MOST_WRONG or at >= self.ends_at or unused >= limits.idle:
            return Stage.OVER
        if self.locked_at is not None or unused >= limits.lock:
            return Stage.LOCKED
        return Stage.OPEN

    def used(self, at: datetime, limits: Limits) -> "Watch":
        """After something that a person did: only what is open can be used."""
        if self.stage(at, limits) is not Stage.OPEN:
            return self
        return replace(self, last_seen_at=max(self.last_seen_at, at))

    def locked(self, at: datetime, limits: Limits) -> "Watch":
        """After somebody locked it by hand."""
        return replace(self, locked_at=at) if self.stage(at, limits) is Stage.OPEN else self

    def tried(self, at: datetime, limits: Limits) -> "Watch":
        """After a try was counted, before it is looked at."""
        return replace(self, wrong=self.wrong + 1) if self.stage(at, limits) is Stage.LOCKED else self

    def judged(self, at: datetime, limits: Limits, *, fits: bool) -> "Watch":
        """After a counted try was looked at: it opens the lock, or was one more wrong one, or the last."""
        if self.stage(at, limits) is not Stage.LOCKED:
            return self
        if fits:
            return replace(self, locked_at=None, wrong=0, last_seen_at=at)
        return replace(self, ended=self.wrong >= MOST_WRONG)

    def seconds_left(self, at: datetime, limits: Limits) -> int:
        """How long until it locks if nobody uses it, in whole seconds; 0 where it is not open."""
        if self.stage(at, limits) is not Stage.OPEN:
            return 0
        return max(1, int((self.last_seen_at + limits.lock - at).total_seconds()))
