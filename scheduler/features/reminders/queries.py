"""Which reminders are due and not written yet, and which are still to come."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Select, String, cast, exists, literal, select
from sqlalchemy.orm import Session

from scheduler.features.outbox.queries.lines import reminder_label
from scheduler.features.reminders.due import Due, due_of
from scheduler.models import (
    Channel,
    Course,
    CourseStatus,
    Infusion,
    InfusionStatus,
    Message,
    Patient,
    ReminderRule,
    Site,
)

log = structlog.get_logger()

EARLIEST = timedelta(hours=2)
"""A reminder is never due earlier than this before the visit's hour, days ahead: a clock change moves it."""


@dataclass(frozen=True)
class Candidate:
    """A visit and a rule that belong together, without a message yet, and when it is due."""

    infusion_id: int
    number: int
    course_id: int
    schedule_version: int
    starts_at: datetime
    patient_id: int
    patient: str
    record_number: str
    language: str
    tz: str
    days_before: int
    due: Due


@dataclass(frozen=True)
class PlannedReminder:
    """A reminder that will be written when its time comes; times are local to the site."""

    infusion_id: int
    number: int
    course_id: int
    patient_id: int
    patient: str
    record_number: str
    label: str
    channel: str
    due_at: datetime
    visit_at: datetime


def due_reminders(session: Session, now: datetime, limit: int = 500) -> list[Candidate]:
    """Give the reminders whose time has come and that have no message, the earliest visit first."""
    found = []
    for days in _rules(session):
        until = now + timedelta(days=days) + EARLIEST
        found += [one for one in _candidates(session, days, now, until) if one.due.due_at <= now]
    return sorted(found, key=lambda one: (one.starts_at, one.infusion_id, -one.days_before))[:limit]


def planned_reminders(session: Session, course_id: int, now: datetime) -> list[PlannedReminder]:
    """Give the reminders of one course that are still to come, the next one first."""
    return _planned(session, now, None, Infusion.course_id == course_id)


def planned_for_patient(session: Session, patient_id: int, now: datetime) -> list[PlannedReminder]:
    """Give the reminders of one patient that are still to come, the next one first."""
    return _planned(session, now, None, Infusion.patient_id == patient_id)


def planned_until(session: Session, now: datetime, until: datetime) -> list[PlannedReminder]:
    """Give all reminders that are due from now to `until`, the next one first."""
    return [one for one in _planned(session, now, until) if one.due_at <= until]


def _planned(
    session: Session, now: datetime, until: datetime | None, *narrowed: Any
) -> list[PlannedReminder]:
    found = []
    for days in _rules(session):
        last = None if until is None else until + timedelta(days=days) + EARLIEST
        found += [
            _as_planned(one)
            for one in _candidates(session, days, now, last, *narrowed)
            if one.due.due_at > now
        ]
    return sorted(found, key=lambda one: (one.due_at, one.visit_at, one.infusion_id))


def _rules(session: Session) -> list[int]:
    """The offsets in days by e-mail. Text messages have no gateway yet."""
    return list(
        session.scalars(
            select(ReminderRule.days_before)
            .where(ReminderRule.active, ReminderRule.channel == Channel.EMAIL)
            .order_by(ReminderRule.days_before.desc())
        )
    )


def _candidates(
    session: Session, days: int, now: datetime, until: datetime | None, *narrowed: Any
) -> Iterator[Candidate]:
    statement = _without_message(days).where(Infusion.starts_at > now, *narrowed)
    if until is not None:
        statement = statement.where(Infusion.starts_at <= until)
    for row in session.execute(statement):
        try:
            due = due_of(row.starts_at, row.scheduled_at, row.tz, row.time_zone, days)
        except (OverflowError, ValueError, KeyError, OSError):
            # A zone that is not known, say: that one visit has no reminder, the next one has.
            log.exception("reminder_not_derived", infusion_id=row.infusion_id)
            continue
        if due is not None:
            yield _candidate(row, days, due)


def _without_message(days: int) -> Select[*tuple[Any, ...]]:
    """Scheduled visits without a message for this rule and schedule version, each an index look-up."""
    version = cast(Infusion.schedule_version, String)
    key = literal("reminder:infusion:") + cast(Infusion.id, String) + ":v" + version + f":{days}d:email"
    return (
        select(
            Infusion.id.label("infusion_id"),
            Infusion.number,
            Infusion.course_id,
            Infusion.schedule_version,
            Infusion.starts_at,
            Infusion.scheduled_at,
            Patient.id.label("patient_id"),
            Patient.given_name,
            Patient.family_name,
            Patient.record_number,
            Patient.language,
            Patient.time_zone,
            Site.tz,
        )
        .join(Patient, Patient.id == Infusion.patient_id)
        .join(Site, Site.id == Infusion.site_id)
        .join(Course, Course.id == Infusion.course_id)
        .where(
            Infusion.status == InfusionStatus.SCHEDULED,
            Course.status == CourseStatus.ACTIVE,
            ~exists().where(Message.dedupe_key == key),
        )
        .order_by(Infusion.starts_at, Infusion.id)
    )


def _candidate(row: Any, days: int, due: Due) -> Candidate:
    return Candidate(
        infusion_id=row.infusion_id,
        number=row.number,
        course_id=row.course_id,
        schedule_version=row.schedule_version,
        starts_at=row.starts_at,
        patient_id=row.patient_id,
        patient=f"{row.given_name} {row.family_name}",
        record_number=row.record_number,
        language=row.language,
        tz=row.tz,
        days_before=days,
        due=due,
    )


def _as_planned(one: Candidate) -> PlannedReminder:
    zone = ZoneInfo(one.tz)
    return PlannedReminder(
        infusion_id=one.infusion_id,
        number=one.number,
        course_id=one.course_id,
        patient_id=one.patient_id,
        patient=one.patient,
        record_number=one.record_number,
        label=reminder_label(one.days_before),
        channel="E-mail",
        due_at=one.due.due_at.astimezone(zone),
        visit_at=one.starts_at.astimezone(zone),
    )
