"""What a page sends about a run: read without believing it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.errors import RuleError
from scheduler.features.ratings.cognition.scoring import LONGEST_RUN_MS, Response, read_responses

KEY = r"[\x21-\x7e]{1,100}"
"""What names a run. Its form is read as it comes: the answers of a run are longer than a field may be."""
STOPPED_BY = ("hidden", "connection", "reload")
LEFT_OUT_FOR = ("see", "hands", "tired", "other")
"""Why a task is left out: it can't be seen, the hands, too tired, another reason or none."""


@dataclass(frozen=True)
class Ended:
    """The end of a run: its answers, how long it lasted, and what stopped it, empty for nothing."""

    key: str
    responses: tuple[Response, ...]
    lasted_ms: int
    stopped_by: str


def read_end(values: Mapping[str, str]) -> Ended:
    """Read the end of a run. Raises RuleError for answers that can't be any."""
    responses = read_responses(values.get("responses", ""))
    if responses is None:
        raise RuleError("These answers can't be read. Open the page again.")
    lasted = max(whole(values.get("lasted", ""), LONGEST_RUN_MS), responses[-1].at_ms if responses else 0)
    stopped = values.get("stopped", "")
    if stopped and stopped not in STOPPED_BY:
        stopped = "other"
    key = values.get("key", "")
    return Ended(key if re.fullmatch(KEY, key) else "", responses, lasted, stopped)


def read_device(values: Mapping[str, str]) -> dict[str, int | bool]:
    """The size of the screen in CSS pixels, and whether its main pointer is a finger."""
    return {
        "width": whole(values.get("width", ""), 20_000),
        "height": whole(values.get("height", ""), 20_000),
        "touch": values.get("touch") == "1",
    }


def whole(text: str, most: int) -> int:
    """A whole number from 0 to `most`; 0 for anything else."""
    return min(int(text), most) if re.fullmatch(r"[0-9]{1,9}", text) else 0
