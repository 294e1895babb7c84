"""Messages as lines of a list: what, about which visit, where it stands and why. Never what it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from scheduler.models import (
    Channel,
    Consultation,
    ConsultationRequest,
    Course,
    Infusion,
    Message,
    MessageStatus,
    Patient,
    Purpose,
    Site,
    User,
)

GROUPS: dict[str, tuple[MessageStatus, ...]] = {
    "waiting": (MessageStatus.QUEUED, MessageStatus.SENDING),
    "attention": (MessageStatus.DEAD, MessageStatus.UNKNOWN),
    "sent": (MessageStatus.SENT,),
    "left": (MessageStatus.SUPPRESSED, MessageStatus.EXPIRED, MessageStatus.VOID),
}
"""The parts of the list, by the names in its address."""

CHANNELS = {Channel.EMAIL: "E-mail", Channel.SMS: "Text message"}

KINDS = {
    Purpose.BOOKING_CONFIRMATION: "Confirmations",
    Purpose.REMINDER: "Reminders",
    Purpose.VISIT_MOVED: "New times",
    Purpose.VISIT_CANCELLED: "Cancellations",
    Purpose.INVITATION: "Invitations",
    Purpose.INVITATION_WITHDRAWN: "Withdrawn invitations",
    Purpose.ANSWER: "Answers",
    Purpose.TEST: "Tests",
    Purpose.DIGEST: "Morning digests",
    Purpose.ACCOUNT: "Accounts of staff",
    Purpose.QUESTIONS: "Questions",
    Purpose.PAGES: "Own pages",
    Purpose.CONSENTS: "Documents",
    Purpose.REQUEST_RECEIVED: "Requests received",
    Purpose.CONSULTATION_BOOKED: "Consultations booked",
    Purpose.CONSULTATION_MOVED: "Consultations changed",
    Purpose.CONSULTATION_CANCELLED: "Consultations cancelled",
    Purpose.CONSULTATION_REMINDER: "Consultation reminders",
}
"""The purposes as the list is narrowed to them."""

PLAIN_LABELS = {
    Purpose.VISIT_CANCELLED: "Cancellation of a visit",
    Purpose.INVITATION: "Calendar invitation",
    Purpose.INVITATION_WITHDRAWN: "Invitation withdrawn from a former address",
    Purpose.ANSWER: "Answer to a reply",
    Purpose.TEST: "Test message",
    Purpose.DIGEST: "Morning digest",
    Purpose.ACCOUNT: "About their account",
    Purpose.QUESTIONS: "Link to questions",
    Purpose.PAGES: "Link to their own pages",
    Purpose.CONSENTS: "Link to documents to sign",
    Purpose.REQUEST_RECEIVED: "Request received",
    Purpose.CONSULTATION_BOOKED: "Confirmation of a consultation",
    Purpose.CONSULTATION_MOVED: "Change of a consultation",
    Purpose.CONSULTATION_CANCELLED: "Cancellation of a consultation",
    Purpose.CONSULTATION_REMINDER: "Reminder of a consultation",
}

PACKED = {
    Purpose.INVITATION: "calendar invitations",
    Purpose.INVITATION_WITHDRAWN: "invitations withdrawn from a former address",
}
"""What a booking or a new address writes one of for each visit: several at once read better as one line."""

RECEIPTS = {"delivered": "It reached the phone", "sent": "On its way to the phone"}
"""Receipts worth a word; one that tells of a failure is the message's reason."""


@dataclass(frozen=True)
class MessageLine:
    """One message in a list; times are local to its site.

    `pill` is the state as `message_pill` names it: a waiting message that was tried is `failed`.
    `when` is the time that counts in that state, and `said` the words before it. A message to a member of
    staff, or to whoever asked for a consultation (`request_id`), has their name in `patient`, no `patient_id`
    and no record number. `receipt` says what the network
    reported of a text, empty while that is nothing new. `packed` is what several of its kind are called,
    empty for kinds that stand alone.
    """

    id: int
    label: str
    channel: str
    status: str
    pill: str
    reason: str
    said: str
    when: datetime
    patient_id: int | None
    patient: str
    record_number: str
    course_id: int | None
    infusion_id: int | None
    number: int | None
    visit_at: datetime | None
    receipt: str
    packed: str
    request_id: int | None = None


def for_course(session: Session, course_id: int) -> list[MessageLine]:
    """Give all messages of one course and of its visits, newest first."""
    return [_line(row) for row in session.execute(_of_course(), {"course_id": course_id})]


@cache
def _of_course() -> Select[Any]:
    """Made once: this statement takes longer to put together than to run."""
    course_id: Any = bindparam("course_id")
    visits = select(Infusion.id).where(Infusion.course_id == course_id)
    return base().where((Message.course_id == course_id) | Message.infusion_id.in_(visits)).limit(200)


def for_patient(session: Session, patient_id: int, limit: int = 50) -> list[MessageLine]:
    """Give the newest messages of one patient, newest first."""
    return lines(session, base().where(Message.patient_id == patient_id).limit(limit))


