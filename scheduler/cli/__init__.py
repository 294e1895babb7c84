"""The commands: `python -m scheduler NAME`.

Each command is imported only when it is called, so that `plan` starts without the web and `web`
without the demo's generator.
"""

import importlib
import sys

import click

from scheduler.errors import SixfoldError

COMMANDS = {  # name: module of this package that holds a click command of that name
    "run": "run",
    "web": "serve",
    "worker": "work",
    "setup": "setup",
    "demo": "demo",
    "staff": "staff",
    "token": "token",
    "plan": "plan",
    "backup": "backup",
    "restore": "restore",
    "export": "export",
    "verify": "verify",
    "audit": "audit",
}


class LazyGroup(click.Group):
    """A group that knows its commands' names and imports their modules late."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"scheduler.cli.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        return command


@click.group(cls=LazyGroup)
def sixfold() -> None:
    """Sixfold schedules and tracks infusion courses."""


def main() -> None:
    """Run a command; an error of ours is one line and exit status 1, a wrong call is 2."""
    try:
        sixfold.main(prog_name="python -m scheduler")
    except SixfoldError as error:
        click.echo(error.sentence, err=True)
        sys.exit(1)
