"""The short tasks: one protocol asks for them before the first infusion and after the last.

People get faster with practice, a little or more; one run in eight was interrupted, and one patient in ten
leaves the tasks out.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from scheduler.actor import Actor
from scheduler.cli.demo.chance import stream, uuid_text
from scheduler.cli.demo.courses import FLEXIBLE
from scheduler.cli.demo.days import Calendar
from scheduler.features.audit.actions import record
from scheduler.features.ratings.cognition.forms import CELLS, PAIRS_MS, Form, form_of, next_form
from scheduler.features.ratings.cognition.scoring import Response, score
from scheduler.features.ratings.cognition.tasks import IN_ORDER
from scheduler.features.ratings.plan import USUAL, Line, Which, stored
from scheduler.models import (
    CognitiveRun,
    CognitiveTask,
    Course,
    Infusion,
    InfusionStatus,
    Protocol,
    ProtocolVersion,
    RatingSource,
    RunState,
    TimePoint,
)

INTERRUPTED, LEFT_OUT = 0.12, 0.1
EACH_MS = {CognitiveTask.PAIRS: 1750, CognitiveTask.PLACES: 3100, CognitiveTask.RECOGNISE: 1500}
RIGHT = {CognitiveTask.PAIRS: 0.97, CognitiveTask.PLACES: 0.6, CognitiveTask.RECOGNISE: 0.82}
PHONE = {"width": 390, "height": 844, "touch": True}
AT = ((TimePoint.BASELINE, Which.EACH), (TimePoint.DAY_2_7, Which.LAST))


def do_tasks(session: Session, calendar: Calendar, seed: int) -> None:
    """Ask for the tasks in one protocol, and add the runs of those of its courses that began by now."""
    chance = stream(seed, "tasks")
    version = session.scalars(
        select(ProtocolVersion).join(Protocol).where(Protocol.name == FLEXIBLE).order_by(ProtocolVersion.id)
    ).one()
    lines = tuple(Line(task.key, point, which) for point, which in AT for task in IN_ORDER)
    version.rating_plan = stored(replace(USUAL, tasks=lines))
    courses = session.scalars(
        select(Course)
        .where(Course.protocol_version_id == version.id)
        .options(selectinload(Course.infusions))
        .order_by(Course.id)
    ).all()
    for course in courses:
        leaves_out, skill = chance.random() < LEFT_OUT, chance.gauss(1, 0.12)
        for times, (point, visit, at) in enumerate(_sittings(course)):
            if at > calendar.now - timedelta(hours=1):
                break
            rows = _left_out(course, point, visit, at, chance) if leaves_out else None
            if rows is None:
                _runs(session, course, point, visit, at, chance, skill + 0.07 * times)
            else:
                _add(session, rows)


def _sittings(course: Course) -> Iterator[tuple[TimePoint, Infusion | None, datetime]]:
    """When a course did its tasks: the day before its first infusion, and three days after its last."""
    done = [row for row in course.infusions if row.status is InfusionStatus.COMPLETED]
    if not done:
        return
    yield TimePoint.BASELINE, None, done[0].starts_at - timedelta(hours=19)
    if done[-1].number == course.protocol_version.infusions:
        yield TimePoint.DAY_2_7, done[-1], done[-1].starts_at + timedelta(days=3)


def _row(
    course: Course,
    point: TimePoint,
    visit: Infusion | None,
    task: CognitiveTask,
    at: datetime,
    chance: Random,
) -> CognitiveRun:
    return CognitiveRun(
        key=f"link:demo:{uuid_text(chance)}",
        course_id=course.id,
        infusion_id=visit.id if visit else None,
        patient_id=course.patient_id,
        time_point=point,
        week=0,
        task=task,
        version=1,
        language=course.patient.language,
        source=RatingSource.PATIENT,
        begun_at=at,
    )


def _left_out(
    course: Course, point: TimePoint, visit: Infusion | None, at: datetime, chance: Random
) -> list[CognitiveRun]:
    rows = [_row(course, point, visit, task.task, at, chance) for task in IN_ORDER]
    for row in rows:
        row.state, row.reason, row.ended_at, row.heard_at = RunState.LEFT_OUT, "tired", at, at
    return rows


def _runs(
    session: Session,
    course: Course,
    point: TimePoint,
    visit: Infusion | None,
    at: datetime,
    chance: Random,
    skill: float,
) -> None:
    """The three tasks one after the other; one that was interrupted was done again at once."""
    used: set[int] = set()
    learned: CognitiveRun | None = None
    for task in IN_ORDER:
        for state in (*((RunState.INTERRUPTED,) if chance.random() < INTERRUPTED else ()), RunState.COMPLETE):
            row = _row(course, point, visit, task.task, at, chance)
            row.form = next_form(task.task, chance.randrange(10**6), used)
            row.practised, row.device, row.state = 1, dict(PHONE), state
            if task.task is CognitiveTask.RECOGNISE:
                row.learned_id = learned.id if learned else None
            form = form_of(task.task, 1, row.form, learned.form if learned else None)
            given = _given(chance, task.task, form, skill)
            if state is RunState.INTERRUPTED:
                given, row.reason = given[:3], "hidden"
            else:
                row.score = score(form, given)
            row.responses = [one.row for one in given]
            row.ended_at = at + timedelta(milliseconds=max(given[-1].at_ms, task.seconds * 1000))
            row.heard_at = row.ended_at
            at = row.ended_at + timedelta(seconds=70)
            _add(session, [row])
            if task.task is CognitiveTask.PLACES and state is RunState.COMPLETE:
                learned, at = row, at + timedelta(seconds=20)


def _given(chance: Random, task: CognitiveTask, form: Form, skill: float) -> list[Response]:
    """Answers of somebody of this skill, at most until the time is over."""
    found: list[Response] = []
    now = 0
    for at, right in enumerate(form.right):
        took = max(350, round(chance.gauss(EACH_MS[task] / skill, 350)))
        if task is CognitiveTask.PAIRS and now + took > PAIRS_MS:
            break
        is_right = chance.random() < min(0.99, RIGHT[task] * (1.15 if at > 7 else 1) * skill)
        wrong = {CognitiveTask.PAIRS: right % 9 + 1, CognitiveTask.PLACES: (right + 4) % CELLS}
        answer = right if is_right else wrong.get(task, 1 - right)
        found.append(Response(at, answer, now, now + took, "touch"))
        now += took
    return found


def _add(session: Session, rows: list[CognitiveRun]) -> None:
    session.add_all(rows)
    session.flush()
    for row in rows:
        record(
            session,
            Actor(None, "patient"),
            row.ended_at or row.begun_at,
            f"cognitive_run.{row.state.value}",
            "cognitive_run",
            row.id,
            row.patient_id,
            course_id=row.course_id,
            infusion_id=row.infusion_id,
            task=row.task.value,
            time_point=row.time_point.value,
        )
