"""What came in by mail and by text, and how far the mailbox was read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.features.outbox.queries.page import zone_of
from scheduler.models import Channel, InboundMessage, Infusion, Mailbox, Patient

SIZE = 50
LATE = timedelta(minutes=15)
WEEK = timedelta(days=7)
LABELS: dict[str, tuple[str, str]] = {
    "confirm": ("Confirms", "ok"),
    "change": ("Asks for another time", "due"),
    "stop": ("STOP", "due"),
    "cancel": ("CANCEL", "due"),
    "start": ("START", ""),
    "help": ("HELP", ""),
    "unclear": ("Not understood", "due"),
    "accepted": ("Accepted in the calendar", "ok"),
    "declined": ("Declined in the calendar", "due"),
    "tentative": ("Perhaps, in the calendar", ""),
    "counter": ("Proposes another time", "due"),
    "no answer": ("Neither yes nor no", ""),
    "no visit": ("Unknown calendar entry", ""),
    "not invited": ("From another address", "due"),
    "out of date": ("Answers an older invitation", ""),
    "bounced": ("Mail came back", "stop"),
    "delayed": ("Mail is delayed", ""),
    "automatic": ("Automatic answer", ""),
    "mail": ("Written by a person", ""),
    "too large": ("Too large to read", "due"),
    "broken": ("Could not be read", "due"),
}
"""What was understood, as staff read it, with the tone of its pill."""


@dataclass(frozen=True)
class InboundLine:
    """One thing that came in; `at` is local to the reader, `body` None where nothing was kept of it."""

    at: datetime
    channel: str
    sender: str
    label: str
    tone: str
    outcome: str
    body: str | None
    patient_id: int | None
    patient: str
    record_number: str
    infusion_id: int | None
    number: int | None


@dataclass(frozen=True)
class InboundPage:
    """One page of what came in, newest first; `total` counts all."""

    lines: list[InboundLine]
    total: int
    first: int

    @property
    def has_older(self) -> bool:
        """Whether another page follows."""
        return self.first - 1 + len(self.lines) < self.total


def inbound(session: Session, channel: Channel | None, page: int, site_id: int | None) -> InboundPage:
    """One page of what came in, by one way or by both."""
    where = [InboundMessage.channel == channel] if channel else []
    total = session.scalar(select(func.count(InboundMessage.id)).where(*where)) or 0
    zone = zone_of(session, site_id)
    rows = session.execute(
        select(InboundMessage, Patient, Infusion.number)
        .outerjoin(Patient, Patient.id == InboundMessage.patient_id)
        .outerjoin(Infusion, Infusion.id == InboundMessage.infusion_id)
        .where(*where)
        .order_by(InboundMessage.received_at.desc(), InboundMessage.id.desc())
        .limit(SIZE)
        .offset((page - 1) * SIZE)
    )
    lines = [_line(row.InboundMessage, row.Patient, row.number, zone) for row in rows]
    return InboundPage(lines, total, (page - 1) * SIZE + 1)


def _line(row: InboundMessage, patient: Patient | None, number: int | None, zone: ZoneInfo) -> InboundLine:
    label, tone = LABELS.get(row.understood, (row.understood.capitalize(), ""))
    return InboundLine(
        at=row.received_at.astimezone(zone),
        channel="E-mail" if row.channel is Channel.EMAIL else "Text message",
        sender=row.sender,
        label=label,
        tone=tone,
        outcome=row.outcome,
        body=row.body,
        patient_id=patient.id if patient else None,
        patient=patient.name if patient else "",
        record_number=patient.record_number if patient else "",
        infusion_id=row.infusion_id,
        number=number,
    )


@dataclass(frozen=True)
class MailboxState:
    """The mailbox that was looked at last, times local to the reader; what its mails of a week were."""

    name: str
    looked_at: datetime | None
    read_at: datetime | None
    error: str
    is_late: bool
    week: list[tuple[str, int]]


def mailbox_state(session: Session, now: datetime, site_id: int | None) -> MailboxState | None:
    """How the mailbox does; None as long as no worker has looked at one."""
    row = session.scalars(
        select(Mailbox).order_by(Mailbox.looked_at.is_(None), Mailbox.looked_at.desc(), Mailbox.name).limit(1)
    ).one_or_none()
    if row is None:
        return None
    zone = zone_of(session, site_id)
    count = func.count(InboundMessage.id)
    words = session.execute(
        select(InboundMessage.understood, count)
        .where(InboundMessage.channel == Channel.EMAIL, InboundMessage.received_at > now - WEEK)
        .group_by(InboundMessage.understood)
        .order_by(count.desc(), InboundMessage.understood)
    )
    return MailboxState(
        name=row.name,
        looked_at=row.looked_at.astimezone(zone) if row.looked_at else None,
        read_at=row.read_at.astimezone(zone) if row.read_at else None,
        error=row.error or "",
        is_late=row.read_at is None or row.read_at < now - LATE,
        week=[(LABELS.get(word, (word, ""))[0], number) for word, number in words],
    )
