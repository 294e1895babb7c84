"""The form of a course from before: lines as typed, lines added and removed, and what they mean."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import zip_longest

from werkzeug.datastructures import MultiDict

from scheduler.features.courses.building.forms import CLOCK, FARTHEST, KEY, NO_DATE, NO_TIME
from scheduler.features.courses.entering.entry import OF_CLINICIANS, CourseEntry, EnteredVisit, Was

MOST_LINES = 40
LONGEST_REASON = 500
EARLIEST = timedelta(days=366 * 20)
AT_FIRST = 6


@dataclass(frozen=True)
class Line:
    """One line as typed."""

    was: str = Was.COMPLETED.value
    day: str = ""
    time: str = ""
    chair: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed in it, and so nothing is asked."""
        return not f"{self.day}{self.time}{self.chair}".strip() and self.was != Was.OPEN


@dataclass(frozen=True)
class EnterForm:
    """Everything as typed. `errors` maps a field, or `line-3`, to one sentence; `key` makes it enter once."""

    version: str
    site: str
    lines: tuple[Line, ...]
    ending: str
    reason: str
    key: str
    errors: Mapping[str, str] = field(default_factory=dict)

    def with_error(self, name: str, sentence: str) -> "EnterForm":
        """The form with one more error, found outside it."""
        return replace(self, errors={**self.errors, name: sentence})


def blank(site: str, key: str) -> EnterForm:
    """An empty form with a few lines."""
    return EnterForm("", site, (Line(),) * AT_FIRST, "on", "", key)


def read_typed(values: MultiDict[str, str]) -> EnterForm:
    """The form as it was sent, right or wrong; nothing raises."""
    columns = (values.getlist(name) for name in ("was", "day", "time", "chair"))
    rows = list(zip_longest(*columns, fillvalue=""))[:MOST_LINES]
    return EnterForm(
        version=values.get("version", "")[:10],
        site=values.get("site", "")[:10],
        lines=tuple(Line(*(cell.strip()[:20] for cell in row)) for row in rows),
        ending="ended" if values.get("ending") == "ended" else "on",
        reason=values.get("reason", "").strip()[:LONGEST_REASON],
        key=values.get("key", "")[:64],
    )


def changed_lines(form: EnterForm, do: str) -> EnterForm | None:
    """The form with a line more or less, where a button asked for that; None where it asks to save."""
    if do == "add":
        return replace(form, lines=(*form.lines, Line())[:MOST_LINES])
    match = re.fullmatch(r"drop-(\d{1,2})", do, re.ASCII)
    if match is None:
        return None
    return replace(form, lines=tuple(line for at, line in enumerate(form.lines) if at != int(match[1])))


def judged(
    form: EnterForm, patient_id: int, today: date, *, clinician: bool
) -> tuple[EnterForm, CourseEntry | None]:
    """The form with its errors, and what it means where it has none.

    Empty lines are left out; `told_lines` are the places of those that are not.
    """
    errors: dict[str, str] = {}
    if not KEY.fullmatch(form.key):
        errors[""] = "This page has lost its number. Open it again from the patient."
    version, site = _number(form.version), _number(form.site)
    if version is None:
        errors["version"] = "Choose the protocol."
    if site is None:
        errors["site"] = "Choose the site."
    visits = [_read(form, at, today, clinician, errors) for at in told_lines(form)]
    if not visits:
        errors["line-0"] = "Write the date and the time of at least one visit."
    if form.ending == "ended" and not form.reason:
        errors["reason"] = "Write why the course was ended early. It stays with the course."
    if errors or version is None or site is None:
        return replace(form, errors=errors), None
    found = tuple(visit for visit in visits if visit is not None)
    ended = form.reason if form.ending == "ended" else ""
    return form, CourseEntry(patient_id, site, version, found, ended, form.key)


def told_lines(form: EnterForm) -> list[int]:
    """The places of the lines in which something was typed."""
    return [at for at, line in enumerate(form.lines) if not line.is_empty]


def _read(
    form: EnterForm, at: int, today: date, clinician: bool, errors: dict[str, str]
) -> EnteredVisit | None:
    line = form.lines[at]
    try:
        was = Was(line.was)
        start = None if was is Was.OPEN and not (line.day or line.time) else _start(line, today)
    except ValueError as error:
        errors[f"line-{at}"] = str(error) if isinstance(error, _NotRead) else "Choose what became of it."
        return None
    chair = _number(line.chair) if was is Was.AHEAD else None
    if was is Was.OPEN and start is not None:
        errors[f"line-{at}"] = "It has a date: mark it as to come, or take the date out."
    elif was is Was.AHEAD and chair is None:
        errors[f"line-{at}"] = "Choose the chair of this visit, or mark it as to come with no date yet."
    elif was in OF_CLINICIANS and not clinician:
        errors[f"line-{at}"] = "Only a clinician says whether it counts. Mark it as stopped early."
    return EnteredVisit(was, start, chair)


class _NotRead(ValueError):
    """A date or a time that can't be read; its text says what to write."""


def _start(line: Line, today: date) -> datetime:
    try:
        day = date.fromisoformat(line.day)
    except ValueError as error:
        raise _NotRead(NO_DATE) from error
    if not today - EARLIEST <= day <= today + FARTHEST:
        raise _NotRead("Courses are entered from the last twenty years to one year ahead. Check the year.")
    match = CLOCK.fullmatch(line.time)
    if match is None:
        raise _NotRead(NO_TIME)
    return datetime.combine(day, time(int(match[1]), int(match[2] or 0)))


def _number(text: str) -> int | None:
    return int(text) or None if re.fullmatch(r"\d{1,9}", text, re.ASCII) else None
