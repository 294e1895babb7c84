"""`setup`: asks a new clinic what it needs to start; run again, it adds nothing twice."""

import sys
import tomllib
from pathlib import Path

import click

from scheduler.cli.ready import bring_up_to_date, settings
from scheduler.cli.setup.asking import Answers, Terminal, Written
from scheduler.cli.setup.people import set_up_people
from scheduler.cli.setup.place import set_up_chairs, set_up_hours, set_up_site
from scheduler.cli.setup.rules import set_up_protocols, set_up_reminders
from scheduler.db import Database
from scheduler.errors import RuleError

NO_TERMINAL = "This is no terminal to ask on. Give the answers in a file: setup --answers FILE."
DONE = "The clinic can begin. An administrator changes all of this under Settings."


@click.command()
@click.option(
    "--answers",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A TOML file with the answers, where nobody sits at a terminal.",
)
def setup(file: Path | None) -> None:
    """Ask for site, hours, chairs, staff and protocols; Enter keeps what is there."""
    answers = _answers(file)
    config = settings()
    bring_up_to_date(config)
    database = Database(config.database_url)
    try:
        site_id = set_up_site(database, answers)
        week = set_up_hours(database, answers, site_id)
        set_up_chairs(database, answers, site_id)
        set_up_people(database, answers, site_id, week)
        set_up_protocols(database, answers)
        set_up_reminders(database, answers)
    finally:
        database.dispose()
    answers.say(DONE)


def _answers(file: Path | None) -> Answers:
    if file is not None:
        try:
            return Written(tomllib.loads(file.read_text("utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise RuleError(f"{file.name} can't be read as TOML: {error}.") from None
    if not is_terminal():
        raise RuleError(NO_TERMINAL)
    return Terminal()


def is_terminal() -> bool:
    """Whether a person can be asked."""
    return sys.stdin.isatty()
