"""Writing runs: begun, ended, left out.

A run is written when it begins, because a phone that dies in the middle says nothing any more; until its end
is heard of it stands as begun. What it comes to is worked out here from the form and the answers. Whether it
was done to the end is not believed either: the server's own clock must have gone on for as long as the
answers say, and a run that the page calls interrupted is never complete.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.ratings.cognition.doors import Door
from scheduler.features.ratings.cognition.forms import Form, form_of, next_form
from scheduler.features.ratings.cognition.reading import Ended
from scheduler.features.ratings.cognition.scoring import is_through, score
from scheduler.features.ratings.cognition.sitting import learned_at, runs_at, sitting_of
from scheduler.features.ratings.cognition.tasks import TASKS, Task
from scheduler.features.ratings.occasions import Slot
from scheduler.models import CognitiveRun, CognitiveTask, Course, RunState

TOLERANCE = timedelta(seconds=3)
"""How far the clock of a phone and that of the server may drift apart in one run."""
ALL = "all"
KEY = re.compile(r"[0-9a-f-]{16,40}")


@dataclass(frozen=True)
class Beginning:
    """What a page says when it begins a run: the key it chose, how often was practised, on what device."""

    task: str
    key: str
    practised: int
    device: Mapping[str, int | bool]


def begin(session: Session, actor: Actor, at: datetime, door: Door, said: Beginning) -> Form:
    """Begin a run of the task that comes next and give its form; the same key again gives the same form.

    Raises RuleError for a key that is none, ConflictError where another task comes next or nothing does.
    """
    if not KEY.fullmatch(said.key):
        raise RuleError("This run has no name. Open the page again.")
    course = _course(session, door.course_id)
    key = f"{door.key}:{said.key}"
    known = session.scalar(select(CognitiveRun).where(CognitiveRun.key == key))
    if known is not None:
        return _form(session, known)
    sitting = sitting_of(session, course.id, door.slot, at)
    if not sitting.is_open or sitting.next.task.value != said.task or sitting.rest_until:
        raise ConflictError("Another task comes next. Open the page again.")
    run = _row(session, course, door, sitting.next, key, at)
    run.practised, run.device = said.practised, dict(said.device)
    session.add(run)
    session.flush()
    _note(session, actor, at, run)
    return _form(session, run)


def end(session: Session, actor: Actor, at: datetime, door: Door, said: Ended) -> RunState:
    """Take the end of a run, heard of at `at`, and say what it counts as. The first end of a run stands.

    Raises NotFoundError for a run that was never begun, and ConflictError once the course log is signed.
    """
    _course(session, door.course_id)
    run = session.scalar(select(CognitiveRun).where(CognitiveRun.key == f"{door.key}:{said.key}"))
    if run is None:
        raise NotFoundError("There is no such run.")
    if run.state is not RunState.BEGUN:
        return run.state
    slot = Slot(run.time_point, run.infusion_id, run.week)
    sitting = sitting_of(session, door.course_id, slot, at)
    if sitting.is_signed:
        raise ConflictError("The course log is signed. Nothing is added to it any more.")
    form = _form(session, run)
    run.responses = [one.row for one in said.responses[: len(form.right)]]
    run.ended_at = min(max(run.begun_at + timedelta(milliseconds=said.lasted_ms), run.begun_at), at)
    run.heard_at = at
    run.reason = _reason(run, form, said, at, is_wanted=TASKS[run.task] in sitting.left)
    if run.reason is None:
        run.state, run.score = RunState.COMPLETE, score(form, said.responses)
    else:
        run.state = RunState.INTERRUPTED
    session.flush()
    _note(session, actor, at, run)
    return run.state


def leave_out(session: Session, actor: Actor, at: datetime, door: Door, task: str, reason: str) -> None:
    """Note that the patient leaves a task out, or `all` that are left; with the learning of pictures goes
    their recognition. The same again changes nothing.
    """
    course = _course(session, door.course_id)
    sitting = sitting_of(session, course.id, door.slot, at)
    wanted = [one for one in sitting.left if task in (one.task.value, ALL)]
    if task == CognitiveTask.PLACES.value:
        wanted += [one for one in sitting.left if one.task is CognitiveTask.RECOGNISE]
    for one in wanted:
        run = CognitiveRun(**_facts(course, door, one), key=f"{door.key}:{one.task.value}:left", begun_at=at)
        run.state, run.reason, run.ended_at = RunState.LEFT_OUT, reason, at
        run.heard_at = at
        session.add(run)
        session.flush()
        _note(session, actor, at, run)


def _course(session: Session, course_id: int) -> Course:
    """The course, locked: of two runs of one task that end at once, one is the first."""
    course = session.scalar(select(Course).where(Course.id == course_id).with_for_update(key_share=True))
    if course is None:
        raise NotFoundError("There is no such course.")
    return course


def _row(session: Session, course: Course, door: Door, task: Task, key: str, at: datetime) -> CognitiveRun:
    used = session.scalars(
        select(CognitiveRun.form).where(
            CognitiveRun.patient_id == course.patient_id,
            CognitiveRun.task == task.task,
            CognitiveRun.form.is_not(None),
        )
    )
    numbers = {number for number in used if number is not None}
    learned = None
    if task.task is CognitiveTask.RECOGNISE:
        learned = learned_at(runs_at(session, course.id, door.slot))
        if learned is None:
            raise ConflictError("No pictures were learned. Open the page again.")
    return CognitiveRun(
        **_facts(course, door, task),
        key=key,
        form=next_form(task.task, course.patient_id, numbers),
        learned_id=learned.id if learned else None,
        state=RunState.BEGUN,
        begun_at=at,
    )


def _facts(course: Course, door: Door, task: Task) -> dict[str, object]:
    return {
        "course_id": course.id,
        "patient_id": course.patient_id,
        "infusion_id": door.slot.infusion_id,
        "time_point": door.slot.point,
        "week": door.slot.week,
        "task": task.task,
        "version": task.version,
        "language": door.language,
        "source": door.source,
    }


def _form(session: Session, run: CognitiveRun) -> Form:
    learned = session.get_one(CognitiveRun, run.learned_id).form if run.learned_id else None
    return form_of(run.task, run.version, run.form or 0, learned)


def _reason(run: CognitiveRun, form: Form, said: Ended, at: datetime, is_wanted: bool) -> str | None:
    """Why the run does not count; None for one that does."""
    if said.stopped_by:
        return said.stopped_by
    if not is_through(form, said.responses, said.lasted_ms):
        return "not_through"
    if run.begun_at + timedelta(milliseconds=said.lasted_ms) > at + TOLERANCE:
        return "times"
    return None if is_wanted else "second"


def _note(session: Session, actor: Actor, at: datetime, run: CognitiveRun) -> None:
    record(
        session,
        actor,
        at,
        f"cognitive_run.{run.state.value}",
        "cognitive_run",
        run.id,
        run.patient_id,
        course_id=run.course_id,
        infusion_id=run.infusion_id,
        task=run.task.value,
        time_point=run.time_point.value,
    )
