"""Ask for an export of the whole clinic, and fetch it."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db.long_work import under_way
from scheduler.errors import NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.models import ClinicExport

LONGEST = 200
GONE = "This file is not there any more. Ask for a new export."


def ask_export(session: Session, actor: Actor, at: datetime, purpose: str) -> ClinicExport:
    """Ask the worker for one. One at a time: the one that this person waits for is given again.

    Raises RuleError without a purpose, which stays in the list, or where another person's is being made.
    """
    if not purpose or len(purpose) > LONGEST:
        raise RuleError(f"Say what it is for, in at most {LONGEST} letters.", field="purpose")
    waits = under_way(session, ClinicExport)
    if waits is not None:
        if waits.asked_by_id == actor.user_id:
            return waits
        raise RuleError("Another export is being made. Ask again when it is done.")
    run = ClinicExport(purpose=purpose, asked_at=at, asked_by_id=actor.user_id)
    session.add(run)
    session.flush()
    record(session, actor, at, "clinic.export_asked", "clinic_export", run.id)
    return run


def fetch_export(session: Session, actor: Actor, at: datetime, export_id: int) -> str:
    """The name of the file, for the one who asked for it, while it lasts. Raises NotFoundError."""
    run = session.get(ClinicExport, export_id)
    theirs = run is not None and run.asked_by_id is not None and run.asked_by_id == actor.user_id
    if run is None or not theirs or run.file is None or run.expires_at is None or run.expires_at <= at:
        raise NotFoundError(GONE)
    record(session, actor, at, "clinic.exported", "clinic_export", run.id, format="fhir")
    return run.file