def base() -> Select[Any]:
    """Select what a line is made of, newest first."""
    site_id = func.coalesce(
        Infusion.site_id, Course.site_id, Patient.site_id, User.site_id, ConsultationRequest.site_id
    )
    starts_at = func.coalesce(Infusion.starts_at, Consultation.starts_at, type_=Infusion.starts_at.type)
    columns = (
        Message.id,
        Message.purpose,
        Message.channel,
        Message.status,
        Message.reason,
        Message.facts,
        Message.attempts,
        Message.due_at,
        Message.next_attempt_at,
        Message.sent_at,
        Message.receipt,
        Message.patient_id,
        Message.course_id,
        Message.infusion_id,
        Message.request_id,
        ConsultationRequest.given_name.label("asked_given"),
        ConsultationRequest.family_name.label("asked_family"),
        Patient.given_name,
        Patient.family_name,
        Patient.record_number,
        User.name.label("staff"),
        Infusion.number,
        starts_at.label("starts_at"),
        Site.tz,
    )
    return (
        select(*columns)
        .outerjoin(Patient, Patient.id == Message.patient_id)
        .outerjoin(User, User.id == Message.user_id)
        .outerjoin(Infusion, Infusion.id == Message.infusion_id)
        .outerjoin(Course, Course.id == Message.course_id)
        .outerjoin(ConsultationRequest, ConsultationRequest.id == Message.request_id)
        .outerjoin(Consultation, Consultation.id == Message.consultation_id)
        .outerjoin(Site, Site.id == site_id)
        .order_by(Message.created_at.desc(), Message.id.desc())
    )


def lines(session: Session, statement: Select[Any]) -> list[MessageLine]:
    """Read a statement made from `base()`."""
    return [_line(row) for row in session.execute(statement)]


def label(purpose: Purpose, facts: dict[str, Any]) -> str:
    """Name a message: "Confirmation of 6 visits", "Reminder, 3 days before"."""
    if purpose is Purpose.REMINDER:
        return reminder_label(int(facts["days_before"]))
    if purpose is Purpose.INVITATION and facts.get("update"):
        return "Update of a calendar entry"
    if purpose in PLAIN_LABELS:
        return PLAIN_LABELS[purpose]
    if purpose is Purpose.VISIT_MOVED:
        return "New time of a visit" if facts.get("was") else "Confirmation of a new visit"
    count = len(facts["visits"])
    return "Confirmation of 1 visit" if count == 1 else f"Confirmation of {count} visits"


def reminder_label(days: int) -> str:
    """Name a reminder by how long before the visit it goes out."""
    if days == 0:
        return "Reminder, the same day"
    return "Reminder, 1 day before" if days == 1 else f"Reminder, {days} days before"


def pill(status: MessageStatus, attempts: int) -> str:
    """Give the state as the pills name it."""
    return "failed" if status is MessageStatus.QUEUED and attempts > 0 else status.value


def moment(row: Any) -> tuple[str, datetime]:
    """Give the time that counts in a message's state, and the words before it."""
    if row.status is MessageStatus.SENT and row.sent_at:
        return "sent", row.sent_at
    if row.status is MessageStatus.QUEUED:
        return ("next try", row.next_attempt_at) if row.attempts else ("goes out", row.next_attempt_at)
    return "was due", row.due_at


def _line(row: Any) -> MessageLine:
    zone = ZoneInfo(row.tz or "UTC")
    said, when = moment(row)
    return MessageLine(
        id=row.id,
        label=label(row.purpose, row.facts),
        channel=CHANNELS[row.channel],
        status=row.status.value,
        pill=pill(row.status, row.attempts),
        reason=row.reason or "",
        said=said,
        when=when.astimezone(zone),
        patient_id=row.patient_id,
        patient=row.staff or _name(row),
        request_id=row.request_id,
        record_number=row.record_number or "",
        course_id=row.course_id,
        infusion_id=row.infusion_id,
        number=row.number,
        visit_at=row.starts_at.astimezone(zone) if row.starts_at else None,
        receipt=RECEIPTS.get(row.receipt or "", ""),
        packed="updates of calendar entries" if row.facts.get("update") else PACKED.get(row.purpose, ""),
    )


def _name(row: Any) -> str:
    """The patient's, or that of whoever asked; a request that was erased has none."""
    if row.request_id is None:
        return f"{row.given_name} {row.family_name}"
    return f"{row.asked_given} {row.asked_family}".strip() or "Somebody who was erased"


def for_request(session: Session, request_id: int) -> list[MessageLine]:
    """Give the newest messages to whoever asked for a consultation, newest first."""
    return lines(session, base().where(Message.request_id == request_id).limit(50))


def counts(session: Session) -> dict[str, int]:
    """Count what waits and what needs a person; the settled groups are not counted."""
    wanted: Sequence[MessageStatus] = (*GROUPS["waiting"], *GROUPS["attention"])
    rows = session.execute(
        select(Message.status, func.count())
        .where(Message.status.in_(wanted))
        .group_by(Message.status)
        .order_by(Message.status)
    )
    found: dict[MessageStatus, int] = {row[0]: row[1] for row in rows}
    return {name: sum(found.get(status, 0) for status in GROUPS[name]) for name in ("waiting", "attention")}
