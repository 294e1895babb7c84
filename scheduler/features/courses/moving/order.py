"""What a chosen way does, as one short text in the form: what is done is what was seen."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scheduler.errors import RuleError
from scheduler.features.courses.placing import Placement

PART = re.compile(
    r"(\d{1,2})\.(\d{1,9})\.(\d{1,9})\.([1-9]\d{0,8})@(2[01]\d\d)(\d\d)(\d\d)T(\d\d)(\d\d)", re.ASCII
)
UNREADABLE = "What was chosen could not be read. Choose again from the page."


@dataclass(frozen=True)
class MoveOrder:
    """Placements, and the schedule version of each visit as it was seen, by its id."""

    placements: tuple[Placement, ...]
    seen: dict[int, int]


def encode_move(placements: Sequence[Placement], seen: dict[int, int]) -> str:
    """`3.17.1.2@20261109T0930~…`: number, infusion (0: new), version seen, chair, local start."""
    parts = []
    for each in placements:
        row = each.infusion_id or 0
        where = f"{each.chair_id}@{each.start:%Y%m%dT%H%M}"
        parts.append(f"{each.number}.{row}.{seen.get(row, 0)}.{where}")
    return "~".join(parts)


def decode_move(text: str) -> MoveOrder:
    """What `encode_move` wrote. Raises RuleError for anything else."""
    parts = text.split("~")
    matches = [PART.fullmatch(part) for part in parts]
    if not 1 <= len(parts) <= 24:
        raise RuleError(UNREADABLE)
    placements, seen = [], {}
    for match in matches:
        if match is None:
            raise RuleError(UNREADABLE)
        number, infusion, version, chair, *when = (int(group) for group in match.groups())
        try:
            start = datetime(*when)  # type: ignore[arg-type]  # noqa: DTZ001 - wall time
        except ValueError as error:
            raise RuleError(UNREADABLE) from error
        placements.append(Placement(number, chair, start, infusion or None))
        if infusion:
            seen[infusion] = version
    return MoveOrder(tuple(placements), seen)
