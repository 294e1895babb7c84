"""What is due, for everybody who may call a patient: that something waits, never what it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.ratings.cognition.due import tasks_asked, waiting_with_tasks
from scheduler.features.ratings.occasions import Slot, State
from scheduler.features.ratings.own.known import for_patients
from scheduler.features.ratings.queries.facts import asked_of_all
from scheduler.features.ratings.queries.prompts import followed
from scheduler.features.ratings.slots import slot_name
from scheduler.features.ratings.words import said
from scheduler.models import Course, Patient, Site


@dataclass(frozen=True)
class DueLine:
    """One occasion that waits; `due_at` is local to its site. `can_send`: a link would do."""

    course_id: int
    patient_id: int
    patient: str
    record_number: str
    site: str
    slot: str
    title: str
    due_at: datetime
    is_late: bool
    can_send: bool


@dataclass(frozen=True)
class AskedNow:
    """One occasion that a patient can answer now; `due_at` is local to the course's site."""

    course_id: int
    slot: Slot
    due_at: datetime
    closes_at: datetime


def asked_now(session: Session, now: datetime, patient_id: int) -> Sequence[AskedNow]:
    """What one patient can answer now, the earliest due first: not what a clinician asks."""
    courses = session.scalars(
        select(Course).where(Course.patient_id == patient_id, followed(now)).order_by(Course.id)
    ).all()
    asked, tasks = asked_of_all(session, courses), tasks_asked(session, courses)
    found = [
        AskedNow(course.id, one.slot, one.due_at.astimezone(ZoneInfo(course.site.tz)), one.closes_at)
        for course in courses
        for one, _, instruments, codes in waiting_with_tasks(asked[course.id], tasks.get(course.id), now)
        if codes or for_patients(session, instruments)
    ]
    return sorted(found, key=lambda one: (one.due_at, one.course_id))


def due_list(session: Session, now: datetime, site_id: int | None = None) -> Sequence[DueLine]:
    """What waits at one site, or at all: what is late first, then the longest due."""
    statement = (
        select(Course, Patient, Site)
        .join(Patient, Patient.id == Course.patient_id)
        .join(Site, Site.id == Course.site_id)
        .where(followed(now), Patient.archived_at.is_(None))
        .order_by(Course.id)
    )
    if site_id is not None:
        statement = statement.where(Course.site_id == site_id)
    rows = session.execute(statement).all()
    courses = [course for course, _, _ in rows]
    asked, tasks = asked_of_all(session, courses), tasks_asked(session, courses)
    found = [
        DueLine(
            course_id=course.id,
            patient_id=patient.id,
            patient=patient.name,
            record_number=patient.record_number,
            site=site.name,
            slot=slot_name(one.slot),
            title=said(one.slot, one.number),
            due_at=one.due_at.astimezone(ZoneInfo(site.tz)),
            is_late=state is State.LATE,
            can_send=bool(codes or for_patients(session, instruments)),
        )
        for course, patient, site in rows
        for one, state, instruments, codes in waiting_with_tasks(asked[course.id], tasks.get(course.id), now)
    ]
    return sorted(found, key=lambda line: (not line.is_late, line.due_at, line.course_id))
