"""What was done about a patient lately, in words, from the audit trail.

Only what stands in the list below is shown: bookings and changes of the record. Reads, and whatever would
hint at an answer or a score, stay in the trail, because this list is for everybody at the desk.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.patients.queries import absorbed
from scheduler.models import AuditEvent

Detail = Mapping[str, Any]


def _visits(detail: Detail) -> str:
    count = detail.get("visits")
    return f"Booked a course of {count} visit{'' if count == 1 else 's'}" if count else "Booked a course"


def _visit(verb: str, detail: Detail) -> str:
    return f"{verb} visit no. {detail['number']}" if "number" in detail else f"{verb} a visit"


def _chosen(detail: Detail) -> str:
    label = TOPICS.get(str(detail.get("topic")), "messages")
    return f"Wrote down: {label}, {'yes' if detail.get('allowed') else 'no'}"


TOPICS = {
    "email": "e-mail",
    "sms": "text messages",
    "more_texts": "more text messages",
    "detail": "which visit it is in messages",
    "invitations": "calendar invitations",
    "reminders": "reminders by e-mail",
}
WORDS: Mapping[str, Callable[[Detail], str]] = {
    "patient.added": lambda _: "Added the patient",
    "patient.changed": lambda _: "Changed the record",
    "patient.archived": lambda _: "Archived the patient",
    "patient.restored": lambda _: "Took the patient back from the archive",
    "patient.contact_chosen": _chosen,
    "patient.merged": lambda _: "Merged another record into this one",
    "patient.unmerged": lambda _: "Undid a merge of the record",
    "course.booked": _visits,
    "course.discontinued": lambda _: "Ended the course early",
    "course.entered": lambda _: "Entered a course from before",
    "course.held": lambda _: "Put the course on hold",
    "course.released": lambda _: "Released the visits of a course on hold",
    "course.resumed": lambda _: "Resumed the course",
    "course.undone": lambda _: "Undid a change of the course",
    "infusion.moved": lambda detail: _visit("Moved", detail),
    "infusion.missed": lambda detail: _visit("Recorded as missed:", detail),
    "infusion.cancelled": lambda detail: _visit("Cancelled", detail),
    "infusion.replaced": lambda detail: _visit("Gave a new date to", detail),
    "infusion.arrived": lambda detail: _visit("Checked in", detail),
    "infusion.started": lambda detail: _visit("Started", detail),
    "infusion.completed": lambda detail: _visit("Completed", detail),
    "infusion.stopped": lambda detail: _visit("Stopped early:", detail),
    "infusion.held_back": lambda detail: _visit("Held back:", detail),
    "infusion.corrected": lambda detail: _visit("Corrected", detail),
    "infusion.expected": lambda detail: _visit("Noted a later arrival for", detail),
    "infusion.counted": lambda detail: _visit("Said whether it counts:", detail),
    "consents.sent": lambda _: "Sent the link to the consents",
    "consent.signed": lambda _: "Signed a consent",
    "consent.withdrawn": lambda _: "Withdrew a consent",
    "infusion.undone": lambda detail: _visit("Undid a change of", detail),
}


@dataclass(frozen=True)
class Deed:
    """One line of the history: when (local), who, what, and the course it is about, if any."""

    at: datetime
    who: str
    what: str
    course_id: int | None


def history_of(session: Session, patient_id: int, tz: str, limit: int = 12) -> list[Deed]:
    """The newest deeds, newest first, with their times in the zone `tz`.

    What was done under a record that was merged into this one belongs to it.
    """
    records = [patient_id, *(record.id for record in absorbed(session, patient_id))]
    events = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.patient_id.in_(records), AuditEvent.action.in_(WORDS))
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(limit)
    ).all()
    return [
        Deed(
            event.at.astimezone(ZoneInfo(tz)),
            event.actor,
            WORDS[event.action](event.detail),
            event.entity_id if event.entity == "course" else None,
        )
        for event in events
    ]
