"""One occasion's tasks as the patient meets them: which comes next, and whether there is a rest first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.ratings.cognition.due import lacking_at, tasks_asked
from scheduler.features.ratings.cognition.tasks import IN_ORDER, REST, Task
from scheduler.features.ratings.occasions import Slot
from scheduler.models import CognitiveRun, CognitiveTask, Course, RunState


@dataclass(frozen=True)
class Sitting:
    """The tasks that are left at an occasion, in order, of `count` in all; `rest_until` where the next must
    wait, `again` where it was begun before and did not reach its end.

    `is_open` says that it may be begun now, `is_over` that nothing is left of what was asked, `is_signed`
    that the course log holds what there is for good.
    """

    left: tuple[Task, ...] = ()
    count: int = 0
    rest_until: datetime | None = None
    again: bool = False
    is_open: bool = False
    is_over: bool = False
    is_signed: bool = False

    @property
    def next(self) -> Task:
        """The task that comes now. Raises NotFoundError where none is left."""
        if not self.left:
            raise NotFoundError("No task is left.")
        return self.left[0]


def sitting_of(session: Session, course_id: int, slot: Slot, at: datetime) -> Sitting:
    """What is left at a slot. Raises NotFoundError for a course that is not there."""
    course = session.get(Course, course_id)
    if course is None:
        raise NotFoundError("There is no such course.")
    tasks = tasks_asked(session, [course]).get(course_id)
    codes = lacking_at(tasks, slot)
    left = tuple(task for task in IN_ORDER if task.task.value in codes)
    if not left or tasks is None:
        is_over = tasks is not None and any(done == slot for done, _ in tasks.given)
        return Sitting(is_over=is_over, is_signed=tasks is not None and tasks.is_closed(slot))
    runs = runs_at(session, course_id, slot)
    rest = _rest_until(runs, at) if left[0].task is CognitiveTask.RECOGNISE else None
    again = any(run.task is left[0].task for run in runs)
    occasion = tasks.of(slot)
    return Sitting(left, len(occasion.asked), rest, again, occasion.opens_at <= at < occasion.closes_at)


def runs_at(session: Session, course_id: int, slot: Slot) -> list[CognitiveRun]:
    """All runs at a slot, the oldest first."""
    statement = select(CognitiveRun).where(
        CognitiveRun.course_id == course_id,
        CognitiveRun.time_point == slot.point,
        CognitiveRun.week == slot.week,
        CognitiveRun.infusion_id.is_(None)
        if slot.infusion_id is None
        else CognitiveRun.infusion_id == slot.infusion_id,
    )
    return list(session.scalars(statement.order_by(CognitiveRun.id)))


def learned_at(runs: list[CognitiveRun]) -> CognitiveRun | None:
    """The run in which the pictures of this occasion were learned."""
    return next(
        (run for run in runs if run.task is CognitiveTask.PLACES and run.state is RunState.COMPLETE), None
    )


def _rest_until(runs: list[CognitiveRun], at: datetime) -> datetime | None:
    learned = learned_at(runs)
    if learned is None or learned.ended_at is None or learned.ended_at + REST <= at:
        return None
    return learned.ended_at + REST
