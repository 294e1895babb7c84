"""Answering a text that came in: at once, by text, at most once each."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from scheduler.features.outbox.actions import enqueue
from scheduler.models import Channel, InboundMessage, Infusion, Patient, Purpose

OF_USE = timedelta(hours=12)


def answer(
    session: Session,
    at: datetime,
    came: InboundMessage,
    patient: Patient,
    kind: str,
    visit: Infusion | None = None,
) -> None:
    """Write the answer to `came`, about `visit` where it names one. `kind` is a phrase of the language files.

    What was not understood is answered once a day: two programs must not write to each other for ever.
    """
    key = f"answer:{came.id}"
    if kind == "unclear":
        number = hashlib.sha256(came.sender.encode()).hexdigest()[:12]
        key = f"answer:unclear:{number}:{at:%Y-%m-%d}"
    enqueue(
        session,
        at,
        purpose=Purpose.ANSWER,
        patient_id=patient.id,
        language=patient.language,
        dedupe_key=key,
        facts={"answer": kind, "to": came.sender},
        infusion_id=visit.id if visit else None,
        schedule_version=visit.schedule_version if visit else None,
        expires_at=at + OF_USE,
        channel=Channel.SMS,
    )
