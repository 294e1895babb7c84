"""Delete what may go of one person's record, and write down that it went.

A person's own rows go table by table, those that refer to others first. Where the infusion logs have to stay,
the person stays as far as the law asks for: name, birth date and record number. The audit trail stays in any
case; it holds ids and no contents, and from now on also which digests of signed records went, so that
`verify` can tell a deletion from a loss.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Table, delete, select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db.locks import lock_patient
from scheduler.errors import RuleError
from scheduler.features.audit.actions import record
from scheduler.features.patients.actions.save import write_keys
from scheduler.features.patients.queries import goes_on, visits_left
from scheduler.features.records.actions.guards import guards_open
from scheduler.features.records.graph import Part, parts_of
from scheduler.features.records.kinds import ALL, pieces
from scheduler.features.records.queries.holds import is_held
from scheduler.features.records.queries.people import whole_person
from scheduler.models import Course, Patient, RecordKind, RecordRemoval

HELD = "This record is under a legal hold. Nothing of it can be deleted until the hold is lifted."


@dataclass(frozen=True)
class Order:
    """What to delete of whom, and why; `rest_from` is from when the rest may go, where something stays."""

    patient_id: int
    kinds: frozenset[RecordKind]
    rest_from: date | None
    cause: str
    reason: str
    run_id: int | None = None


def remove(session: Session, actor: Actor, at: datetime, order: Order) -> RecordRemoval:
    """Delete these kinds of one person's record; gives what was written down of it.

    Raises NotFoundError, and RuleError where the record is held or something still goes on.
    """
    patient, ids = whole_person(session, order.patient_id)
    for id_ in sorted(ids):
        lock_patient(session, id_)
    if is_held(session, ids):
        raise RuleError(HELD)
    _must_be_over(session, ids, at)
    number, person_id, parts = patient.record_number, patient.id, parts_of(session, ids)
    digests = digests_of(session, parts, order.kinds)
    with guards_open(session):
        rows = sum(delete_part(session, part, order.kinds) for part in reversed(parts))
    session.expire_all()
    if order.kinds != ALL and RecordKind.CHART in order.kinds:
        _strip(session, at, person_id)
    found = RecordRemoval(
        person_id=person_id,
        record_number=number,
        at=at,
        actor_id=actor.user_id,
        actor=actor.label,
        cause=order.cause,
        reason=order.reason,
        kinds=sorted(kind.value for kind in order.kinds),
        rows=rows,
        rest_from=order.rest_from,
        run_id=order.run_id,
    )
    session.add(found)
    session.flush()
    record(
        session, actor, at, "record.removed", "patient", found.person_id, found.person_id,
        removal=found.id, kinds=found.kinds, rows=rows, cause=order.cause, digests=digests,
    )  # fmt: skip
    return found


def _must_be_over(session: Session, ids: Iterable[int], at: datetime) -> None:
    for id_ in ids:
        ahead, unsaid = visits_left(session, id_, at)
        if ahead or unsaid or goes_on(session, id_):
            raise RuleError(
                "This person has a course that goes on, or a visit of which nobody said how it ended. Finish "
                "the course or end it early, then delete the record."
            )


def digests_of(session: Session, parts: Iterable[Part], kinds: Collection[RecordKind]) -> list[str]:
    """The digests that go: of signed records, of what stands beside them, of whatever else is signed."""
    found: set[str] = set()
    for part in parts:
        if "digest" in part.table.c:
            for where in _conditions(part, kinds):
                found.update(session.scalars(select(part.table.c.digest).where(where)))
    return sorted(digest for digest in found if digest)


def _conditions(part: Part, kinds: Collection[RecordKind]) -> list[ColumnElement[bool]]:
    return [part.where & where for kind, where in pieces(part.table) if kind in kinds]


def delete_part(session: Session, part: Part, kinds: Collection[RecordKind]) -> int:
    """Delete the rows of these kinds; how many."""
    return sum(_delete_rows(session, part.table, where, part.of_itself) for where in _conditions(part, kinds))


def _delete_rows(session: Session, table: Table, where: ColumnElement[bool], of_itself: Iterable[str]) -> int:
    """Delete rows; of a table that refers to itself those first that no other row refers to."""
    names = list(of_itself)
    count = 0
    while True:
        free = where
        for name in names:
            named = select(table.c[name]).where(where, table.c[name].is_not(None))
            free = free & table.c.id.not_in(named)
        gone = cast(CursorResult[Any], session.execute(delete(table).where(free))).rowcount
        count += gone
        if not names or not gone:
            return count


def _strip(session: Session, at: datetime, person_id: int) -> None:
    """Leave of the person what has to stay with the logs: who they are, and that they are no patient now."""
    patient = session.get_one(Patient, person_id)
    patient.phone = patient.email = patient.time_zone = None
    patient.guardian_name = ""
    patient.archived_at = patient.archived_at or at
    session.flush()
    write_keys(session, patient)
    for course in session.scalars(select(Course).where(Course.patient_id == person_id).order_by(Course.id)):
        course.wishes = {}
    session.flush()
