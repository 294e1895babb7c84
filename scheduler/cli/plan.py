"""`plan`: one course from two files, or a folder of them (PLANNING.md section 7)."""

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

import click

from scheduler import planning
from scheduler.cli.plan_words import explanation_text, plan_text
from scheduler.planning import Bookings, Clinic, Explanation, FormatError, Plan, Request

_MOST_ALTERNATIVES = 50


class BrokenFile(click.ClickException):
    """One line about a file, and exit status 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """The line alone, without a heading."""
        click.echo(self.message, err=True, file=file)


@dataclass(frozen=True, slots=True)
class _Answer:
    plan: Plan | None
    alternatives: list[Plan]
    explanation: Explanation | None


@click.command()
@click.argument("clinic", required=False)
@click.argument("request_file", metavar="REQUEST", required=False)
@click.option(
    "--alternatives",
    "wanted",
    type=click.IntRange(0, _MOST_ALTERNATIVES),
    metavar="K",
    help="Also give up to K further plans that really differ.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
@click.option(
    "--batch", metavar="DIR", help="Plan every CLINIC_reqN.json of a folder, one line of JSON each."
)
def plan(
    clinic: str | None, request_file: str | None, wanted: int | None, as_json: bool, batch: str | None
) -> None:
    """Plan one course: REQUEST against CLINIC, both JSON files; - is standard input."""
    if batch is not None:
        if clinic is not None or wanted is not None:
            raise click.UsageError("--batch takes a folder and nothing else.")
        _plan_folder(Path(batch))
        return
    if clinic is None or request_file is None:
        raise click.UsageError("Give a clinic file and a request file, or --batch and a folder.")
    if clinic == request_file == "-":
        raise click.UsageError("Only one of the two files can be standard input.")
    capacity, bookings = _clinic(clinic)
    request = _request(request_file, capacity)
    answer = _answer(capacity, bookings, request, wanted or 0)
    if as_json:
        alternatives = answer.alternatives if wanted is not None else None
        click.echo(json.dumps(planning.answer_json(answer.plan, alternatives, answer.explanation), indent=1))
    else:
        click.echo("\n".join(_lines(answer, request)))


def _answer(clinic: Clinic, bookings: Bookings, request: Request, wanted: int) -> _Answer:
    """The plan with what goes with it; the explanation only where there is none."""
    field = planning.survey(planning.prepare(clinic, *planning.window(request)), bookings, request)
    tables = planning.tabulate(field, request.weights)
    best = planning.best(tables)
    if best is None:
        return _Answer(None, [], planning.explain(clinic, bookings, request))
    return _Answer(best, planning.alternatives(tables, wanted), None)


def _lines(answer: _Answer, request: Request) -> Iterator[str]:
    if answer.explanation is not None:
        yield from explanation_text(answer.explanation, request)
    if answer.plan is not None:
        yield from plan_text("Plan", answer.plan)
    for at, other in enumerate(answer.alternatives, start=1):
        yield ""
        yield from plan_text(f"Alternative {at}", other)


def _plan_folder(folder: Path) -> None:
    """One line of JSON for each request; a broken file is told, passed over and ends in status 2."""
    if not folder.is_dir():
        raise BrokenFile(f"{folder}: this is not a folder")
    read_clinic = lru_cache(maxsize=1)(_clinic)
    broken = False
    for path in sorted(folder.glob("*_req*.json")):
        clinic, _, number = path.stem.rpartition("_req")
        if not number.isdigit():
            continue  # CLINIC_reqN.expected.json, and files of other kinds
        try:
            click.echo(json.dumps(_timed(*read_clinic(str(folder / f"{clinic}.json")), path)))
        except BrokenFile as error:
            broken = True
            error.show()
    if broken:
        sys.exit(BrokenFile.exit_code)


def _timed(clinic: Clinic, bookings: Bookings, path: Path) -> dict[str, Any]:
    request = _request(str(path), clinic)
    start = time.perf_counter()
    best = planning.plan(clinic, bookings, request)
    spent = (time.perf_counter() - start) * 1000
    return {**planning.answer_json(best), "request": path.stem, "ms": round(spent, 3)}


def _clinic(name: str) -> tuple[Clinic, Bookings]:
    try:
        return planning.read_clinic(_text(name))
    except FormatError as error:
        raise BrokenFile(f"{_shown(name)}: {error}") from None


def _request(name: str, clinic: Clinic) -> Request:
    try:
        return planning.read_request(_text(name), clinic)
    except FormatError as error:
        raise BrokenFile(f"{_shown(name)}: {error}") from None


def _text(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise BrokenFile(f"{_shown(name)}: this is not a text in UTF-8") from None
    except OSError as error:
        raise BrokenFile(f"{_shown(name)}: {error.strerror or 'this cannot be read'}") from None


def _shown(name: str) -> str:
    return "standard input" if name == "-" else Path(name).name
