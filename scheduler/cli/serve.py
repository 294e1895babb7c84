"""`web`: the web server, as many of them as a clinic needs on PostgreSQL.

It is gunicorn with threads. Its processes are forked before the application is made,
so that no two of them ever share a connection to the database.
"""

import socket
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from scheduler.app import create_app
from scheduler.cli.ready import address_of, bring_up_to_date, listen, refuse_public_demo, say, settings
from scheduler.cli.tied import end_with, log_level, tied
from scheduler.config import Config
from scheduler.web.logs import configure_logs

PROCESSES = 2
THREADS = 4
GRACE_SECONDS = 10


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


@click.command()
@click.option("--fd", type=int, hidden=True)
@tied
def web(fd: int | None, port: int | None, tied_to: int | None) -> None:
    """Serve the web application on HOST and PORT."""
    config = settings(port)
    configure_logs(log_level(config, tied_to))
    if fd is None:
        bring_up_to_date(config)
        refuse_public_demo(config)
        listener = listen(config)
        say(f"Sixfold listens on {address_of(listener)} (Ctrl-C stops it).")
    else:
        listener = socket.socket(fileno=fd)
    end_with(tied_to)
    Server(config, listener).run()
