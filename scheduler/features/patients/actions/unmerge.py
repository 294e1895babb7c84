"""Take a merge back: each row goes where it came from, as long as nobody built on the merged record."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError
from scheduler.features.audit.actions import record
from scheduler.features.patients.actions.merge import (
    lock_both,
    move_rows,
    state_of,
    swap_numbers,
    write_from_now_on,
)
from scheduler.features.patients.actions.save import write_keys
from scheduler.features.patients.merging.tables import rows_of_courses
from scheduler.features.patients.merging.values import from_json, put
from scheduler.features.patients.queries import changes_since
from scheduler.features.patients.queries.one import GONE
from scheduler.models import Patient

NOT_MERGED = "This record is not merged any more. Somebody undid it already."
NOT_UNDONE = "The merge was not undone."


def unmerge_patient(session: Session, actor: Actor, at: datetime, other_id: int) -> Patient:
    """Undo the merge of the record `other_id`; gives that record.

    Raises NotFoundError, and ConflictError that names what was built on it, or where it is merged no more.
    """
    found = session.execute(select(Patient.merged_into_id).where(Patient.id == other_id)).one_or_none()
    if found is None:
        raise NotFoundError(GONE)
    kept_id = found.merged_into_id
    if kept_id is None:
        raise ConflictError(NOT_MERGED)
    kept, other = lock_both(session, kept_id, other_id)
    note = other.merge
    if other.merged_into_id != kept.id or note is None:
        raise ConflictError(NOT_MERGED)
    _nothing_followed(session, kept, other)
    took = from_json(note["took"])
    mailboxes = {kept.email, other.email}
    if took.pop("record_number", None):
        swap_numbers(session, kept, other)
    put(kept, took)
    moved: dict[str, list[int]] = note["moved"]
    back = rows_of_courses(session, moved["courses"])
    names = {*moved, *back}
    move_rows(
        session, {name: sorted({*moved.get(name, ()), *back.get(name, ())}) for name in names}, other.id
    )
    other.merged_into_id, other.merge = None, None
    other.archived_at = datetime.fromisoformat(note["archived"]) if note["archived"] else None
    session.refresh(kept)
    flag_modified(kept, "given_name")
    session.flush()
    for each in (kept, other):
        write_keys(session, each)
        write_from_now_on(session, at, each, mailboxes)
        record(
            session, actor, at, "patient.unmerged", "patient", each.id, each.id,
            fields=sorted(note["took"]), version=each.version,
        )  # fmt: skip
    return other


def _nothing_followed(session: Session, kept: Patient, other: Patient) -> None:
    note = other.merge or {}
    if kept.merged_into_id is not None:
        raise ConflictError(f"{kept.record_number} was merged itself since. Undo that first. {NOT_UNDONE}")
    if kept.version != note["kept_version"]:
        by = changes_since(session, kept.id, note["kept_version"]).by
        raise ConflictError(f"{kept.record_number} was changed by {by} since. {NOT_UNDONE}")
    if state_of(session, kept) != note["state"]:
        raise ConflictError(f"Courses or ratings of {kept.record_number} were changed since. {NOT_UNDONE}")
