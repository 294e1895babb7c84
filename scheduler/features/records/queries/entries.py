"""When something was last written into a record, for many people at once.

Every moment in every table of the chart that names the patient counts: a rule of its own for each table would
forget the next one, and a record is rather kept a little longer. What is done with the record itself (a hold,
a look in an emergency) is no entry.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Table, exists, func, or_, select, union_all
from sqlalchemy.orm import Session

from scheduler.db.base import Instant
from scheduler.features.records.graph import PEOPLE, ways
from scheduler.features.records.kinds import MESSAGES
from scheduler.models import Infusion, InfusionLog, Patient, metadata

NO_ENTRY = MESSAGES | {
    PEOPLE,
    "legal_holds",
    "emergency_accesses",
    "patient_import_rows",
    "patient_search_keys",
}


@cache
def written() -> tuple[tuple[Table, tuple[ColumnElement[datetime], ...]], ...]:
    """The tables whose rows are entries of a patient, with their moments."""
    found = []
    for name in ways():
        table = metadata.tables[name]
        moments = tuple(column for column in table.c if isinstance(column.type, Instant))
        if name not in NO_ENTRY and "patient_id" in table.c and moments:
            found.append((table, moments))
    return tuple(found)


def nothing_since(cutoff: datetime) -> Iterator[ColumnElement[bool]]:
    """Conditions on patients: they were known before, and nothing was written since."""
    yield Patient.created_at < cutoff
    for table, moments in written():
        newer = or_(*(moment >= cutoff for moment in moments))
        yield ~exists().where(table.c.patient_id == Patient.id, newer)


def last_entries(session: Session, ids: Sequence[int]) -> dict[int, datetime]:
    """By patient, when something was last written; when they became known, where nothing was."""
    newest = [
        select(table.c.patient_id.label("owner"), func.max(moment).label("at"))
        .where(table.c.patient_id.in_(ids))
        .group_by(table.c.patient_id)
        for table, moments in written()
        for moment in moments
    ]
    known = select(Patient.id.label("owner"), Patient.created_at.label("at")).where(Patient.id.in_(ids))
    return _latest(session.execute(union_all(known, *newest)))


def last_logs(session: Session, ids: Sequence[int]) -> dict[int, datetime]:
    """By patient, when the log of their last infusion was begun; without those who have none."""
    rows = session.execute(
        select(Infusion.patient_id, func.max(InfusionLog.begun_at))
        .join(InfusionLog, InfusionLog.infusion_id == Infusion.id)
        .where(Infusion.patient_id.in_(ids))
        .group_by(Infusion.patient_id)
    )
    return _latest(rows)


def _latest(rows: Iterable[Sequence[object]]) -> dict[int, datetime]:
    found: dict[int, datetime] = {}
    for owner, at in rows:
        if isinstance(owner, int) and isinstance(at, datetime):
            found[owner] = max(at, found.get(owner, at))
    return found
