"""The runs of a course as those who chart read them: every one, also what was interrupted or left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from scheduler.features.ratings.cognition import words
from scheduler.features.ratings.cognition.scoring import input_of
from scheduler.features.ratings.cognition.tasks import IN_ORDER, PRACTICE_NOTE, TASKS, Task
from scheduler.features.ratings.occasions import Slot
from scheduler.features.ratings.timing import NOT_RATED
from scheduler.features.ratings.words import said
from scheduler.models import (
    CognitiveRun,
    CognitiveTask,
    Course,
    Infusion,
    InfusionStatus,
    RatingSource,
    RunState,
    Site,
)
from scheduler.rendering.trajectory import (
    NARROW,
    WIDE,
    Point,
    Track,
    TrajectoryFacts,
    Visit,
    kept_svg,
)

AHEAD = InfusionStatus.SCHEDULED
SOURCES = {RatingSource.PATIENT: "by the patient's link", RatingSource.KIOSK: "on the tablet"}
RUNS = (
    select(CognitiveRun, Infusion.number, Site.tz)
    .join(Course, Course.id == CognitiveRun.course_id)
    .join(Site, Site.id == Course.site_id)
    .outerjoin(Infusion, Infusion.id == CognitiveRun.infusion_id)
    .where(CognitiveRun.course_id == bindparam("course_id"))
    .order_by(CognitiveRun.begun_at, CognitiveRun.id)
)


@dataclass(frozen=True)
class RunFacts:
    """One run. `at` is when it began, local to the site; `value` is None where it does not count.

    `details` are what else the score holds, in words; `why` says why it does not count. `form` is the number
    of the form that was shown and `attempt` which run of this task at this occasion it was.
    """

    id: int
    task: str
    name: str
    when: str
    at: datetime
    state: RunState
    value: int | None
    unit: str
    details: str
    why: str
    form: int | None
    attempt: int
    practised: int
    device: str
    source: str


def run_rows(session: Session, course_id: int) -> Sequence[Any]:
    """The runs of a course, the oldest first, each with the number of its infusion and the site's zone."""
    return session.execute(RUNS, {"course_id": course_id}).all()


def runs_in(rows: Sequence[Any]) -> list[RunFacts]:
    """`run_rows` as they are told."""
    runs = {run.id: run for run, _, _ in rows}
    counts: dict[tuple[CognitiveTask, Slot], int] = {}
    found = []
    for run, number, tz in rows:
        slot = Slot(run.time_point, run.infusion_id, run.week)
        counts[run.task, slot] = counts.get((run.task, slot), 0) + 1
        learned = runs.get(run.learned_id) if run.learned_id else None
        found.append(_facts(run, said(slot, number or 0), ZoneInfo(tz), counts[run.task, slot], learned))
    return found


@dataclass(frozen=True)
class CourseTasks:
    """The panel of short tasks on a page of a course; `wide` and `narrow` are empty where no run counts."""

    runs: Sequence[RunFacts]
    note: str
    wide: str
    narrow: str


def course_tasks(session: Session, course_id: int, rows: Sequence[Any] | None = None) -> CourseTasks:
    """All runs of a course, and those that count drawn on one line of time.

    `rows` are its `run_rows`, where somebody read them already.
    """
    runs = runs_in(run_rows(session, course_id) if rows is None else rows)
    tracks = [track for task in IN_ORDER if (track := _track(task, runs)).points]
    if not tracks:
        return CourseTasks(runs, PRACTICE_NOTE, "", "")
    zone = runs[0].at.tzinfo
    visits = session.execute(
        select(Infusion.number, Infusion.starts_at, Infusion.status)
        .where(Infusion.course_id == course_id, Infusion.status.not_in(NOT_RATED))
        .order_by(Infusion.starts_at, Infusion.id)
    ).all()
    facts = TrajectoryFacts(
        tracks,
        [Visit(row.number, row.starts_at.astimezone(zone), is_ahead=row.status == AHEAD) for row in visits],
        has_chart=False,
    )
    return CourseTasks(
        runs,
        PRACTICE_NOTE,
        kept_svg(facts, WIDE, "tasks"),
        kept_svg(facts, NARROW, "tasks"),
    )


def _track(task: Task, runs: Sequence[RunFacts]) -> Track:
    points = [
        Point(run.at, run.value) for run in runs if run.task == task.task.value and run.value is not None
    ]
    # Only time limits how many symbols are matched, so that axis ends at the next ten above the best run.
    best = max((point.total or 0 for point in points), default=0)
    return Track(task.name, task.unit, task.most or max(10, -(-best // 10) * 10), points=points)


def _facts(
    run: CognitiveRun, when: str, zone: ZoneInfo, attempt: int, learned: CognitiveRun | None
) -> RunFacts:
    task, score = TASKS[run.task], run.score or {}
    # A run that is under way was begun a moment ago; nobody reads the chart of it before it has ended.
    state = RunState.INTERRUPTED if run.state is RunState.BEGUN else run.state
    after = run.begun_at - learned.ended_at if learned is not None and learned.ended_at is not None else None
    return RunFacts(
        id=run.id,
        task=run.task.value,
        name=task.name,
        when=when,
        at=run.begun_at.astimezone(zone),
        state=state,
        value=score.get("value"),
        unit=task.unit,
        details=words.details(run.task, score, after),
        why=words.why(run.state, run.reason),
        form=run.form,
        attempt=attempt,
        practised=run.practised,
        device=words.used(run.device, input_of(run.responses)) if run.device else "",
        source=SOURCES.get(run.source, ""),
    )
