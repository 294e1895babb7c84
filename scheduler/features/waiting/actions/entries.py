"""Put somebody on the list, change what they wait for, and write down what happened to an entry."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.courses.queries import course as get_course
from scheduler.features.waiting.queries import NO_ENTRY
from scheduler.features.waiting.steps import OPEN, WaitingStep, after
from scheduler.features.waiting.wish import Wish, check_wish
from scheduler.models import (
    Course,
    CourseStatus,
    Infusion,
    InfusionStatus,
    WaitingEntry,
    WaitingEvent,
    WaitingStatus,
)
from scheduler.planning import to_wall


def add_entry(
    session: Session, actor: Actor, at: datetime, course_id: int, infusion_id: int | None, wish: Wish
) -> WaitingEntry:
    """Let the patient of a course wait: for another time of one visit, or for all that is left, sooner.

    Raises NotFoundError, RuleError with `errors` by field, and ConflictError where there is nothing to wait
    for, or the visit or course is on the list already.
    """
    check_wish(wish)
    course = get_course(session, course_id)
    if course.status is not CourseStatus.ACTIVE or course.patient.archived_at is not None:
        raise ConflictError("Only a course that goes on, of a patient who is not archived, can wait.")
    rows = _ahead(course, infusion_id, at)
    if infusion_id is None:
        wish = Wish(True, wish.half_days, wish.notice_hours, wish.reach, wish.note)
    _must_differ(course, rows[0], wish)
    entry = WaitingEntry(course_id=course_id, infusion_id=infusion_id, added_at=at)
    _write(entry, wish)
    session.add(entry)
    session.flush()
    note(session, actor, at, entry, "added")
    return entry


def edit_entry(
    session: Session, actor: Actor, at: datetime, entry_id: int, wish: Wish, version: int
) -> WaitingEntry:
    """Change what an entry waits for. Raises as `add_entry`, and ConflictError for an old `version`."""
    check_wish(wish)
    entry = locked_entry(session, entry_id)
    if entry.status not in OPEN:
        raise ConflictError("This entry has ended. Put the patient on the list again instead.")
    if entry.version != version:
        raise ConflictError("Somebody changed this entry meanwhile. What they wrote is shown below yours.")
    course = get_course(session, entry.course_id)
    if entry.infusion_id is None:
        wish = Wish(True, wish.half_days, wish.notice_hours, wish.reach, wish.note)
    _must_differ(course, _ahead(course, entry.infusion_id, at)[0], wish)
    _write(entry, wish)
    note(session, actor, at, entry, "edited")
    return entry


def locked_entry(session: Session, entry_id: int) -> WaitingEntry:
    """The entry, which nobody else changes until the transaction ends. Raises NotFoundError."""
    found = session.scalar(
        select(WaitingEntry)
        .where(WaitingEntry.id == entry_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFoundError(NO_ENTRY)
    return found


def go(
    session: Session, actor: Actor, at: datetime, entry: WaitingEntry, step: WaitingStep, **facts: Any
) -> None:
    """Take one step of the table; only an offer leaves an offer standing. Raises ConflictError."""
    entry.status = after(entry.status, step)
    if entry.status is not WaitingStatus.OFFERED:
        entry.offer = entry.offer_gain = entry.offer_until = None
    if entry.status is not WaitingStatus.WAITING:
        entry.best_gain = None
    note(session, actor, at, entry, step.value, **facts)


def note(session: Session, actor: Actor, at: datetime, entry: WaitingEntry, step: str, **facts: Any) -> None:
    """Write what happened into the entry's history and the audit trail."""
    session.add(
        WaitingEvent(
            entry_id=entry.id, at=at, actor_id=actor.user_id, actor=actor.label, step=step, facts=facts
        )
    )
    person = session.scalar(select(Course.patient_id).where(Course.id == entry.course_id))
    record(session, actor, at, f"waiting.{step}", "waiting_entry", entry.id, person)
    session.flush()


def _write(entry: WaitingEntry, wish: Wish) -> None:
    entry.earlier, entry.half_days = wish.earlier, sorted(wish.half_days)
    entry.notice_hours, entry.reach, entry.note = wish.notice_hours, wish.reach, wish.note
    entry.best_gain = None


def _ahead(course: Course, infusion_id: int | None, at: datetime) -> list[Infusion]:
    """The visits that could move: scheduled and ahead; the one that is named, or all."""
    named = [row for row in course.infusions if infusion_id in (None, row.id)]
    if not named and infusion_id is not None:
        raise NotFoundError("There is no such visit in this course.")
    ahead = [row for row in named if row.status is InfusionStatus.SCHEDULED and row.starts_at > at]
    if not ahead:
        raise ConflictError("Nothing of it is still to come, so there is nothing to wait for.")
    return ahead


def _must_differ(course: Course, row: Infusion, wish: Wish) -> None:
    """A wish that the visit fulfils already can't be waited for."""
    start = to_wall(ZoneInfo(course.site.tz), row.starts_at)
    if not wish.earlier and wish.holds(start, course.protocol_version.visit_minutes):
        sentence = (
            f"Visit {row.number} lies in these half-days already. Ask for an earlier day, or untick them."
        )
        raise RuleError(sentence, errors={"half_days": sentence})
