"""A worker in the test's own process, with a clock that the test moves."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from scheduler.channels.result import Outcome, Result
from scheduler.channels.smtp import SmtpChannel, SmtpSettings
from scheduler.db import Database
from scheduler.features.outbox.actions import Ready
from scheduler.worker.deliver import Post
from scheduler.worker.transports import FileTransport, SmtpTransport, Transport

BASE = "https://clinic.example"


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    at: datetime

    def now(self) -> datetime:
        """The time it shows."""
        return self.at

    def move(self, **by: float) -> None:
        """Move it on, by the words of `timedelta`."""
        self.at += timedelta(**by)


@dataclass
class Recorder:
    """A door that keeps what leaves by it, and says what the test wants said."""

    answers: list[Result] = field(default_factory=list)
    sent: list[Ready] = field(default_factory=list)

    def send(self, ready: Ready) -> Result:
        """Keep it."""
        self.sent.append(ready)
        return self.answers.pop(0) if self.answers else Result(Outcome.SENT, "Taken.")

    def close(self) -> None:
        """Nothing is open."""


def post(database: Database, transport: Transport, clock: Clock, worker: str = "worker-1") -> Post:
    """One worker's means, with the same chance each time."""
    return Post(database, transport, worker, clock.now, random.Random(7), base_url=BASE)


def smtp(url: str, timeout: float = 5.0, total: float = 10.0) -> SmtpTransport:
    """The door to a mail server."""
    return SmtpTransport(SmtpChannel(SmtpSettings.from_url(url), timeout=timeout, total=total))


def files(folder: Path) -> FileTransport:
    """The door to a folder."""
    return FileTransport(folder)
