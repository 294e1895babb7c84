"""What the outbox has behind it: confirmations, invitations and reminders that were due by now.

Every one of them has its row, settled, so that a worker that starts finds nothing stale to send.
Reminders are derived by the function that the worker uses.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from scheduler.cli.demo.chance import stream, uuid_text
from scheduler.cli.demo.days import Calendar
from scheduler.cli.demo.delivery import Delivery, Unlucky
from scheduler.cli.demo.links import Links
from scheduler.features.outbox.contact.queries import Way, choices_of, ways_of
from scheduler.features.reminders.due import dedupe_key, due_of
from scheduler.features.reminders.visits import active_rules
from scheduler.models import (
    Channel,
    Course,
    Infusion,
    InfusionStatus,
    Message,
    MessageStatus,
    Patient,
    Purpose,
    Site,
)


class History:
    """Writes what was sent, for one clinic at one instant."""

    def __init__(self, session: Session, calendar: Calendar, seed: int, address: str) -> None:
        self.session, self.calendar = session, calendar
        self.ids = stream(seed, "message ids")
        self.sites = {site.id: site for site in session.scalars(select(Site).order_by(Site.id))}
        self.patients = {row.id: row for row in session.scalars(select(Patient).order_by(Patient.id))}
        chance = stream(seed, "delivery")
        chosen = choices_of(session, self.patients)
        addresses = {row.id: (row.email, row.phone) for row in self.patients.values()}
        ways = ways_of(session, addresses, chosen)
        self.delivery = Delivery(
            calendar,
            chance,
            self.sites,
            chosen,
            ways,
            _unlucky(session, calendar, chance, ways),
            Links(session, seed, "links in messages", address),
        )

    def confirm(self) -> None:
        """Settle what the bookings sent, while the visits are still as they were booked."""
        visits = {row.id: row for row in self.session.scalars(select(Infusion).order_by(Infusion.id))}
        messages = self.session.scalars(select(Message).order_by(Message.created_at, Message.id))
        for message in messages.all():
            told = message.facts.get("visits") or [{"infusion_id": message.infusion_id}]
            self._settle(message, [visits[each["infusion_id"]] for each in told])
        self.session.flush()

    def answer(self) -> None:
        """Settle what was answered to those who wrote."""
        waiting = select(Message).where(Message.status == MessageStatus.QUEUED).order_by(Message.id)
        for message in self.session.scalars(waiting).all():
            row = self.session.get(Infusion, message.infusion_id) if message.infusion_id else None
            self._settle(message, [row] if row else [])
        self.session.flush()

    def _settle(self, message: Message, rows: list[Infusion]) -> None:
        patient = self.patients[message.patient_id or 0]
        message.message_id = self._message_id(rows[0].site_id if rows else patient.site_id)
        attempt = self.delivery.settle(message, patient, rows)
        attempt.message_id = message.id
        self.session.add(attempt)

    def remind(self) -> None:
        """Add the reminders in the order in which they were due."""
        found = [one for one in self._reminders() if one[0].due_at <= self.calendar.now]
        found.sort(key=lambda one: (one[0].due_at, one[0].dedupe_key))
        written = []
        for message, row in found:
            if self.delivery.is_open(row.patient_id, message.channel, message.due_at):
                message.message_id = self._message_id(row.site_id)
                attempt = self.delivery.settle(message, self.patients[row.patient_id], [row])
                written.append((message, attempt))
        self.session.add_all(message for message, _ in written)
        self.session.flush()
        for message, attempt in written:
            attempt.message_id = message.id
        self.session.add_all(attempt for _, attempt in written)
        self.session.flush()

    def _reminders(self) -> Iterator[tuple[Message, Infusion]]:
        rules = active_rules(self.session)
        courses = self.session.scalars(
            select(Course).options(selectinload(Course.infusions)).order_by(Course.id)
        ).all()
        for course in courses:
            for row in course.infusions:
                until = _stood_until(course, row)
                for rule in rules:
                    message = self._reminder(row, rule.days_before, rule.channel)
                    if message is not None and message.due_at <= until:
                        yield message, row

    def _reminder(self, row: Infusion, days: int, channel: Channel) -> Message | None:
        patient = self.patients[row.patient_id]
        due = due_of(row.starts_at, row.scheduled_at, self.sites[row.site_id].tz, patient.time_zone, days)
        if due is None:
            return None
        return Message(
            dedupe_key=dedupe_key(row.id, row.schedule_version, days, channel.value),
            purpose=Purpose.REMINDER,
            channel=channel,
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


def _unlucky(
    session: Session, calendar: Calendar, chance: Random, ways: Mapping[int, tuple[Way, Way]]
) -> Unlucky:
    """Four at the larger site, as far as there are: two in the middle of a course whose mail does not arrive,
    and two with a visit in the next hours whose text did not.
    """
    rows = session.scalars(
        select(Infusion.patient_id)
        .where(Infusion.number == 3, Infusion.local_day.between(calendar.day(-4), calendar.day(2)))
        .where(Infusion.site_id == select(func.min(Site.id)).scalar_subquery())
        .order_by(Infusion.patient_id)
        .distinct()
    ).all()
    by_mail = [row for row in rows if ways[row][0].is_open and not ways[row][1].is_open]
    soon = session.scalars(
        select(Infusion.patient_id)
        .where(Infusion.starts_at > calendar.now, Infusion.starts_at <= calendar.now + timedelta(days=1))
        .where(Infusion.site_id == select(func.min(Site.id)).scalar_subquery())
        .order_by(Infusion.starts_at, Infusion.id)
    ).all()
    by_text = [row for row in dict.fromkeys(soon) if ways[row][1].is_open]
    mail = [*chance.sample(by_mail, min(2, len(by_mail))), 0, 0]
    text = [*by_text[:2], 0, 0]
    return Unlucky(mail[0], mail[1], text[1], text[0])
