"""From a request to who waits for what, and to the step that is taken."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from scheduler.errors import RuleError
from scheduler.features.waiting.steps import BY_PEOPLE, WaitingStep
from scheduler.features.waiting.wish import Wish

WHAT = re.compile(r"([vc])([1-9]\d{0,8})", re.ASCII)
NUMBER = re.compile(r"\d{1,9}", re.ASCII)
LONGEST_MOVE = 2000


@dataclass(frozen=True)
class WishForm:
    """What was asked for. `what` is `v` and a visit's number or `c` and a course's; `notice` the hours
    as they were typed.
    """

    what: str
    wish: Wish
    version: int = 0
    notice: str = ""


def parse_skip(values: Mapping[str, str]) -> int:
    """How many of those who wait a look passes over; 0 for what is no number."""
    found = values.get("skip", "")
    return int(found) if NUMBER.fullmatch(found) else 0


def parse_wish(values: MultiDict[str, str]) -> WishForm:
    """Read the form. Nothing raises: an hour that is none becomes -1, which the action refuses."""
    notice = values.get("notice_hours", "").strip() or "0"
    version = values.get("version", "")
    return WishForm(
        what=values.get("what", ""),
        wish=Wish(
            earlier=values.get("earlier") == "1",
            half_days=frozenset(values.getlist("half_days")),
            notice_hours=int(notice) if NUMBER.fullmatch(notice) else -1,
            reach=values.get("reach", "").strip(),
            note=values.get("note", "").strip(),
        ),
        version=int(version) if NUMBER.fullmatch(version) else 0,
        notice=values.get("notice_hours", ""),
    )


def parse_patient(values: Mapping[str, str]) -> int | None:
    """The patient's number; None where there is none."""
    text = values.get("patient", "")
    return int(text) if NUMBER.fullmatch(text) and int(text) else None


def parse_what(text: str) -> tuple[int | None, int | None]:
    """(visit, course), one of them None. Raises RuleError where nothing was chosen."""
    match = WHAT.fullmatch(text)
    if match is None:
        sentence = "Choose the visit that is to come at another time, or the whole course."
        raise RuleError(sentence, errors={"what": sentence})
    number = int(match[2])
    return (number, None) if match[1] == "v" else (None, number)


def parse_step(values: Mapping[str, str]) -> tuple[WaitingStep, str]:
    """The step and, for those that need it, the move. Raises RuleError for steps that people don't take."""
    step = values.get("step", "")
    if step not in {each.value for each in BY_PEOPLE}:
        raise RuleError("There is no such step. Use the buttons of the list.")
    return WaitingStep(step), values.get("move", "")[:LONGEST_MOVE]
