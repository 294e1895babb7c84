"""Writing the messages that bring a link to questions. The link itself is made when the bytes are."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.audit.actions import record
from scheduler.features.outbox.actions import enqueue
from scheduler.features.ratings.queries.prompts import FRESH, Prompt, prompt_key
from scheduler.features.ratings.slots import slot_name
from scheduler.models import Message, Purpose


def write_prompts(session: Session, at: datetime, prompts: Iterable[Prompt]) -> None:
    """Enqueue one message for each; one that was written meanwhile stands."""
    for prompt in prompts:
        _write(session, at, prompt, prompt_key(prompt))


def send_link(session: Session, actor: Actor, at: datetime, prompt: Prompt) -> Message:
    """Send the link of one occasion by hand, whether or not one went out before."""
    message = _write(session, at, prompt, f"{prompt_key(prompt)}:by-hand:{int(at.timestamp())}")
    record(
        session,
        actor,
        at,
        "questions.sent",
        "course",
        prompt.course_id,
        prompt.patient_id,
        slot=slot_name(prompt.occasion.slot),
    )
    return message


def _write(session: Session, at: datetime, prompt: Prompt, key: str) -> Message:
    slot = prompt.occasion.slot
    return enqueue(
        session,
        at,
        purpose=Purpose.QUESTIONS,
        patient_id=prompt.patient_id,
        language=prompt.language,
        dedupe_key=key,
        course_id=prompt.course_id,
        facts={
            "asked_of": slot.infusion_id,
            "time_point": slot.point.value,
            "week": slot.week,
            "codes": [code for code, _ in prompt.asked],
            "tasks": list(prompt.tasks),
            "closes_at": prompt.occasion.closes_at.isoformat(),
        },
        expires_at=min(prompt.occasion.closes_at, at + FRESH),
        channel=prompt.channel,
    )
