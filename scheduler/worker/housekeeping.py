"""What time alone brings about: days run out, and what nobody needs any more goes."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from scheduler.actor import WORKER
from scheduler.db import Database
from scheduler.features.accounts.actions.kept import forget_forms
from scheduler.features.accounts.actions.links import forget_links
from scheduler.features.courses.actions.release import release_kept
from scheduler.features.courses.queries import holds_over
from scheduler.features.intake.late import tend_late
from scheduler.features.intake.requests.actions.erase import erase_forgotten
from scheduler.features.outbox.actions import purge_bodies, purge_inbound
from scheduler.features.patients.imports.housekeeping import forget_old_files
from scheduler.models import LoginAttempt, PatientDevice, StaffSession, WebhookDelivery, WorkerTick

KEEP_ATTEMPTS = timedelta(days=30)
KEEP_SESSIONS = timedelta(days=30)
KEEP_PULSES = timedelta(days=7)
KEEP_EVENTS = timedelta(days=30)


def run_out(database: Database, at: datetime) -> None:
    """Do what is due because a day has passed, each course in a transaction of its own.

    One course that can't be released keeps none of the others waiting: its error comes out at the end.
    """
    with database.read() as session:
        over = holds_over(session, at)
    broken: list[Exception] = []
    for course_id in over:
        try:
            database.attempt(partial(release_kept, actor=WORKER, at=at, course_id=course_id))
        except Exception as error:  # noqa: BLE001 - it is raised below, when the others are done
            broken.append(error)
    if broken:
        raise ExceptionGroup("courses that could not be released", broken)


def clean(session: Session, at: datetime) -> None:
    """Remove what is out of date at `at`."""
    old = at - KEEP_SESSIONS
    session.execute(delete(LoginAttempt).where(LoginAttempt.at < at - KEEP_ATTEMPTS))
    session.execute(delete(StaffSession).where(or_(StaffSession.ended_at < old, StaffSession.ends_at < old)))
    session.execute(
        delete(PatientDevice).where(or_(PatientDevice.ended_at < old, PatientDevice.ends_at < old))
    )
    session.execute(delete(WorkerTick).where(WorkerTick.last_tick_at < at - KEEP_PULSES))
    session.execute(delete(WebhookDelivery).where(WebhookDelivery.created_at < at - KEEP_EVENTS))
    forget_forms(session, at)
    forget_links(session, at)
    purge_bodies(session, at)
    purge_inbound(session, at)
    forget_old_files(session, at)
    tend_late(session, at)
    erase_forgotten(session, at)
