"""`run`: everything on one machine, for a look at Sixfold or a small clinic.

Makes what is missing (folder, tables, demo clinic), then keeps the web server and the worker running
side by side: a worker that dies is started again, and without a web server there is nothing to run.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time

import click

from scheduler.cli.demo import fill_if_empty
from scheduler.cli.demo.logins import as_lines
from scheduler.cli.ready import address_of, bring_up_to_date, listen, refuse_public_demo, say, settings
from scheduler.features.accounts.demo_logins import demo_allowed

LOOK_SECONDS = 0.25
STOP_SECONDS = 20
LONGEST_PAUSE = 30.0
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@click.command()
def run() -> None:
    """Start the web server and the worker; an empty database gets the demo clinic."""
    config = settings()
    listener = listen(config)  # First of all: a taken port is told at once, not after the demo is made.
    bring_up_to_date(config)
    address = config.base_url if config.port else address_of(listener)
    if demo_allowed(config):
        say(as_lines(fill_if_empty(config, address)))
    refuse_public_demo(config)
    pair = Pair(listener)
    say(f"Sixfold is at {address} (Ctrl-C stops it).")
    sys.exit(pair.watch())


class Pair:
    """The web server and the worker as processes of their own.

    Each is in a process group of its own, so that Ctrl-C reaches us alone and we stop them in order;
    and holds the reading end of a pipe, so that it ends too when we are killed.
    """

    def __init__(self, listener: socket.socket) -> None:
        self.stopping = threading.Event()
        for number in STOPS:
            signal.signal(number, lambda *_: self.stopping.set())
        self._theirs, self._ours = os.pipe()
        self._port = str(listener.getsockname()[1])
        self._pause, self._next_start = 1.0, 0.0
        self.web = self._start("web", "--fd", str(listener.fileno()), keep=listener.fileno())
        self.worker = self._start("worker")
        listener.close()

    def watch(self) -> int:
        """Wait until we are told to stop (0) or the web server is gone (1), then stop what is left."""
        while not self.stopping.wait(LOOK_SECONDS):
            if self.web.poll() is not None:
                click.echo("The web server has ended by itself; what it said stands above.", err=True)
                break
            if self.worker.poll() is not None:
                self._revive_worker()
        gone = self.web.poll() is not None
        self._stop()
        return 1 if gone else 0

    def _start(self, command: str, *words: str, keep: int | None = None) -> subprocess.Popen[bytes]:
        kept = (self._theirs,) if keep is None else (self._theirs, keep)
        tied = ("--port", self._port, "--tied-to", str(self._theirs))
        return subprocess.Popen(
            [sys.executable, "-m", "scheduler", command, *tied, *words], pass_fds=kept, process_group=0
        )

    def _revive_worker(self) -> None:
        """Start it again, at once the first time, later each further time."""
        now = time.monotonic()
        if self._next_start == 0.0:
            click.echo(
                f"The worker has ended (status {self.worker.returncode}); it is started again.", err=True
            )
            self._next_start = now + self._pause - 1.0
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
        if now >= self._next_start:
            self.worker = self._start("worker")
            self._next_start = 0.0

    def _stop(self) -> None:
        both = [process for process in (self.web, self.worker) if process.poll() is None]
        for process in both:
            process.terminate()
        for process in both:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        os.close(self._ours)
