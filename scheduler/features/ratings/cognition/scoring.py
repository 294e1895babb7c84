"""From what was answered to a score. Pure; what is right comes from the form, never from the browser."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from scheduler.features.ratings.cognition.forms import LEARNED, PAIRS_MS, Form, PairsForm, PlacesForm

LONGEST_RUN_MS = 3_600_000
MOST_RESPONSES = 200
INPUTS = ("touch", "keyboard", "mouse")


@dataclass(frozen=True)
class Response:
    """One answer: its position in the form, what was chosen, and by which input.

    `shown_ms` is when the question came and `at_ms` when it was answered, both since the start of the run.
    """

    position: int
    answer: int
    shown_ms: int
    at_ms: int
    by: str

    @property
    def row(self) -> list[Any]:
        """As it is stored."""
        return [self.position, self.answer, self.shown_ms, self.at_ms, self.by]


def read_responses(text: str) -> tuple[Response, ...] | None:
    """The responses of a run as the browser sent them; None for anything that can't be one."""
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(rows, list) or len(rows) > MOST_RESPONSES:
        return None
    found: list[Response] = []
    for at, row in enumerate(rows):
        one = _response(row)
        if one is None or one.position != at or (found and one.shown_ms < found[-1].at_ms):
            return None
        found.append(one)
    return tuple(found)


def is_through(form: Form, responses: Sequence[Response], lasted_ms: int) -> bool:
    """Whether the run reached its end: every question answered, or the 90 seconds over."""
    if isinstance(form, PairsForm):
        return lasted_ms >= PAIRS_MS or len(responses) >= len(form.asked)
    return len(responses) >= len(form.right)


def score(form: Form, responses: Sequence[Response]) -> dict[str, int]:
    """The score of a run that reached its end; `value` is what is charted.

    `typical_ms` is the median time of a right answer. For pairs, no answer after the 90 seconds counts.
    """
    if isinstance(form, PairsForm):
        responses = [one for one in responses if one.at_ms <= PAIRS_MS]
    right = [form.right[one.position] == one.answer for one in responses[: len(form.right)]]
    found = {"value": sum(right), "answered": len(right), **_typical(responses, right)}
    if isinstance(form, PairsForm):
        return found | {"wrong": len(right) - sum(right)}
    if isinstance(form, PlacesForm):
        return found | {"first": sum(right[:LEARNED]), "second": sum(right[LEARNED:])}
    hits = sum(was and is_old for was, is_old in zip(right, form.right, strict=True))
    return found | {"hits": hits, "false_alarms": LEARNED - (sum(right) - hits)}


def input_of(responses: Sequence[Sequence[Any]]) -> str:
    """By which input the stored rows were given: one of them, `mixed`, or empty for none."""
    kinds = {str(row[-1]) for row in responses}
    return "mixed" if len(kinds) > 1 else next(iter(kinds), "")


def _response(row: object) -> Response | None:
    match row:
        case [int(position), int(answer), int(shown_ms), int(at_ms), str(by)]:
            is_sound = 0 <= shown_ms <= at_ms <= LONGEST_RUN_MS and 0 <= answer <= 99 and by in INPUTS
            return Response(position, answer, shown_ms, at_ms, by) if is_sound else None
    return None


def _typical(responses: Sequence[Response], right: Sequence[bool]) -> dict[str, int]:
    times = [one.at_ms - one.shown_ms for one, was in zip(responses, right, strict=False) if was]
    return {"typical_ms": round(median(times))} if times else {}
