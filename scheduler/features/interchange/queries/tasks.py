"""Runs of the short tasks, in words where FHIR has no codes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.ratings.cognition import words
from scheduler.features.ratings.cognition.scoring import input_of
from scheduler.features.ratings.cognition.tasks import PRACTICE_NOTE, TASKS
from scheduler.features.ratings.occasions import Slot
from scheduler.features.ratings.words import said
from scheduler.models import CognitiveRun, RunState
from scheduler.rendering.fhir.facts import Run

PARTS = {
    "answered": "Answered",
    "wrong": "Wrong",
    "first": "Right in the first round, of 8",
    "second": "Right in the second round, of 8",
    "hits": "Learned pictures known, of 8",
    "false_alarms": "New pictures taken for learned, of 8",
    "typical_ms": "Typical time of a right answer, ms",
}


def task_runs(
    session: Session, course_ids: Sequence[int], numbers: Mapping[int, int]
) -> dict[int, list[Run]]:
    """By course, by their beginning, those interrupted or left out too; `numbers` are those of the visits."""
    found: dict[int, list[Run]] = defaultdict(list)
    rows = select(CognitiveRun).where(CognitiveRun.course_id.in_(course_ids))
    for row in session.scalars(rows.order_by(CognitiveRun.begun_at, CognitiveRun.id)):
        slot = Slot(row.time_point, row.infusion_id, row.week)
        found[row.course_id].append(_run(row, said(slot, numbers.get(row.infusion_id or 0, 0))))
    return found


def _run(row: CognitiveRun, when: str) -> Run:
    task, score = TASKS[row.task], row.score or {}
    return Run(
        row.id,
        task.name,
        row.version,
        row.time_point.value,
        when,
        row.state.value if row.state is not RunState.BEGUN else RunState.INTERRUPTED.value,
        words.why(row.state, row.reason),
        score.get("value"),
        task.unit,
        [(name, score[key]) for key, name in PARTS.items() if key in score],
        row.form,
        row.practised,
        words.device_said(row.device),
        words.INPUTS.get(input_of(row.responses), "").capitalize(),
        row.begun_at,
        row.ended_at,
        PRACTICE_NOTE,
    )
