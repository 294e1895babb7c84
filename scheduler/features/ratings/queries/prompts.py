"""Whom to send a link to questions now: derived, as the reminders of visits are.

A patient is asked once for each occasion. At the visit itself nobody writes to them: the tablet or a nurse
asks. What became due more than a day ago is not caught up with, so that a worker that slept, or a clinic
that begins to use this, sends no burst.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError, RuleError
from scheduler.features.outbox.contact.queries import ways_of
from scheduler.features.ratings.cognition.due import lacking_at, tasks_asked, waiting_with_tasks
from scheduler.features.ratings.occasions import Occasion, Slot
from scheduler.features.ratings.own.known import for_patients
from scheduler.features.ratings.plan import Key
from scheduler.features.ratings.queries.facts import OVER, Asked, asked_of, asked_of_all
from scheduler.features.ratings.slots import slot_name
from scheduler.models import Channel, Course, Message, Patient, Purpose, TimePoint

PROMPTED = frozenset({TimePoint.BASELINE, TimePoint.DAY_1, TimePoint.DAY_2_7, TimePoint.WEEKLY})
FRESH = timedelta(hours=24)
FOLLOWED = timedelta(weeks=10)
"""So long after its end a course may still have an occasion."""


@dataclass(frozen=True)
class Prompt:
    """One link to be sent: to whom, by which way, for which occasion and what of it."""

    course_id: int
    patient_id: int
    language: str
    channel: Channel
    occasion: Occasion
    asked: tuple[Key, ...]
    tasks: tuple[str, ...] = ()


def followed(now: datetime) -> ColumnElement[bool]:
    """Which courses may have an occasion now: those under way, and those that ended not long ago."""
    return or_(Course.status.not_in(OVER), Course.closed_at > now - FOLLOWED)


def due_prompts(session: Session, now: datetime) -> list[Prompt]:
    """The links that are to be sent now, the earliest due first."""
    rows = session.execute(
        select(Course, Patient)
        .join(Patient, Patient.id == Course.patient_id)
        .where(followed(now), Patient.archived_at.is_(None))
        .order_by(Course.id)
    ).all()
    courses = [course for course, _ in rows]
    asked, tasks = asked_of_all(session, courses), tasks_asked(session, courses)
    open_ways = ways_of(session, {patient.id: (patient.email, patient.phone) for _, patient in rows})
    found = []
    for course, patient in rows:
        way = next((way for way in open_ways[patient.id] if way.is_open), None)
        if way is None:
            continue  # The list of what is due says so; nobody has to call for a questionnaire.
        for occasion, _, lacking, codes in waiting_with_tasks(asked[course.id], tasks.get(course.id), now):
            keys = for_patients(session, lacking)
            if (keys or codes) and occasion.slot.point in PROMPTED and occasion.due_at > now - FRESH:
                found.append(
                    Prompt(course.id, patient.id, patient.language, way.channel, occasion, keys, codes)
                )
    written = _written(session, [prompt_key(one) for one in found])
    left = [one for one in found if prompt_key(one) not in written]
    return sorted(left, key=lambda one: (one.occasion.due_at, one.course_id))


def prompt_for(session: Session, course_id: int, slot: Slot, now: datetime) -> Prompt:
    """The link for one occasion, as somebody of the staff sends it.

    Raises NotFoundError, and RuleError where no link can be sent: it is not due, or no way is open.
    """
    course = session.get(Course, course_id)
    if course is None:
        raise NotFoundError("There is no such course.")
    known, tasks = asked_of(session, course_id), tasks_asked(session, [course]).get(course_id)
    codes = lacking_at(tasks, slot)
    occasion = tasks.of(slot) if tasks and codes else known.of(slot)
    patient = session.get_one(Patient, course.patient_id)
    keys = () if known.is_closed(slot) else for_patients(session, _lacking(known, slot))
    if not (keys or codes) or not occasion.opens_at <= now < occasion.closes_at:
        raise RuleError("There is nothing for the patient to answer now. Look at what is due.")
    ways = ways_of(session, {patient.id: (patient.email, patient.phone)})[patient.id]
    way = next((way for way in ways if way.is_open), None)
    if way is None:
        raise RuleError("No way to the patient is open: neither mail nor text. Ask them at the visit.")
    return Prompt(course_id, patient.id, patient.language, way.channel, occasion, keys, codes)


def _lacking(known: Asked, slot: Slot) -> tuple[Key, ...]:
    """The instruments that a slot lacks; none where it has tasks alone."""
    found = next((one for one in known.occasions if one.slot == slot), None)
    return found.lacking(known.given) if found else ()


def prompt_key(prompt: Prompt) -> str:
    """Name the one message of an occasion."""
    return f"questions:course:{prompt.course_id}:{slot_name(prompt.occasion.slot)}"


def _written(session: Session, keys: list[str]) -> set[str]:
    found: set[str] = set()
    for first in range(0, len(keys), 500):
        some = keys[first : first + 500]
        found |= set(
            session.scalars(
                select(Message.dedupe_key)
                .where(Message.purpose == Purpose.QUESTIONS, Message.dedupe_key.in_(some))
                .order_by(Message.id)
            )
        )
    return found
