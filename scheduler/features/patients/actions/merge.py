"""Merge two records of one person: everything goes to the kept one, and the other leads there from then on.

The other record keeps its row, its number and its history; it is archived, and holds what moved and what the
kept one took over, so that the merge can be undone for as long as nothing was built on it (`unmerge.py`).
Both patients are locked like for a booking: who books for the other one meanwhile either is done before and
moves along, or is told where to go.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from scheduler.actor import Actor
from scheduler.db.locks import lock_patient
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.outbox.actions.invite import follow_address
from scheduler.features.outbox.contact.actions import choose
from scheduler.features.outbox.contact.queries import choices
from scheduler.features.outbox.links import revoke_links
from scheduler.features.patients.actions.consultations import follow_to_consultations
from scheduler.features.patients.actions.save import write_keys
from scheduler.features.patients.merging.tables import MOVED, rows_of, table_of
from scheduler.features.patients.merging.values import differing, put, to_json
from scheduler.features.patients.queries import changes_since, locked_patient, obstacles
from scheduler.models import Course, CourseChange, Patient, Rating


@dataclass(frozen=True)
class MergeOrder:
    """What to merge into what: the versions that the person saw, and the fields to take from the other."""

    kept_id: int
    other_id: int
    kept_version: int
    other_version: int
    take: frozenset[str]


def merge_patients(session: Session, actor: Actor, at: datetime, order: MergeOrder) -> Patient:
    """Merge; gives the kept record. The same order again changes nothing.

    Raises NotFoundError, ConflictError where somebody changed a record since it was seen, RuleError with
    `obstacles` where they can't be merged.
    """
    kept, other = lock_both(session, order.kept_id, order.other_id)
    if other.merged_into_id == kept.id and kept.id != other.id:
        return kept
    if found := obstacles(session, kept, other):
        raise RuleError(" ".join(found), obstacles=tuple(found))
    _as_seen(session, kept, order.kept_version)
    _as_seen(session, other, order.other_version)
    mailboxes = {kept.email, other.email}
    took = _take(session, kept, other, order.take)
    moved = rows_of(session, other.id)
    move_rows(session, moved, kept.id)
    revoke_links(session, at, other.id)
    note: dict[str, Any] = {"by": actor.label, "at": at.isoformat(), "took": took, "moved": moved}
    note["archived"] = other.archived_at.isoformat() if other.archived_at else None
    other.merged_into_id, other.archived_at = kept.id, other.archived_at or at
    flag_modified(kept, "given_name")
    session.flush()
    write_keys(session, other)
    write_keys(session, kept)
    _keep_refusals(session, actor, at, kept, other)
    write_from_now_on(session, at, kept, mailboxes)
    if "email" in took:
        revoke_links(session, at, kept.id)  # Whoever reads the former mailbox sees nothing more.
    fields = sorted(took)
    record(
        session, actor, at, "patient.merged", "patient", kept.id, kept.id,
        other=other.id, fields=fields, version=kept.version, rows=sum(map(len, moved.values())),
    )  # fmt: skip
    other.merge = note | {"state": state_of(session, kept), "kept_version": kept.version}
    session.flush()
    record(
        session, actor, at, "patient.merged_away", "patient", other.id, other.id,
        other=kept.id, version=other.version,
    )  # fmt: skip
    return kept


def _keep_refusals(session: Session, actor: Actor, at: datetime, kept: Patient, other: Patient) -> None:
    """What was refused under either record is refused; what was allowed under the other is not taken over."""
    mine, theirs = choices(session, kept.id).last, choices(session, other.id).last
    for topic, choice in theirs.items():
        if not choice.allowed and topic not in mine:
            choose(session, actor, at, kept.id, topic, False, "desk", f"As said under {other.record_number}")


def write_from_now_on(
    session: Session, at: datetime, patient: Patient, mailboxes: Collection[str | None]
) -> None:
    """Let calendar entries and consultations in other `mailboxes` follow to the patient's own address."""
    follow_address(session, at, patient)
    for was in sorted({each for each in mailboxes if each and each != patient.email}):
        follow_to_consultations(session, at, patient, was)


def lock_both(session: Session, one: int, other: int) -> tuple[Patient, Patient]:
    """Both records, locked in the order of their ids, so that two who merge them crosswise wait in turn."""
    for patient_id in sorted({one, other}):
        lock_patient(session, patient_id)
    found = {patient_id: locked_patient(session, patient_id) for patient_id in sorted({one, other})}
    return found[one], found[other]


def move_rows(session: Session, rows: dict[str, list[int]], patient_id: int) -> None:
    """Give rows by table to a patient."""
    session.flush()
    for name in MOVED:
        table = table_of(name)
        ids: Collection[int] = rows.get(name, ())
        for start in range(0, len(ids), 500):
            some = list(ids)[start : start + 500]
            session.execute(update(table).where(table.c.id.in_(some)).values(patient_id=patient_id))
    session.expire_all()


def state_of(session: Session, kept: Patient) -> dict[str, Any]:
    """What people may have done to a record: its courses, their last change, its ratings."""
    own = select(Course.id).where(Course.patient_id == kept.id)
    return {
        "courses": list(session.scalars(own.order_by(Course.id))),
        "change": session.scalar(select(func.max(CourseChange.id)).where(CourseChange.course_id.in_(own))),
        "ratings": list(
            session.scalars(select(Rating.id).where(Rating.patient_id == kept.id).order_by(Rating.id))
        ),
    }


def _as_seen(session: Session, patient: Patient, version: int) -> None:
    if patient.version == version:
        return
    try:
        by = f" by {changes_since(session, patient.id, version).by}"
    except NotFoundError:  # A version that nobody was shown, such as one typed into the address.
        by = ""
    raise ConflictError(
        f"{patient.record_number} was changed{by} while you looked. Nothing was merged. Look again."
    )


def _take(session: Session, kept: Patient, other: Patient, names: frozenset[str]) -> dict[str, Any]:
    """Let `kept` have the fields of `other`; gives its own values from before, as JSON."""
    differ = differing(kept, other)
    values = {name: differ[name][1] for name in sorted(names & differ.keys())}
    if "record_number" in values:
        swap_numbers(session, kept, other)
    put(kept, {name: value for name, value in values.items() if name != "record_number"})
    session.flush()
    return to_json({name: differ[name][0] for name in values})


def swap_numbers(session: Session, kept: Patient, other: Patient) -> None:
    """Numbers are unique at every moment, so one steps aside first."""
    mine, theirs = kept.record_number, other.record_number
    kept.record_number = f"{mine} swapped"
    session.flush()
    other.record_number = mine
    session.flush()
    kept.record_number = theirs
    session.flush()
