"""What `web` and `worker` need to run as halves of `run`: its port, its quiet, and its end as theirs."""

import os
import signal
import threading
from collections.abc import Callable

import click

from scheduler.config import Config

QUIET = {"info": "warning"}  # Under `run` the terminal is for people.


def tied(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options by which `run` hands on its port and its life."""
    command = click.option("--port", type=int, hidden=True)(command)
    return click.option("--tied-to", type=int, hidden=True)(command)


def log_level(config: Config, tied_to: int | None) -> str:
    """Which lines go to the terminal."""
    return config.log_level if tied_to is None else QUIET.get(config.log_level, config.log_level)


def end_with(pipe: int | None) -> None:
    """End this process when the other end of `pipe` closes: even a killed `run` leaves nothing behind."""
    if pipe is None:
        return

    def watch() -> None:
        # A signal may arrive in any thread that lets it; it is meant for the main one.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
        os.read(pipe, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()
