"""What a person does with an import: bring a file, say what its columns are, check, add, stop, take back."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.patients.imports.pieces import drop_pieces, write_pieces
from scheduler.features.patients.imports.sniff import Sniffed
from scheduler.models import ImportState, PatientImport, PatientImportRow, RowOutcome

GONE = "There is no such import. It may have been thrown away."
MOVED_ON = "This import has moved on meanwhile. Look where it stands now."


@dataclass(frozen=True)
class Step:
    """A word of a person: from which states it leads to which."""

    before: frozenset[ImportState]
    after: ImportState
    action: str


STEPS: Mapping[str, Step] = {
    "check": Step(frozenset({ImportState.MATCHING}), ImportState.CHECKING, "patient_import.check_asked"),
    "match": Step(
        frozenset({ImportState.CHECKING, ImportState.CHECKED}),
        ImportState.MATCHING,
        "patient_import.reopened",
    ),
    "add": Step(frozenset({ImportState.CHECKED}), ImportState.ADDING, "patient_import.add_asked"),
    "stop": Step(frozenset({ImportState.ADDING}), ImportState.STOPPED, "patient_import.stopped"),
    "go-on": Step(frozenset({ImportState.STOPPED}), ImportState.ADDING, "patient_import.add_asked"),
    "take-back": Step(
        frozenset({ImportState.DONE, ImportState.STOPPED}),
        ImportState.TAKING_BACK,
        "patient_import.back_asked",
    ),
}


def bring_file(
    session: Session, actor: Actor, at: datetime, site_id: int, name: str, raw: bytes, seen: Sniffed
) -> PatientImport:
    """Keep a file that was looked at; nothing of it is a patient yet."""
    found = PatientImport(
        site_id=site_id, created_at=at, moved_at=at, created_by_id=actor.user_id, asked_by_id=actor.user_id,
        file_name=name, size=len(raw), sha256=hashlib.sha256(raw).hexdigest(), encoding=seen.encoding,
        separator=seen.separator, head=list(seen.head), columns=list(seen.columns),
        date_order=seen.date_order, is_cut_off=seen.is_cut_off, total=seen.total,
    )  # fmt: skip
    session.add(found)
    session.flush()
    write_pieces(session, found.id, raw)
    record(session, actor, at, "patient_import.brought", "patient_import", found.id, rows=seen.total)
    return found


def locked_import(session: Session, import_id: int) -> PatientImport:
    """The import, held until the transaction ends. Raises NotFoundError."""
    found = session.scalar(select(PatientImport).where(PatientImport.id == import_id).with_for_update())
    if found is None:
        raise NotFoundError(GONE)
    return found


def take(session: Session, actor: Actor, at: datetime, import_id: int, name: str) -> PatientImport:
    """Take the step `name` of `STEPS`. Raises ConflictError where the import is no longer where it begins."""
    found, step = locked_import(session, import_id), STEPS[name]
    if found.state is step.after:
        return found
    if found.state not in step.before:
        raise ConflictError(MOVED_ON)
    if step.after is ImportState.MATCHING:
        session.execute(delete(PatientImportRow).where(PatientImportRow.import_id == import_id))
    if name != "stop":
        found.asked_by_id = actor.user_id
    if name == "add":
        _check_any_ready(session, import_id)
        drop_pieces(session, import_id)  # The rows hold what is still needed.
    if name not in {"stop", "go-on"}:
        found.position = 0
    found.state, found.fence = step.after, found.fence + 1
    found.lease_by = found.lease_until = found.trouble = None
    found.moved_at = at
    record(session, actor, at, step.action, "patient_import", import_id)
    return found


def approve(session: Session, actor: Actor, at: datetime, import_id: int, numbers: list[int] | None) -> int:
    """Say that rows which look like somebody here are somebody else; None: all of them. Gives how many."""
    found = locked_import(session, import_id)
    if found.state is not ImportState.CHECKED:
        raise ConflictError(MOVED_ON)
    rows = update(PatientImportRow).where(
        PatientImportRow.import_id == import_id, PatientImportRow.outcome == RowOutcome.LIKELY
    )
    if numbers is not None:
        rows = rows.where(PatientImportRow.number.in_(numbers))
    changed = session.execute(
        rows.values(outcome=RowOutcome.READY, is_approved=True, patient_id=None, problems=[])
        .returning(PatientImportRow.number)
        .execution_options(synchronize_session=False)
    ).all()
    record(session, actor, at, "patient_import.approved", "patient_import", import_id, rows=len(changed))
    return len(changed)


def throw_away(session: Session, actor: Actor, at: datetime, import_id: int) -> None:
    """Forget a file of which nothing was brought in."""
    found = locked_import(session, import_id)
    if found.state not in {ImportState.MATCHING, ImportState.CHECKING, ImportState.CHECKED}:
        raise ConflictError(MOVED_ON)
    record(session, actor, at, "patient_import.thrown_away", "patient_import", import_id)
    drop_pieces(session, import_id)
    session.execute(delete(PatientImportRow).where(PatientImportRow.import_id == import_id))
    session.delete(found)


def _check_any_ready(session: Session, import_id: int) -> None:
    ready = session.scalar(
        select(func.count())
        .select_from(PatientImportRow)
        .where(PatientImportRow.import_id == import_id, PatientImportRow.outcome == RowOutcome.READY)
    )
    if not ready:
        raise RuleError("No row of this file can be brought in. Mend the rows, or choose the columns again.")
