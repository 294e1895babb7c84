"""How a patient may be reached, in JSON: read only, because a consent has somebody who heard it.

What is told is what the messages go by (`outbox.contact`): the ways, with the reason where one is closed,
and for each topic what holds, with the time and the source of the choice behind it.
"""

from typing import Any

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from scheduler.features.outbox.contact.queries import choices, ways
from scheduler.models import Channel, Patient, Topic

SOURCES = "desk, patient, reply or import; null where nobody has asked and the usual holds"


class ContactWayWire(Schema):
    """One way for messages: open, or closed and why in words for staff."""

    channel = fields.String(
        required=True, metadata={"enum": [channel.value for channel in (Channel.EMAIL, Channel.SMS)]}
    )
    address = fields.String(allow_none=True, required=True)
    is_open = fields.Boolean(required=True)
    closed = fields.String(required=True)


class ConsentWire(Schema):
    """What the patient allows, and how and when that became known."""

    topic = fields.String(required=True, metadata={"enum": [topic.value for topic in Topic]})
    allowed = fields.Boolean(required=True)
    at = fields.AwareDateTime(allow_none=True, required=True)
    source = fields.String(allow_none=True, required=True, metadata={"description": SOURCES})
    note = fields.String(required=True)


class ContactWire(Schema):
    """How the patient may be reached."""

    needs_call = fields.Boolean(required=True, metadata={"description": "No way is open for messages"})
    ways = fields.List(fields.Nested(ContactWayWire), required=True)
    consents = fields.List(fields.Nested(ConsentWire), required=True)


def contact_facts(session: Session, patient: Patient) -> dict[str, Any]:
    """What `ContactWire` tells of a patient."""
    chosen = choices(session, patient.id)
    found = ways(session, patient, chosen)
    return {
        "needs_call": not any(way.is_open for way in found),
        "ways": found,
        "consents": [_consent(topic, chosen.last.get(topic), chosen) for topic in Topic],
    }


def _consent(topic: Topic, last: Any, chosen: Any) -> dict[str, Any]:
    known = {"at": last.at, "source": last.source, "note": last.note} if last else {}
    plain = {"at": None, "source": None, "note": ""}
    return {"topic": topic.value, "allowed": getattr(chosen, topic.value), **plain, **known}
