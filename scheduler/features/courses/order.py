"""What a booking asks for, from the page to the database.

A set of dates travels through pages as one short text (`encode`), so that a proposal needs no
storage, the back button works, and what is booked is what was seen.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scheduler.errors import RuleError

# One way to write each visit, in the years that a clinic may plan: what is not ours is refused here.
VISIT = re.compile(r"([1-9]\d{0,8})@(2[01]\d\d)(\d\d)(\d\d)T(\d\d)(\d\d)", re.ASCII)
UNREADABLE = "This set of dates could not be read. Choose one from the page again."


@dataclass(frozen=True)
class Visit:
    """One visit of a set: its number from 1, its chair, its local start at the site (naive wall time)."""

    number: int
    chair_id: int
    start: datetime

    @property
    def minute(self) -> int:
        """Local minute of the day."""
        return self.start.hour * 60 + self.start.minute


@dataclass(frozen=True)
class CourseOrder:
    """A whole course to book at one site; `wishes` is kept with it (see `wishes.py`).

    `bend` names the rule that a clinician bends for it, `bend_reason` says why. `asked` is what the request
    itself wished (JSON): the wishes hold the patient's own hours too, which may change between two posts.
    """

    patient_id: int
    site_id: int
    protocol_version_id: int
    visits: tuple[Visit, ...]
    wishes: dict[str, Any]
    key: str
    bend: str = ""
    bend_reason: str = ""
    asked: dict[str, Any] | None = None

    def digest(self) -> str:
        """SHA-256 over what is ordered: the same key with another digest is another order."""
        facts = [
            self.patient_id,
            self.site_id,
            self.protocol_version_id,
            encode(self.visits),
            self.wishes if self.asked is None else self.asked,
            self.bend,
        ]
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def encode(visits: Sequence[Visit]) -> str:
    """`12@20261109T0930~14@20261111T0930…`: chair and local start of each visit, in order."""
    return "~".join(f"{visit.chair_id}@{visit.start:%Y%m%dT%H%M}" for visit in visits)


def decode(text: str) -> tuple[Visit, ...]:
    """The visits of an encoded set. Raises RuleError where it is not one."""
    parts = text.split("~")
    if not 1 <= len(parts) <= 24:
        raise RuleError(UNREADABLE)
    return tuple(_visit(number, part) for number, part in enumerate(parts, 1))


def _visit(number: int, part: str) -> Visit:
    match = VISIT.fullmatch(part)
    if not match:
        raise RuleError(UNREADABLE)
    chair, *when = (int(group) for group in match.groups())
    try:
        return Visit(number, chair, datetime(*when))  # type: ignore[arg-type]  # noqa: DTZ001 - wall time
    except ValueError as error:
        raise RuleError(UNREADABLE) from error
