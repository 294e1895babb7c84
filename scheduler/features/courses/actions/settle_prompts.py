"""A booking that was asked for by an alert ends it, in the same transaction."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.courses.words import day_words
from scheduler.features.tasks.alerting.acknowledge import acknowledge
from scheduler.features.tasks.alerts import is_open
from scheduler.models import Alert, AlertKind, Course, Infusion

BY_ANYBODY = (AlertKind.BOOSTER,)
BY_CLINICIAN = (AlertKind.BOOSTER, AlertKind.RELAPSE)
"""A booster that is due asks for a booking, whoever makes it. Symptoms that return ask for a clinician."""


def settle_prompts(
    session: Session, actor: Actor, at: datetime, booked_id: int, after_id: int, *, judges: bool
) -> int:
    """End what waits in the course `after_id` and is answered by the booking; give the number.

    `judges` says that a clinician booked. A course of another patient is left alone: the address may be old.
    """
    booked, before = session.get_one(Course, booked_id), session.get(Course, after_id)
    if before is None or before.patient_id != booked.patient_id:
        return 0
    kinds = BY_CLINICIAN if judges else BY_ANYBODY
    found = session.scalars(
        select(Alert.id)
        .where(is_open(), Alert.course_id == after_id, Alert.kind.in_(kinds))
        .order_by(Alert.id)
    ).all()
    words = _words(session, booked_id)
    for alert_id in found:
        acknowledge(session, actor, at, alert_id, words)
    return len(found)


def _words(session: Session, course_id: int) -> str:
    days = session.scalars(
        select(Infusion.local_day).where(Infusion.course_id == course_id).order_by(Infusion.local_day)
    ).all()
    first = f"{day_words(days[0])} {days[0].year}"
    if len(days) == 1:
        return f"A booster was booked for {first}."
    return f"A course of {len(days)} visits was booked, the first on {first}."
