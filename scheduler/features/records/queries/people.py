"""Who one person is: the record, and those that were merged into it."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.models import Patient

NO_SUCH = "There is no such record. Look at the number and try again."


def merged_into(session: Session, ids: Sequence[int]) -> dict[int, list[int]]:
    """By record, those merged into it at any remove; itself first."""
    found = defaultdict(list, {id_: [id_] for id_ in ids})
    roots = {id_: id_ for id_ in ids}
    new = list(ids)
    while new:
        rows = session.execute(
            select(Patient.id, Patient.merged_into_id)
            .where(Patient.merged_into_id.in_(new))
            .order_by(Patient.id)
        ).all()
        for id_, into in rows:
            roots[id_] = roots[into or 0]
            found[roots[id_]].append(id_)
        new = [id_ for id_, _ in rows]
    return found


def whole_person(session: Session, patient_id: int) -> tuple[Patient, list[int]]:
    """The kept record of this patient, and the ids of all of theirs, the kept one first. Or NotFoundError."""
    patient = session.get(Patient, patient_id)
    while patient is not None and patient.merged_into_id is not None:
        patient = session.get(Patient, patient.merged_into_id)
    if patient is None:
        raise NotFoundError(NO_SUCH)
    return patient, merged_into(session, [patient.id])[patient.id]


def by_number(session: Session, number: str) -> int:
    """The id of the record with this number. Raises NotFoundError."""
    found = session.scalar(select(Patient.id).where(Patient.record_number == number.strip().upper()))
    if found is None:
        raise NotFoundError(NO_SUCH)
    return found
