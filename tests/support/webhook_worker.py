"""A worker in a process of its own that tells one event and is killed before it can record it."""

import os
import signal
import sys

from scheduler import clock
from scheduler.channels.result import Result
from scheduler.channels.webhook import Call, WebhookChannel
from scheduler.db import Database
from scheduler.worker.webhooks import Teller, tell_due


class Deadly:
    """Sends by the real door, then the process is gone."""

    def send(self, call: Call) -> Result:
        """Send and die."""
        WebhookChannel(private=True).send(call)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("unreachable")


if __name__ == "__main__":
    tell_due(Teller(Database(sys.argv[1]), Deadly(), "worker-0", clock.now))
