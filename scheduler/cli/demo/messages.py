"""What the outbox has behind it: confirmations and reminders that were due by now.

Every one of them has its row, settled, so that a worker that starts finds nothing stale to send.
Reminders are derived by the function that the worker uses.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from scheduler.cli.demo.chance import stream, uuid_text
from scheduler.cli.demo.days import Calendar
from scheduler.cli.demo.delivery import Delivery
from scheduler.features.reminders.due import dedupe_key, due_of
from scheduler.models import (
    Channel,
    Course,
    Infusion,
    InfusionStatus,
    Message,
    Patient,
    Purpose,
    ReminderRule,
    Site,
)


class History:
    """Writes what was sent, for one clinic at one instant."""

    def __init__(self, session: Session, calendar: Calendar, seed: int) -> None:
        self.session, self.calendar = session, calendar
        self.ids = stream(seed, "message ids")
        self.sites = {site.id: site for site in session.scalars(select(Site).order_by(Site.id))}
        self.patients = {row.id: row for row in session.scalars(select(Patient).order_by(Patient.id))}
        chance = stream(seed, "delivery")
        self.delivery = Delivery(calendar, chance, self.sites, _without_mailbox(session, calendar, chance))

    def confirm(self) -> None:
        """Settle what the bookings sent, while the visits are still as they were booked."""
        visits = {row.id: row for row in self.session.scalars(select(Infusion).order_by(Infusion.id))}
        for message in self.session.scalars(select(Message).order_by(Message.id)).all():
            told = message.facts.get("visits") or [{"infusion_id": message.infusion_id}]
            rows = [visits[each["infusion_id"]] for each in told]
            message.message_id = self._message_id(rows[0].site_id)
            attempt = self.delivery.settle(message, self.patients[rows[0].patient_id], rows)
            attempt.message_id = message.id
            self.session.add(attempt)
        self.session.flush()

    def remind(self) -> None:
        """Add the reminders in the order in which they were due."""
        found = [one for one in self._reminders() if one[0].due_at <= self.calendar.now]
        found.sort(key=lambda one: (one[0].due_at, one[0].dedupe_key))
        attempts = []
        for message, row in found:
            message.message_id = self._message_id(row.site_id)
            attempts.append(self.delivery.settle(message, self.patients[row.patient_id], [row]))
            self.session.add(message)
        self.session.flush()
        for attempt, (message, _) in zip(attempts, found, strict=True):
            attempt.message_id = message.id
        self.session.add_all(attempts)
        self.session.flush()

    def _reminders(self) -> Iterator[tuple[Message, Infusion]]:
        rules = self.session.scalars(select(ReminderRule).order_by(ReminderRule.days_before.desc())).all()
        courses = self.session.scalars(
            select(Course).options(selectinload(Course.infusions)).order_by(Course.id)
        ).all()
        for course in courses:
            for row in course.infusions:
                until = _stood_until(course, row)
                for rule in rules:
                    message = self._reminder(row, rule.days_before)
                    if message is not None and message.due_at <= until:
                        yield message, row

    def _reminder(self, row: Infusion, days: int) -> Message | None:
        patient = self.patients[row.patient_id]
        due = due_of(row.starts_at, row.scheduled_at, self.sites[row.site_id].tz, patient.time_zone, days)
        if due is None:
            return None
        return Message(
            dedupe_key=dedupe_key(row.id, row.schedule_version, days),
            purpose=Purpose.REMINDER,
            channel=Channel.EMAIL,
            patient_id=patient.id,
            infusion_id=row.id,
            schedule_version=row.schedule_version,
            language=patient.language,
            facts={
                "days_before": days,
                "starts_at": row.starts_at.isoformat(),
                "schedule_version": row.schedule_version,
            },
            created_at=due.due_at,
            due_at=due.due_at,
            expires_at=due.expires_at,
            next_attempt_at=due.due_at,
        )

    def _message_id(self, site_id: int) -> str:
        domain = self.sites[site_id].from_email.rpartition("@")[2]
        return f"<{uuid_text(self.ids).replace('-', '')}@{domain}>"


def _stood_until(course: Course, row: Infusion) -> datetime:
    """Until when the visit was one to be reminded of: a cancelled one until it was called off."""
    if row.status is not InfusionStatus.CANCELLED:
        return row.starts_at
    instead = [
        other.scheduled_at for other in course.infusions if other.number == row.number and other is not row
    ]
    kept = [other.ends_at for other in course.infusions if other.completed_at is not None]
    return min([*instead, max(kept) + timedelta(hours=2)]) if kept else course.booked_at


def _without_mailbox(session: Session, calendar: Calendar, chance: Random) -> int:
    """One patient in the middle of a course, whose address has stopped working; 0 where there is none."""
    rows = session.scalars(
        select(Patient.id)
        .join(Infusion, Infusion.patient_id == Patient.id)
        .where(Patient.email.is_not(None), Infusion.number == 3)
        .where(Infusion.local_day.between(calendar.day(-4), calendar.day(2)))
        .order_by(Patient.id)
    ).all()
    return chance.choice(rows) if rows else 0
