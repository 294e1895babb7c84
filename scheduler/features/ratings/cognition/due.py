"""When short tasks are due: by the rule of the ratings, from the lines of the plan that are tasks.

A run that was interrupted does not fill its place: the task is asked again, with another form. One that the
patient left out is not asked again.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.ratings.occasions import Occasion, Slot, State
from scheduler.features.ratings.plan import Key, plan_of, tasks_of
from scheduler.features.ratings.queries.facts import Asked, Given, asked_of_all
from scheduler.models import CognitiveRun, Course, RunState

DONE = (RunState.COMPLETE, RunState.LEFT_OUT)


def tasks_asked(session: Session, courses: Sequence[Course]) -> dict[int, Asked]:
    """The occasions with tasks of those courses whose protocol has any, by course id; no query else."""
    own = [course for course in courses if plan_of(course.protocol_version.rating_plan).tasks]
    return asked_of_all(session, own, tasks_of, done_slots) if own else {}


def done_slots(session: Session, course_ids: Iterable[int]) -> dict[int, Given]:
    """Which task was done, or left out, at which slot, by course."""
    rows = session.execute(
        select(
            CognitiveRun.course_id,
            CognitiveRun.time_point,
            CognitiveRun.infusion_id,
            CognitiveRun.week,
            CognitiveRun.task,
        )
        .where(CognitiveRun.course_id.in_(list(course_ids)), CognitiveRun.state.in_(DONE))
        .order_by(CognitiveRun.id)
    )
    found: dict[int, set[tuple[Slot, str]]] = {}
    for course_id, point, infusion_id, week, task in rows:
        found.setdefault(course_id, set()).add((Slot(point, infusion_id, week), task.value))
    return {course_id: frozenset(pairs) for course_id, pairs in found.items()}


def lacking_at(tasks: Asked | None, slot: Slot) -> tuple[str, ...]:
    """The codes of the tasks that a slot still asks for."""
    if tasks is None or tasks.is_closed(slot):
        return ()
    found = next((one for one in tasks.occasions if one.slot == slot), None)
    return tuple(code for code, _ in found.lacking(tasks.given)) if found else ()


def waiting_with_tasks(
    known: Asked, tasks: Asked | None, now: datetime
) -> list[tuple[Occasion, State, tuple[Key, ...], tuple[str, ...]]]:
    """What waits of a course: a line for each occasion, with the instruments and tasks that it lacks."""
    found = [
        (one, state, one.lacking(known.given), lacking_at(tasks, one.slot))
        for one, state in known.waiting(now)
    ]
    slots = {one.slot for one, _, _, _ in found}
    for one, state in tasks.waiting(now) if tasks else ():
        if one.slot not in slots:
            found.append((one, state, (), lacking_at(tasks, one.slot)))
    return found
