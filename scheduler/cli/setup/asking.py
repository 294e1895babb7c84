"""Where answers come from: a person at the terminal, who is asked again, or a file, which is refused."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

import click

from scheduler.errors import RuleError

T = TypeVar("T")
Reader = Callable[[str], T]


class Answers(Protocol):
    """What the parts of the setup ask of either."""

    def ask(self, key: str, label: str, default: str, read: Reader[T]) -> T:
        """The answer, read; `default` is what stands there already or is usual."""

    def secret(self, key: str, label: str, read: Reader[T]) -> T:
        """The same, for what nobody may look at."""

    def agree(self, key: str, label: str, *, default: bool) -> bool:
        """Yes or no."""

    def people(self) -> list["Answers"]:
        """Further people that are known beforehand; none where each is asked for."""

    def say(self, words: str) -> None:
        """A line to whoever reads along."""


class Terminal:
    """A person. What can't be taken is said, and asked again."""

    def ask(self, key: str, label: str, default: str, read: Reader[T]) -> T:
        """Ask until the answer can be taken; Enter takes the default."""
        while True:
            typed = click.prompt(label, default=default, show_default=bool(default))
            try:
                return read("" if typed == "-" else typed)
            except RuleError as error:
                click.echo(f"  {error.sentence}")

    def secret(self, key: str, label: str, read: Reader[T]) -> T:
        """Ask without showing what is typed, twice."""
        while True:
            typed = click.prompt(label, hide_input=True, confirmation_prompt="Once more")
            try:
                return read(typed)
            except RuleError as error:
                click.echo(f"  {error.sentence}")

    def agree(self, key: str, label: str, *, default: bool) -> bool:
        """Yes or no; Enter takes the default."""
        return click.confirm(label, default=default)

    def people(self) -> list[Answers]:
        """Nobody is known beforehand."""
        return []

    def say(self, words: str) -> None:
        """A line."""
        click.echo(words)


class Written:
    """The answers of a file: a table of texts, with tables of people under `staff`."""

    def __init__(self, table: Mapping[str, Any], where: str = "") -> None:
        self.table, self.where = table, where

    def ask(self, key: str, label: str, default: str, read: Reader[T]) -> T:
        """The file's answer or the default. Raises RuleError that names the key."""
        value = self.table.get(key, default)
        try:
            return read(value if isinstance(value, str) else str(value))
        except RuleError as error:
            raise RuleError(f"{self.where}{key}: {error.sentence}") from None

    def secret(self, key: str, label: str, read: Reader[T]) -> T:
        """The same as any other answer."""
        return self.ask(key, label, "", read)

    def agree(self, key: str, label: str, *, default: bool) -> bool:
        """`true` or `false` of the file, or the default."""
        return bool(self.table.get(key, default))

    def people(self) -> list[Answers]:
        """The tables under `staff`."""
        rows = self.table.get("staff", [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise RuleError("staff: Write each person as a table of its own, [[staff]].")
        return [Written(row, f"staff {number}, ") for number, row in enumerate(rows, 1)]

    def say(self, words: str) -> None:
        """A line."""
        click.echo(words)
