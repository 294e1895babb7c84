"""`worker`: one beside any number of web servers, or several on PostgreSQL.

It stands apart from `web` and imports nothing of it: the worker takes its signals in a thread that waits for
them, and numerical libraries, which come with the planner, start threads of their own that would catch them.
"""

import click

from scheduler.cli.ready import bring_up_to_date, settings
from scheduler.cli.tied import end_with, log_level, tied
from scheduler.web.logs import configure_logs
from scheduler.worker.run import run_worker


@click.command()
@tied
def worker(port: int | None, tied_to: int | None) -> None:
    """Send what is due."""
    config = settings(port)
    configure_logs(log_level(config, tied_to))
    if tied_to is None:
        bring_up_to_date(config)
    end_with(tied_to)
    run_worker(config)
