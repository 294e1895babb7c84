"""The short tasks of a course as plain facts: every run, also what was interrupted or left out.

The answers themselves stay in their rows: up to two hundred a run, and nobody reads them. The record holds
their digest, so that they can't become others under the signature, and what the server made of them.
"""

from datetime import datetime
from typing import Any

from scheduler.features.ratings.cognition.scoring import input_of
from scheduler.features.ratings.cognition.tasks import TASKS
from scheduler.features.review.queries.rows import CourseRows
from scheduler.features.review.queries.visits import picked
from scheduler.models import CognitiveRun, TimePoint
from scheduler.rendering.canonical import Facts, digest_of, plain, text_of

RUN = (
    "id", "task", "version", "time_point", "week", "infusion_id", "state", "reason", "form", "learned_id",
    "practised", "language", "source", "begun_at", "ended_at",
)  # fmt: skip


def tasks_of(rows: CourseRows, until: datetime) -> list[Facts]:
    """All runs by their beginning, but for the weekly ones that were not heard of by `until`, a signature."""
    return [_facts(row, number) for row, number, _ in rows.runs if _is_part(row, until)]


def _is_part(row: CognitiveRun, until: datetime) -> bool:
    if row.time_point is not TimePoint.WEEKLY:
        return True
    return row.heard_at is not None and row.heard_at <= until


def _facts(row: CognitiveRun, number: int | None) -> Facts:
    task = TASKS[row.task]
    answers: list[Any] = plain(row.responses)
    return {
        **picked(row, RUN),
        "number": number,
        "name": task.name,
        "unit": task.unit,
        "device": plain(row.device),
        "input": input_of(answers),
        "score": plain(row.score),
        "answers_digest": digest_of(text_of(answers).encode()) if answers else None,
    }
