"""What a tablet shows: what is to be answered at its visit now, one occasion after the other."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.ratings.occasions import Occasion, Slot, State
from scheduler.features.ratings.queries.facts import Given, asked_of
from scheduler.features.ratings.queries.links import Questions, Stage
from scheduler.features.ratings.sheet import for_patients
from scheduler.models import Course, Infusion, Kiosk, Patient, Rating, Site, TimePoint
from scheduler.rendering.phones import readable
from scheduler.tokens import token_hash

EARLY = timedelta(minutes=30)
"""The tablet may be handed over a little before the two hours after an infusion are full."""


@dataclass(frozen=True)
class Tablet:
    """One tablet in a patient's hands; `questions` is what is asked now, closed where nothing is left.

    `has_answers` says that something was answered on it.
    """

    kiosk_id: int
    infusion_id: int
    has_answers: bool
    questions: Questions


def is_kiosk(session: Session, raw: str, at: datetime) -> bool:
    """Whether this secret is one of a tablet that is out now."""
    found = session.scalar(
        select(Kiosk.id).where(
            Kiosk.token_hash == token_hash(raw), Kiosk.ended_at.is_(None), Kiosk.expires_at > at
        )
    )
    return found is not None


def tablet(session: Session, raw: str, at: datetime) -> Tablet | None:
    """What the tablet shows now; None for one that is not out any more."""
    found = session.execute(
        select(Kiosk, Infusion, Patient, Site)
        .join(Infusion, Infusion.id == Kiosk.infusion_id)
        .join(Course, Course.id == Infusion.course_id)
        .join(Patient, Patient.id == Course.patient_id)
        .join(Site, Site.id == Course.site_id)
        .where(Kiosk.token_hash == token_hash(raw), Kiosk.ended_at.is_(None), Kiosk.expires_at > at)
    ).one_or_none()
    if found is None:
        return None
    kiosk, visit, patient, site = found
    course = asked_of(session, visit.course_id)
    now = next((one for one in course.occasions if _is_asked(one, course.given, visit.id, at)), None)
    questions = Questions(
        course_id=visit.course_id,
        slot=now.slot if now else Slot(TimePoint.PRE, visit.id),
        asked=for_patients(now.lacking(course.given)) if now else (),
        stage=Stage.OPEN if now else Stage.CLOSED,
        language=patient.language,
        clinic=site.discreet_name,
        phone=readable(site.phone),
        opens_at=now.opens_at if now else at,
        closes_at=now.closes_at if now else at,
        link_id=0,
    )
    answered = select(Rating.id).where(Rating.key.startswith(f"kiosk:{kiosk.id}:")).limit(1)
    return Tablet(kiosk.id, visit.id, session.scalar(answered) is not None, questions)


def _is_asked(one: Occasion, given: Given, infusion_id: int, at: datetime) -> bool:
    """Whether it is asked on the tablet now: what is due in the course, and what belongs to this visit."""
    if not for_patients(one.lacking(given)) or not one.opens_at <= at < one.closes_at:
        return False
    if one.slot == Slot(TimePoint.PRE, infusion_id):
        return True  # Whoever is handed the tablet early answers early.
    if one.slot == Slot(TimePoint.POST_2H, infusion_id) and at >= one.due_at - EARLY:
        return True
    return one.state(at, given) in (State.DUE, State.LATE)
