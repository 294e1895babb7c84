"""STOP and START. Both act on the number, whoever has it (SECURITY.md 18), and on nothing but texts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.outbox.contact.actions import allow_address, choose, stop_address
from scheduler.features.reminders.texts.answers import answer
from scheduler.features.tasks.actions import raise_task, settle_by_key
from scheduler.models import Channel, InboundMessage, Patient, TaskKind, Topic
from scheduler.rendering.phones import readable

STOPPED = "No more texts go to this number."
STOPPED_BEFORE = "Texts to this number had ended before."
STARTED = "Texts go to this number again."
STARTED_BEFORE = "Texts went to this number already."
NEEDS_CALL = (
    "STOP came from {number}. Reminders by text have ended; the visits stand. Call about the next one."
)


def stop(
    session: Session,
    actor: Actor,
    at: datetime,
    came: InboundMessage,
    who: Sequence[Patient],
    *,
    answers: bool,
) -> str:
    """End texts to the number: one confirmation, and the desk knows whom it has to call from now on."""
    why = NEEDS_CALL.format(number=readable(came.sender))
    if not end_texts(session, actor, at, came.sender, who, "stop", came.understood.upper(), why):
        return STOPPED_BEFORE
    if who and answers:
        answer(session, at, came, who[0], "stopped")
    return STOPPED


def end_texts(
    session: Session,
    actor: Actor,
    at: datetime,
    number: str,
    who: Sequence[Patient],
    reason: Literal["stop", "carrier"],
    detail: str,
    why: str,
) -> bool:
    """Close the number, and ask for a call to each who has it, with `why`; False where it was closed."""
    if not stop_address(session, actor, at, Channel.SMS, number, reason, detail):
        return False
    for patient in who:
        raise_task(
            session,
            at,
            kind=TaskKind.TEXTS_STOPPED,
            dedupe_key=_key(patient),
            site_id=patient.site_id,
            patient_id=patient.id,
            facts={"why": why},
        )
    return True


def start(
    session: Session,
    actor: Actor,
    at: datetime,
    came: InboundMessage,
    who: Sequence[Patient],
    *,
    answers: bool,
) -> str:
    """Let texts go to the number again. From a number that one patient alone has, it is their consent too."""
    was_stopped = allow_address(session, actor, at, Channel.SMS, came.sender)
    agreed = len(who) == 1 and choose(
        session, actor, at, who[0].id, Topic.SMS, True, "reply", "START came by text."
    )
    for patient in who:
        settle_by_key(session, actor, at, _key(patient), "START came from the number.")
    if not (was_stopped or agreed):
        return STARTED_BEFORE
    if who and answers:
        answer(session, at, came, who[0], "started")
    return STARTED


def _key(patient: Patient) -> str:
    return f"texts_stopped:{patient.id}"
