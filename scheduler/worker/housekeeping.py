"""What nobody needs any more goes: old log-ins and tries to log in, old contents, workers long gone."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from scheduler.features.outbox.actions import purge_bodies
from scheduler.models import LoginAttempt, StaffSession, WorkerTick

KEEP_ATTEMPTS = timedelta(days=30)
KEEP_SESSIONS = timedelta(days=30)
KEEP_PULSES = timedelta(days=7)


def clean(session: Session, at: datetime) -> None:
    """Remove what is out of date at `at`."""
    old = at - KEEP_SESSIONS
    session.execute(delete(LoginAttempt).where(LoginAttempt.at < at - KEEP_ATTEMPTS))
    session.execute(delete(StaffSession).where(or_(StaffSession.ended_at < old, StaffSession.ends_at < old)))
    session.execute(delete(WorkerTick).where(WorkerTick.last_tick_at < at - KEEP_PULSES))
    purge_bodies(session, at)
