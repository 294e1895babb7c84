"""`web` and `worker`: one process each, as many of them as a clinic needs on PostgreSQL.

The web server is gunicorn with threads. Its processes are forked before the application is made,
so that no two of them ever share a connection to the database.
"""

import os
import signal
import socket
import threading
from collections.abc import Callable
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from scheduler.app import create_app
from scheduler.cli.ready import address_of, bring_up_to_date, listen, refuse_public_demo, say, settings
from scheduler.config import Config
from scheduler.web.logs import configure_logs
from scheduler.worker.run import run_worker

PROCESSES = 2
THREADS = 4
GRACE_SECONDS = 10
QUIET = {"info": "warning"}  # Under `run` the terminal is for people.


class Server(BaseApplication):
    """gunicorn around `create_app`, on a socket that listens already."""

    def __init__(self, config: Config, listener: socket.socket) -> None:
        self.config = config
        self.listener = listener
        super().__init__()

    def load_config(self) -> None:
        """Set what differs from gunicorn's own defaults."""
        settings: dict[str, Any] = {
            "bind": [f"fd://{self.listener.detach()}"],
            "worker_class": "gthread",
            "workers": PROCESSES,
            "threads": THREADS,
            "graceful_timeout": GRACE_SECONDS,
            "loglevel": "warning",
            "control_socket_disable": True,
            # Whether a proxy may be believed is SIXFOLD_PROXIES' business alone.
            "forwarded_allow_ips": "",
            "secure_scheme_headers": {},
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application, inside the forked process."""
        return create_app(self.config)


def tied(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options by which `run` hands on its port and its life."""
    command = click.option("--port", type=int, hidden=True)(command)
    return click.option("--tied-to", type=int, hidden=True)(command)


@click.command()
@click.option("--fd", type=int, hidden=True)
@tied
def web(fd: int | None, port: int | None, tied_to: int | None) -> None:
    """Serve the web application on HOST and PORT."""
    config = settings(port)
    configure_logs(_level(config, tied_to))
    if fd is None:
        bring_up_to_date(config)
        refuse_public_demo(config)
        listener = listen(config)
        say(f"Sixfold listens on {address_of(listener)} (Ctrl-C stops it).")
    else:
        listener = socket.socket(fileno=fd)
    end_with(tied_to)
    Server(config, listener).run()


@click.command()
@tied
def worker(port: int | None, tied_to: int | None) -> None:
    """Send what is due: one process beside any number of web servers, or several on PostgreSQL."""
    config = settings(port)
    configure_logs(_level(config, tied_to))
    if tied_to is None:
        bring_up_to_date(config)
    end_with(tied_to)
    run_worker(config)


def _level(config: Config, tied_to: int | None) -> str:
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
