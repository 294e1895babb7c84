"""Allergies and interpreters of a visit's patient, noted at the chair."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import NotFoundError
from scheduler.features.patients.actions.cautions import note_caution, strike_caution
from scheduler.models import Infusion


def note_at_visit(
    session: Session, actor: Actor, at: datetime, infusion_id: int, kind: str, words: str
) -> None:
    """Note one, as `note_caution` does. Raises NotFoundError and RuleError."""
    note_caution(session, actor, at, _patient(session, infusion_id), kind, words)


def strike_at_visit(session: Session, actor: Actor, at: datetime, infusion_id: int, caution_id: int) -> None:
    """Strike one out, as `strike_caution` does. Raises NotFoundError."""
    strike_caution(session, actor, at, _patient(session, infusion_id), caution_id)


def _patient(session: Session, infusion_id: int) -> int:
    found = session.scalar(select(Infusion.patient_id).where(Infusion.id == infusion_id))
    if found is None:
        raise NotFoundError("There is no such visit. Find the patient, and open it from there.")
    return found
