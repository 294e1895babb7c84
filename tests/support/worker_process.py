"""A worker in a process of its own, as the tests start it.

`run` is the worker itself; `deliver` sends what is due once; `die` sends one message and is killed, as
by a power cut, before it can record anything; `freeze` sends one and stands still past its lease until it is
woken: what the test lets the other worker's clock skip, this one's has skipped then too.
"""

import os
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path

from scheduler import clock
from scheduler.channels.result import Result
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.outbox.actions import Ready
from scheduler.features.outbox.actions.claim import LEASE
from scheduler.worker.deliver import Post, deliver_due
from scheduler.worker.run import run_worker, worker_name
from scheduler.worker.transports import Transport
from tests.support.post import smtp

BLOWS = {"die": signal.SIGKILL, "freeze": signal.SIGSTOP}


class Stricken:
    """Sends by the real door, then the process gets `blow` before it can record anything."""

    def __init__(self, door: Transport, blow: signal.Signals) -> None:
        self._door, self._blow = door, blow
        self._slept = timedelta()

    def now(self) -> datetime:
        """The time, as after a sleep past the lease."""
        return clock.now() + self._slept

    def send(self, ready: Ready) -> Result:
        """Send, and be struck."""
        result = self._door.send(ready)
        os.kill(os.getpid(), self._blow)
        self._slept += LEASE
        return result

    def close(self) -> None:
        """Nobody is left to close anything."""


def main(mode: str, database_url: str, smtp_url: str, home: str) -> None:
    """Be the worker that the test asks for."""
    if mode == "run":
        run_worker(
            Config(
                home=Path(home), database_url=database_url, secret_key="x", smtp_url=smtp_url, worker_tick_s=1
            )
        )
        return
    door: Transport = smtp(smtp_url)
    blow = BLOWS.get(mode)
    sender = Stricken(door, blow) if blow else door
    now = sender.now if isinstance(sender, Stricken) else clock.now
    post = Post(Database(database_url), sender, worker_name(), now, base_url="https://clinic.example")
    deliver_due(post)
    door.close()
    post.database.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
