"""What a change of a course leaves for somebody to do, raised in its transaction, settled by what ends it."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.courses.actions.opened import Opened
from scheduler.features.courses.standing import open_numbers
from scheduler.features.courses.words import day_words
from scheduler.features.tasks.actions import raise_task, settle_by_key
from scheduler.models import CourseStatus, Infusion, TaskKind


def unplanned_chore(session: Session, actor: Actor, at: datetime, opened: Opened) -> None:
    """A course that goes on and has numbers without a date waits for somebody to plan them."""
    course = opened.course
    key = f"replan:course:{course.id}"
    missing = open_numbers(course.infusions, opened.version.infusions)
    if course.status is CourseStatus.ACTIVE and missing:
        raise_task(
            session,
            at,
            kind=TaskKind.REPLAN,
            dedupe_key=key,
            site_id=course.site_id,
            patient_id=course.patient_id,
            course_id=course.id,
            facts={"numbers": missing},
        )
    else:
        settle_by_key(session, actor, at, key, "All visits have a date.")


def stopped_chore(session: Session, at: datetime, row: Infusion) -> None:
    """A clinician says whether an infusion that was stopped early counts."""
    raise_task(
        session,
        at,
        kind=TaskKind.COUNTS,
        dedupe_key=f"counts:infusion:{row.id}",
        site_id=row.site_id,
        patient_id=row.patient_id,
        course_id=row.course_id,
        infusion_id=row.id,
        facts={"number": row.number},
    )


def counted_chore(session: Session, actor: Actor, at: datetime, row: Infusion, words: str) -> None:
    """The clinician has said it."""
    settle_by_key(session, actor, at, f"counts:infusion:{row.id}", words)


def hold_chore(session: Session, at: datetime, opened: Opened, until: date) -> None:
    """Somebody asks on the last day whether the course goes on."""
    why = f"Its visits are kept until {day_words(until)}. Does the course go on?"
    _ask_about_hold(session, at, opened, until, why)


def released_chore(session: Session, at: datetime, opened: Opened, until: date, count: int) -> None:
    """The day has passed and its visits are given back: somebody resumes the course or ends it."""
    given = (
        f"{count} {'visit was' if count == 1 else 'visits were'} given back" if count else "no visit stood"
    )
    _ask_about_hold(
        session, at, opened, None, f"The hold ran until {day_words(until)} and {given}. Resume it or end it."
    )


def _ask_about_hold(session: Session, at: datetime, opened: Opened, due: date | None, why: str) -> None:
    course = opened.course
    raise_task(
        session,
        at,
        kind=TaskKind.HOLD_ENDS,
        dedupe_key=f"hold_ends:course:{course.id}",
        site_id=course.site_id,
        patient_id=course.patient_id,
        course_id=course.id,
        facts={"why": why},
        due_on=due,
    )


def hold_over(session: Session, actor: Actor, at: datetime, opened: Opened, words: str) -> None:
    """The hold is over, however it ended."""
    settle_by_key(session, actor, at, f"hold_ends:course:{opened.course.id}", words)
