"""Write the reminders whose time has come."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.audit.actions import record
from scheduler.features.outbox.actions import enqueue
from scheduler.features.reminders.due import dedupe_key
from scheduler.features.reminders.queries import Candidate
from scheduler.models import Channel, Purpose, ReminderRule

USUAL_DAYS_BEFORE = (3, 1)


def write_reminders(session: Session, at: datetime, candidates: Iterable[Candidate]) -> int:
    """Add a message for each and give their number.

    One that came too late is written as well: the next claim drops it with the reason, and staff can
    read on the list that nobody was reminded.
    """
    count = 0
    for one in candidates:
        enqueue(
            session,
            at,
            purpose=Purpose.REMINDER,
            patient_id=one.patient_id,
            language=one.language,
            dedupe_key=dedupe_key(one.infusion_id, one.schedule_version, one.days_before),
            facts={
                "days_before": one.days_before,
                "starts_at": one.starts_at.isoformat(),
                "schedule_version": one.schedule_version,
            },
            infusion_id=one.infusion_id,
            schedule_version=one.schedule_version,
            due_at=one.due.due_at,
            expires_at=one.due.expires_at,
        )
        count += 1
    return count


def add_usual_rules(session: Session, actor: Actor, at: datetime) -> None:
    """Remind by e-mail 3 days and 1 day before (CLINICAL.md, section 6: both miss least)."""
    for days in USUAL_DAYS_BEFORE:
        session.add(ReminderRule(channel=Channel.EMAIL, days_before=days, active=True))
    session.flush()
    record(session, actor, at, "reminders.added", "reminder_rule", days_before=list(USUAL_DAYS_BEFORE))
