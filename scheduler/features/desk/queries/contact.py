"""How one patient may be reached, and what they chose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.outbox.contact.queries import choices, history, ways
from scheduler.features.outbox.queries.lines import CHANNELS
from scheduler.models import ContactChoice, Patient, Topic, User

LABELS = {
    Topic.EMAIL: "Messages by e-mail",
    Topic.SMS: "Text messages",
    Topic.MORE_TEXTS: "More than one text a day or three a week",
    Topic.DETAIL: "Which visit it is, such as 3 of 6",
    Topic.INVITATIONS: "Calendar invitations by mail",
    Topic.REMINDERS: "Reminders by e-mail",
}
HINTS = {
    Topic.SMS: "Only with the patient's consent",
    Topic.MORE_TEXTS: "Two reminders for each of three visits in one week are more",
    Topic.DETAIL: "Off is discreet: whoever sees the phone learns only that there is an appointment",
    Topic.INVITATIONS: "Off: one summary of the dates, and a file to download",
    Topic.REMINDERS: "Off: confirmations and changes still come; a reminder goes by text, or somebody calls",
}
SOURCES = {
    "desk": "at the desk",
    "patient": "by the patient",
    "reply": "by a reply",
    "import": "with an import",
}


@dataclass(frozen=True)
class WayLine:
    """One way: open, or closed and why. `held`: the address itself takes nothing until that is lifted."""

    channel: str
    name: str
    closed: str
    held: bool


@dataclass(frozen=True)
class ChoiceLine:
    """One topic and what holds; `at` (local), `how` and `note` are of the choice, None and empty if none."""

    topic: str
    label: str
    hint: str
    allowed: bool
    at: datetime | None = None
    how: str = ""
    note: str = ""


@dataclass(frozen=True)
class Contact:
    """Everything about how to reach somebody. `seen` is what a form has to send back."""

    ways: Sequence[WayLine]
    lines: Sequence[ChoiceLine]
    past: Sequence[ChoiceLine]
    seen: int

    @property
    def needs_call(self) -> bool:
        """Whether no message reaches them."""
        return all(way.closed for way in self.ways)

    @property
    def no_reminders(self) -> ChoiceLine | None:
        """The choice to get no reminders by mail; None for all others."""
        mails = Topic.REMINDERS.value
        return next((line for line in self.lines if line.topic == mails and not line.allowed), None)

    @property
    def reminded_by_call(self) -> bool:
        """Whether messages reach them but no reminder does."""
        _mail, texts = self.ways
        return bool(self.no_reminders and texts.closed and not self.needs_call)


def contact_of(session: Session, patient_id: int, tz: str) -> Contact:
    """How the patient may be reached, with times in the zone `tz`."""
    patient = session.get_one(Patient, patient_id)
    chosen = choices(session, patient_id)
    rows = history(session, patient_id)
    names = _names(session, rows)
    zone = ZoneInfo(tz)
    return Contact(
        ways=[
            WayLine(way.channel.value, CHANNELS[way.channel], way.closed, way.held)
            for way in ways(session, patient, chosen)
        ],
        lines=[
            _line(topic, bool(getattr(chosen, topic.value)), chosen.last.get(topic), names, zone)
            for topic in Topic
        ],
        past=[_line(row.topic, row.allowed, row, names, zone) for row in rows],
        seen=rows[0].id if rows else 0,
    )


def _line(
    topic: Topic, allowed: bool, row: ContactChoice | None, names: dict[int, str], zone: ZoneInfo
) -> ChoiceLine:
    label, hint = LABELS[topic], HINTS.get(topic, "")
    if row is None:
        return ChoiceLine(topic.value, label, hint, allowed)
    who = names.get(row.actor_id or 0)
    how = SOURCES[row.source] + (f", {who}" if who else "")
    return ChoiceLine(topic.value, label, hint, allowed, row.at.astimezone(zone), how, row.note)


def _names(session: Session, rows: Sequence[ContactChoice]) -> dict[int, str]:
    ids = sorted({row.actor_id for row in rows if row.actor_id})
    if not ids:
        return {}
    found = session.execute(select(User.id, User.name).where(User.id.in_(ids)).order_by(User.id))
    return {row.id: row.name for row in found}
