"""Write the reminders whose time has come."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.audit.actions import record
from scheduler.features.outbox.actions import enqueue
from scheduler.features.outbox.contact.queries import choices_of, ways_of
from scheduler.features.outbox.contact.reminding import reminder_ways
from scheduler.features.reminders.due import dedupe_key
from scheduler.features.reminders.queries import Candidate, unreachable_key
from scheduler.features.reminders.rules.ways import rule_channels
from scheduler.features.tasks.actions import raise_task, settle_by_key
from scheduler.models import (
    Channel,
    Course,
    Infusion,
    InfusionStatus,
    Patient,
    ProtocolVersion,
    Purpose,
    ReminderRule,
    StaffTask,
    TaskKind,
)

USUAL_DAYS_BEFORE = (3, 1)


def write_reminders(session: Session, at: datetime, candidates: Iterable[Candidate]) -> int:
    """Add a message for each, or a task where nobody can be told, and give their number.

    One that came too late is written as well: the next claim drops it with the reason, and staff can
    read on the list that nobody was reminded.
    """
    count = 0
    for one in candidates:
        if one.closed:
            _ask_for_a_call(session, at, one)
        else:
            _write(session, at, one)
        count += 1
    return count


def _write(session: Session, at: datetime, one: Candidate) -> None:
    enqueue(
        session,
        at,
        purpose=Purpose.REMINDER,
        patient_id=one.patient_id,
        language=one.language,
        dedupe_key=dedupe_key(one.infusion_id, one.schedule_version, one.days_before, one.channel.value),
        facts={
            "days_before": one.days_before,
            "starts_at": one.starts_at.isoformat(),
            "schedule_version": one.schedule_version,
        },
        infusion_id=one.infusion_id,
        schedule_version=one.schedule_version,
        due_at=one.due.due_at,
        expires_at=one.due.expires_at,
        channel=one.channel,
    )


def _ask_for_a_call(session: Session, at: datetime, one: Candidate) -> None:
    raise_task(
        session,
        at,
        kind=TaskKind.UNREACHABLE,
        dedupe_key=unreachable_key(one.patient_id, one.infusion_id, one.schedule_version),
        site_id=one.site_id,
        patient_id=one.patient_id,
        course_id=one.course_id,
        infusion_id=one.infusion_id,
        facts={"why": f"Needs a call. {one.closed}"},
        due_on=one.starts_at.astimezone(ZoneInfo(one.tz)).date(),
    )


def settle_reachable(session: Session, actor: Actor, at: datetime) -> int:
    """Settle the tasks to call somebody who can be written to again, or whose visit is not as it was."""
    rows = session.execute(
        select(StaffTask.dedupe_key, Patient, Infusion, ProtocolVersion.protocol_id)
        .join(Patient, Patient.id == StaffTask.patient_id)
        .join(Infusion, Infusion.id == StaffTask.infusion_id)
        .join(Course, Course.id == Infusion.course_id)
        .join(ProtocolVersion, ProtocolVersion.id == Course.protocol_version_id)
        .where(StaffTask.kind == TaskKind.UNREACHABLE, StaffTask.done_at.is_(None))
        .order_by(StaffTask.id)
    ).all()
    people = {patient.id: (patient.email, patient.phone) for _, patient, _, _ in rows}
    chosen, channels = choices_of(session, people), rule_channels(session)
    reach = ways_of(session, people, chosen)
    count = 0
    for key, patient, visit, protocol_id in rows:
        ways = reminder_ways(reach[patient.id], chosen[patient.id], channels.of(protocol_id))
        stands = visit.status is InfusionStatus.SCHEDULED and visit.starts_at > at
        if not stands or key != unreachable_key(patient.id, visit.id, visit.schedule_version):
            count += settle_by_key(session, actor, at, key, "The visit is not as it was.")
        elif any(way.is_open for way in ways):
            count += settle_by_key(session, actor, at, key, "The patient can be written to again.")
    return count


def add_usual_rules(session: Session, actor: Actor, at: datetime) -> None:
    """Remind by e-mail 3 days and 1 day before (CLINICAL.md, section 6: both miss least)."""
    for days in USUAL_DAYS_BEFORE:
        session.add(ReminderRule(channel=Channel.EMAIL, days_before=days, active=True))
    session.flush()
    record(session, actor, at, "reminders.added", "reminder_rule", days_before=list(USUAL_DAYS_BEFORE))
