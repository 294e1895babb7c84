"""From a patient's request to an answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

LONGEST_NOTE = 300
CALL = "call"
START = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


@dataclass(frozen=True)
class Ask:
    """What was asked for: a local start, or a call (None); `error` names the phrase that says what lacks."""

    wished: datetime | None
    time: str
    note: str
    version: int
    error: str = ""


def parse_ask(values: Mapping[str, str]) -> Ask:
    """`time` (a start or "call"), `note` and `version`."""
    time, note = values.get("time", "")[:20], values.get("note", "").strip()
    wished = _start(time)
    error = "" if wished is not None or time == CALL else "choose"
    if len(" ".join(note.split())) > LONGEST_NOTE:
        error = "note_long"
    return Ask(wished, time, note[: 2 * LONGEST_NOTE], parse_version(values), error)


def parse_version(values: Mapping[str, str]) -> int:
    """The schedule version that the page showed; 0, which no visit has, for anything else."""
    text = values.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _start(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if START.fullmatch(text) else None
    except ValueError:
        return None
