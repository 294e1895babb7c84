"""What is always true of courses, whatever people did to them: read from the rows alone.

The tables of what may follow what stand here a second time on purpose (DESIGN.md, section 2): the
application's own would only say that it does what it does.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.courses.actions.write_change import facts_of_course, facts_of_visit
from scheduler.features.desk.dots import completed, of_how_many
from scheduler.features.desk.queries.visits import six_of_courses
from scheduler.models import AuditEvent, Course, CourseChange, Infusion, Message, MessageStatus, Purpose
from tests.support.clinic import TODAY

NURSE, SLOT, BREAK = 12, timedelta(minutes=10), (720, 750)
GONE = {"missed", "cancelled"}
FORWARD = {
    ("scheduled", "arrived"),
    ("arrived", "in_progress"),
    ("in_progress", "completed"),
    ("scheduled", "missed"),
    ("scheduled", "cancelled"),
    ("arrived", "cancelled"),
    ("arrived", "scheduled"),
    ("in_progress", "arrived"),
    ("missed", "scheduled"),
}
BACKWARD = {(after, before) for before, after in FORWARD if after != "cancelled"}
COURSES = {
    ("active", "completed"),
    ("active", "on_hold"),
    ("active", "discontinued"),
    ("on_hold", "active"),
    ("on_hold", "discontinued"),
    ("completed", "active"),  # A correction opens what was over.
}
COURSES_BACK = {(after, before) for before, after in COURSES}


def only_the_tables_steps(change: CourseChange) -> None:
    """Every visit and the course went a way that the tables know."""
    is_undo = change.kind == "undone"
    for row in change.infusions:
        after = row.after["status"]
        if row.before is None:
            held_back = is_undo and after == "arrived"
            assert after == "scheduled" or held_back, (change.kind, after)
            continue
        way = (row.before["status"], after)
        assert way[0] == way[1] or way in (FORWARD | BACKWARD if is_undo else FORWARD), (change.kind, way)
    if change.course_before and change.course_after:
        way = (change.course_before["status"], change.course_after["status"])
        assert way[0] == way[1] or way in (COURSES | COURSES_BACK if is_undo else COURSES), (change.kind, way)


def history_explains_the_rows(session: Session, courses: Sequence[Course]) -> None:
    """Played from the first change on, each begins where the one before it ended, up to the rows of now."""
    visits: dict[int, Mapping[str, Any]] = {}
    states: dict[int, Mapping[str, Any] | None] = {}
    changes = session.scalars(select(CourseChange).order_by(CourseChange.id)).all()
    for change in changes:
        only_the_tables_steps(change)
        if change.course_id in states:
            assert change.course_before == states[change.course_id], change.kind
        states[change.course_id] = change.course_after
        for row in change.infusions:
            assert row.before == visits.get(row.infusion_id), change.kind
            visits[row.infusion_id] = row.after
    for course in courses:
        assert facts_of_course(course) == states[course.id]
    assert {row.id: facts_of_visit(row) for course in courses for row in course.infusions} == visits
    _audited(session, changes)


def _audited(session: Session, changes: Sequence[CourseChange]) -> None:
    """Every change has its rows in the audit trail, and no row speaks of a change that is not there."""
    told = Counter(
        (event.action.split(".")[1], event.at)
        for event in session.scalars(select(AuditEvent).where(AuditEvent.entity.in_(("course", "infusion"))))
    )
    of_course = {"booked", "held", "released", "resumed", "discontinued"}
    done: Counter[tuple[str, datetime]] = Counter()
    for change in changes:
        one = change.kind in of_course or not change.infusions
        done[change.kind, change.at] += 1 if one else len(change.infusions)
    assert told == done


def nobody_is_booked_twice(courses: Sequence[Course], tz: str) -> None:
    """No chair and no patient twice at a time, and never more than the one nurse can watch."""
    rows = [row for course in courses for row in course.infusions if row.status.value not in GONE]
    for one, other in combinations(rows, 2):
        apart = one.chair_until <= other.starts_at or other.chair_until <= one.starts_at
        assert apart or (one.chair_id, one.patient_id) != (other.chair_id, other.patient_id)
        assert apart or one.chair_id != other.chair_id, "two in one chair"
        assert apart or one.patient_id != other.patient_id, "one patient in two places"
    load: Counter[datetime] = Counter()
    for course in courses:
        for row in course.infusions:
            if row.status.value not in GONE:
                load.update(_load_of(course, row))
    for at, value in load.items():
        wall = at.astimezone(ZoneInfo(tz))
        at_break = BREAK[0] <= wall.hour * 60 + wall.minute < BREAK[1]
        assert value <= (0 if at_break else NURSE), wall


def _load_of(course: Course, row: Infusion) -> dict[datetime, int]:
    found, at = {}, row.starts_at
    for phase in course.protocol_version.phases:
        for _ in range(phase.minutes // 10):
            found[at] = phase.nurse_load
            at += SLOT
    return found


def numbers_are_unique_and_counts_true(session: Session, courses: Sequence[Course]) -> None:
    """A number stands once; "x of 6" counts what is completed and counts, of what the protocol plans."""
    dots = six_of_courses(session, [course.id for course in courses], TODAY)
    for course in courses:
        rows = [row for row in course.infusions if row.status.value not in GONE]
        assert len({row.number for row in rows}) == len(rows)
        done = [
            row for row in rows if row.status.value == "completed" and (not row.stopped_early or row.counts)
        ]
        shown = dots[course.id]
        assert completed(shown) == len(done)
        assert of_how_many(shown) == 6
        if course.status.value == "completed":
            assert len(done) == 6
        if course.status.value == "discontinued":
            assert {row.status.value for row in rows} <= {"completed"}


def messages_tell_the_truth(session: Session) -> None:
    """What waits speaks of a visit as it stands; nothing waits twice about one visit."""
    waiting = session.scalars(select(Message).where(Message.status == MessageStatus.QUEUED)).all()
    kinds = Counter((message.infusion_id, message.purpose) for message in waiting if message.infusion_id)
    for (_, purpose), count in kinds.items():
        assert count == 1 or purpose is Purpose.REMINDER
    for message in waiting:
        if message.infusion_id is None:
            continue
        row = session.get_one(Infusion, message.infusion_id)
        off = message.purpose is Purpose.VISIT_CANCELLED
        assert row.status.value == ("cancelled" if off else "scheduled"), message.purpose
        assert off or message.schedule_version == row.schedule_version
