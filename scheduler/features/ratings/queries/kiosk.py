"""What a tablet shows: what is to be answered at its visit now, one occasion after the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from scheduler.features.ratings.cognition.due import tasks_asked
from scheduler.features.ratings.occasions import Occasion, Slot, State
from scheduler.features.ratings.own.known import for_patients, instruments_of
from scheduler.features.ratings.plan import Key
from scheduler.features.ratings.queries.facts import Asked, Given, asked_of
from scheduler.features.ratings.queries.links import Questions, Stage
from scheduler.models import CognitiveRun, Course, Infusion, Kiosk, Patient, Rating, Site, TimePoint
from scheduler.rendering.phones import readable
from scheduler.tokens import token_hash

EARLY = timedelta(minutes=30)
"""The tablet may be handed over a little before the two hours after an infusion are full."""


@dataclass(frozen=True)
class Tablet:
    """One tablet in a patient's hands; `questions` is what is asked now, closed where nothing is left.

    `has_answers` says that something was answered on it, `has_tasks` that no question is left and short tasks
    wait; then `questions` is closed and names their occasion.
    """

    kiosk_id: int
    infusion_id: int
    has_answers: bool
    has_tasks: bool
    questions: Questions


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
    tasks = tasks_asked(session, [session.get_one(Course, visit.course_id)]).get(visit.course_id)
    now = _next(course, visit.id, at, partial(for_patients, session))
    doing = _next(tasks, visit.id, at, tuple) if tasks and now is None else None
    shown = now or doing
    questions = Questions(
        course_id=visit.course_id,
        slot=shown.slot if shown else Slot(TimePoint.PRE, visit.id),
        asked=instruments_of(session, for_patients(session, now.lacking(course.given))) if now else (),
        stage=Stage.OPEN if now else Stage.CLOSED,
        language=patient.language,
        clinic=site.discreet_name,
        phone=readable(site.phone),
        country=site.country,
        opens_at=shown.opens_at if shown else at,
        closes_at=shown.closes_at if shown else at,
        link_id=0,
    )
    return Tablet(kiosk.id, visit.id, _has_answers(session, kiosk.id), doing is not None, questions)


def _has_answers(session: Session, kiosk_id: int) -> bool:
    mine = f"kiosk:{kiosk_id}:"
    rated = exists().where(Rating.key.startswith(mine))
    done = exists().where(CognitiveRun.key.startswith(mine))
    return bool(session.scalar(select(or_(rated, done))))


def _next(
    asked: Asked, infusion_id: int, at: datetime, of: Callable[[Sequence[Key]], Sequence[Key]]
) -> Occasion | None:
    """The first occasion that lacks something now; `of` picks what a patient can answer of it."""
    return next(
        (
            one
            for one in asked.occasions
            if of(one.lacking(asked.given)) and _is_asked(one, asked.given, infusion_id, at)
        ),
        None,
    )


def _is_asked(one: Occasion, given: Given, infusion_id: int, at: datetime) -> bool:
    """Whether it is asked on the tablet now: what is due in the course, and what belongs to this visit."""
    if not one.opens_at <= at < one.closes_at:
        return False
    if one.slot == Slot(TimePoint.PRE, infusion_id):
        return True  # Whoever is handed the tablet early answers early.
    if one.slot == Slot(TimePoint.POST_2H, infusion_id) and at >= one.due_at - EARLY:
        return True
    return one.state(at, given) in (State.DUE, State.LATE)
