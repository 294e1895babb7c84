"""Writing down what patients choose, and which addresses take nothing more."""

from datetime import datetime
from typing import Literal

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import RuleError
from scheduler.features.audit.actions import record
from scheduler.features.outbox.contact.queries import USUAL, choices, stopped
from scheduler.models import Channel, ContactChoice, StoppedAddress, Topic

Source = Literal["desk", "patient", "reply", "import"]
LONGEST_NOTE = 200


def choose(
    session: Session,
    actor: Actor,
    at: datetime,
    patient_id: int,
    topic: Topic,
    allowed: bool,
    source: Source,
    note: str = "",
) -> bool:
    """Write a choice; False, and nothing is written, where it says nothing new.

    The first yes or no is written even where it is the usual: somebody asked, and it has a time and a source.
    Raises RuleError for a note of more than 200 characters.
    """
    words = " ".join(note.split())
    if len(words) > LONGEST_NOTE:
        raise RuleError(f"Write at most {LONGEST_NOTE} characters.")
    last = choices(session, patient_id).last.get(topic)
    if last is not None and last.allowed is allowed:
        return False
    if last is None and source == "desk" and allowed is USUAL[topic] and not words:
        return False
    session.add(
        ContactChoice(
            patient_id=patient_id,
            topic=topic,
            allowed=allowed,
            source=source,
            at=at,
            actor_id=actor.user_id,
            note=words,
        )
    )
    record(
        session,
        actor,
        at,
        "patient.contact_chosen",
        "patient",
        patient_id,
        patient_id,
        topic=topic.value,
        allowed=allowed,
        source=source,
    )
    session.flush()
    return True


def stop_address(
    session: Session,
    actor: Actor,
    at: datetime,
    channel: Channel,
    address: str,
    reason: Literal["stop", "bounce", "carrier"],
    detail: str = "",
) -> bool:
    """Let nothing more go to an address, whoever it belongs to; False where nothing did already."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    made = session.execute(
        insert(StoppedAddress)
        .values(channel=channel, address=address, reason=reason, detail=detail[:300], at=at)
        .on_conflict_do_nothing(index_elements=["channel", "address"])
        .returning(StoppedAddress.address)
    ).one_or_none()
    if made is None:
        return False
    record(session, actor, at, f"contact.{reason}", "address", None, None, channel=channel.value)
    return True


def allow_address(session: Session, actor: Actor, at: datetime, channel: Channel, address: str) -> bool:
    """Let messages go to an address again (START came, or the desk knows better); False where they did."""
    if stopped(session, channel, address) is None:
        return False
    session.execute(
        delete(StoppedAddress).where(StoppedAddress.channel == channel, StoppedAddress.address == address)
    )
    record(session, actor, at, "contact.allowed", "address", None, None, channel=channel.value)
    return True
