"""Everybody in the eight weeks after their last infusion: that ratings were given, never what they say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from scheduler.features.ratings.occasions import WEEKS, Occasion, State
from scheduler.features.ratings.queries.facts import OVER, Asked, asked_of_all
from scheduler.features.ratings.queries.prompts import FOLLOWED
from scheduler.models import (
    Alert,
    AlertKind,
    Course,
    Infusion,
    InfusionStatus,
    Patient,
    ProtocolVersion,
    TimePoint,
)

PROMPTS = (AlertKind.RELAPSE, AlertKind.BOOSTER)
URGENCY = (State.LATE, State.DUE)
GONE = (InfusionStatus.MISSED, InfusionStatus.CANCELLED)


@dataclass(frozen=True)
class FollowUp:
    """One course in its weeks after; days are local to its site.

    `week` is the one that is running, 1 to 8, 0 in the first seven days. `given` and `missed` are weeks,
    `waits` is the state of the one that is due, with the day since when. `next_day` is the patient's next
    visit. `prompts` are the kinds of alerts that wait for a clinician.
    """

    course_id: int
    patient_id: int
    patient: str
    record_number: str
    site: str
    last_day: date
    week: int
    given: Sequence[int]
    missed: Sequence[int]
    waits: State | None
    since: date | None
    next_day: date | None
    prompts: Sequence[AlertKind]


def follow_ups(session: Session, now: datetime, site_id: int | None = None) -> list[FollowUp]:
    """Those who have something to give first, then the most weeks missed, then the longest at home."""
    query = (
        select(Course)
        .join(Patient, Patient.id == Course.patient_id)
        .options(
            selectinload(Course.patient),
            selectinload(Course.site),
            selectinload(Course.protocol_version).selectinload(ProtocolVersion.phases),
        )
        .where(Course.status.in_(OVER), Course.closed_at > now - FOLLOWED, Patient.archived_at.is_(None))
        .order_by(Course.id)
    )
    if site_id is not None:
        query = query.where(Course.site_id == site_id)
    courses = session.scalars(query).all()
    asked = asked_of_all(session, courses)
    weekly = {course.id: _weekly(asked[course.id]) for course in courses}
    here = [course for course in courses if weekly[course.id] and now < weekly[course.id][-1].closes_at]
    ahead, prompts = _next_days(session, here, now), _prompts(session, here)
    found = [
        _line(course, weekly[course.id], asked[course.id], now, ahead, prompts.get(course.id, ()))
        for course in here
    ]
    return sorted(found, key=_order)


def _order(line: FollowUp) -> tuple[int, int, date, int]:
    urgency = URGENCY.index(line.waits) if line.waits else len(URGENCY)
    return urgency, -len(line.missed), line.last_day, line.course_id


def _weekly(asked: Asked) -> list[Occasion]:
    """The weeks after, in their order."""
    return sorted(
        (one for one in asked.occasions if one.slot.point is TimePoint.WEEKLY), key=lambda one: one.slot.week
    )


def _line(
    course: Course,
    weekly: Sequence[Occasion],
    asked: Asked,
    now: datetime,
    ahead: dict[int, date],
    prompts: Sequence[AlertKind],
) -> FollowUp:
    zone = ZoneInfo(course.site.tz)
    states = {one.slot.week: one.state(now, asked.given) for one in weekly}
    waiting = next((one for one in weekly if states[one.slot.week] in URGENCY), None)
    first = weekly[0].opens_at.astimezone(zone).date()
    passed = (now.astimezone(zone).date() - first).days // 7 + 1
    return FollowUp(
        course_id=course.id,
        patient_id=course.patient_id,
        patient=course.patient.name,
        record_number=course.patient.record_number,
        site=course.site.name,
        last_day=first - timedelta(days=7),
        week=max(0, min(WEEKS, passed)),
        given=[week for week, state in states.items() if state is State.GIVEN],
        missed=[week for week, state in states.items() if state is State.MISSED],
        waits=states[waiting.slot.week] if waiting else None,
        since=waiting.due_at.astimezone(zone).date() if waiting else None,
        next_day=ahead.get(course.patient_id),
        prompts=prompts,
    )


def _next_days(session: Session, courses: Sequence[Course], now: datetime) -> dict[int, date]:
    """By patient the day of the next visit, of whichever course."""
    rows = session.execute(
        select(Infusion.patient_id, func.min(Infusion.local_day))
        .where(
            Infusion.patient_id.in_([course.patient_id for course in courses]),
            Infusion.starts_at > now,
            Infusion.status.not_in(GONE),
        )
        .group_by(Infusion.patient_id)
        .order_by(Infusion.patient_id)
    )
    return {row[0]: row[1] for row in rows}


def _prompts(session: Session, courses: Sequence[Course]) -> dict[int, list[AlertKind]]:
    """By course the kinds that wait, symptoms that return before a booster that is due."""
    rows = session.execute(
        select(Alert.course_id, Alert.kind)
        .where(
            Alert.course_id.in_([course.id for course in courses]),
            Alert.kind.in_(PROMPTS),
            Alert.acknowledged_at.is_(None),
            Alert.withdrawn_at.is_(None),
        )
        .order_by(Alert.id)
    )
    found: dict[int, list[AlertKind]] = {}
    for course_id, kind in rows:
        if course_id is not None:
            found.setdefault(course_id, []).append(kind)
    return {course_id: sorted(kinds, key=PROMPTS.index) for course_id, kinds in found.items()}
