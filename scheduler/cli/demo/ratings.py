""" "Anxiety now" before each infusion and two hours after, entered by a nurse of the site; and with it the
questionnaires that patients answer at home."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from scheduler.actor import Actor
from scheduler.cli.demo.chance import stream
from scheduler.cli.demo.courseways import Way, before_each, deal_responses, deal_ways, two_hours_after
from scheduler.cli.demo.days import Calendar
from scheduler.cli.demo.questionnaires import questionnaires, rating_of
from scheduler.cli.demo.staff import Staff
from scheduler.cli.demo.states import PREPARATION
from scheduler.features.audit.actions import record
from scheduler.features.ratings.instruments import ANXIETY_NOW
from scheduler.models import (
    Course,
    CourseStatus,
    Infusion,
    InfusionStatus,
    Rating,
    RatingSource,
    Role,
    TimePoint,
    User,
)

TAKES_NONE = frozenset({InfusionStatus.MISSED, InfusionStatus.CANCELLED, InfusionStatus.SCHEDULED})
LACKING_BEFORE, LACKING_AFTER = 0.03, 0.07
LONGEST = 6
RESPONSES = (Way.REMITS, Way.RESPONDS)
BREAKS_OFF = (Way.PARTLY, Way.PLACEBO, Way.WORSE)


@dataclass(frozen=True)
class Answer:
    """One rating as it will be entered."""

    infusion: Infusion
    point: TimePoint
    value: int
    rated_at: datetime
    entered_at: datetime
    nurse: User
    language: str


def rate(session: Session, calendar: Calendar, seed: int, staff: Staff) -> None:
    """Add the ratings that were given by now, in the order in which they were entered."""
    chance = stream(seed, "ratings")
    courses = session.scalars(
        select(Course).options(selectinload(Course.infusions)).order_by(Course.id)
    ).all()
    given: list[Answer] = []
    at_home = stream(seed, "questionnaires")
    asked: list[Rating] = []
    for course, way, before in _ways(chance, courses):
        nurses = staff.of(Role.NURSE, course.site_id)
        given += [
            answer
            for answer in _answers(chance, course, way, before, nurses)
            if answer.entered_at <= calendar.now
        ]
        told = [rating_of(at_home, course, one) for one in questionnaires(at_home, course, way, before)]
        asked += [row for row in told if row.entered_at <= calendar.now and not course.entered]
    given.sort(key=lambda one: (one.entered_at, one.infusion.id))
    rows = [_rating(answer) for answer in given]
    asked.sort(key=lambda row: (row.entered_at, row.course_id, row.instrument))
    session.add_all([*rows, *asked])
    session.flush()
    for answer, row in zip(given, rows, strict=True):
        _note(session, answer.nurse, row)
    for row in asked:
        _note(session, None, row)
    session.flush()


def _ways(chance: Random, courses: Sequence[Course]) -> Iterator[tuple[Course, Way, list[int]]]:
    """Every course, the way it goes, and the ratings before its infusions.

    Completed courses of six share the ways among themselves, and so do the running ones, which will go the
    same ways. Who broke off had no lasting relief.
    """
    for kind in ("whole", "running", "broken"):
        group = [course for course in courses if _kind(course) == kind]
        ways = deal_ways(chance, len(group))
        if kind == "broken":
            ways = [chance.choice(BREAKS_OFF) for _ in group]
        responses = deal_responses(chance, sum(way in RESPONSES for way in ways))
        for course, way in zip(group, ways, strict=True):
            yield course, way, before_each(chance, way, responses.pop() if way in RESPONSES else 0)


def _kind(course: Course) -> str:
    if course.status is CourseStatus.DISCONTINUED:
        return "broken"
    is_through = course.status is CourseStatus.COMPLETED and course.protocol_version.infusions == LONGEST
    return "whole" if is_through else "running"


def _answers(
    chance: Random, course: Course, way: Way, before: Sequence[int], nurses: Sequence[User]
) -> Iterator[Answer]:
    """Both ratings of each infusion that took place; the first and the last "before" are never lacking."""
    said = course.patient.language
    for row in course.infusions:
        value = before[row.number - 1]
        after, nurse = two_hours_after(chance, way, value), chance.choice(nurses)
        lacks = row.number not in (1, LONGEST) and chance.random() < LACKING_BEFORE
        waited, delay = chance.randrange(2, 9), chance.randrange(112, 136)
        lacks_after = chance.random() < LACKING_AFTER
        if row.status in TAKES_NONE or row.arrived_at is None:
            continue
        if not lacks:
            rated = row.arrived_at + timedelta(minutes=waited)
            yield Answer(row, TimePoint.PRE, value, rated, rated + timedelta(minutes=1), nurse, said)
        if not lacks_after and row.started_at is not None:
            rated = row.started_at + PREPARATION + timedelta(minutes=delay)
            yield Answer(row, TimePoint.POST_2H, after, rated, rated + timedelta(minutes=2), nurse, said)


def _rating(answer: Answer) -> Rating:
    return Rating(
        course_id=answer.infusion.course_id,
        infusion_id=answer.infusion.id,
        patient_id=answer.infusion.patient_id,
        instrument=ANXIETY_NOW.code,
        instrument_version=ANXIETY_NOW.version,
        language=answer.language,
        time_point=answer.point,
        answers=[answer.value],
        total=answer.value,
        source=RatingSource.STAFF,
        rated_at=answer.rated_at,
        entered_at=answer.entered_at,
        entered_by_id=answer.nurse.id,
    )


def _note(session: Session, nurse: User | None, row: Rating) -> None:
    record(
        session,
        Actor(nurse.id, nurse.name) if nurse else Actor(None, "patient"),
        row.entered_at,
        "rating.recorded",
        "rating",
        row.id,
        row.patient_id,
        course_id=row.course_id,
        infusion_id=row.infusion_id,
        instrument=row.instrument,
        time_point=row.time_point.value,
    )
