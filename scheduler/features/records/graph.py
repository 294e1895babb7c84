"""Which rows are one person's: all that lead to them by foreign keys, over however many tables.

No list of tables is kept, because a list would forget the table that somebody adds next. What refers to a row
of the person is theirs, and so is what refers to that; what they refer to (sites, staff, protocols) is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, Table, or_, select
from sqlalchemy.orm import Session

from scheduler.models import PatientImportRow, RowOutcome, metadata

PEOPLE, REQUESTS = "patients", "consultation_requests"


@dataclass(frozen=True)
class Part:
    """The rows of one table that are somebody's; `of_itself` are its columns that name rows of its own."""

    table: Table
    where: ColumnElement[bool]
    of_itself: Sequence[str]


@cache
def ways(root: str = PEOPLE) -> dict[str, tuple[tuple[str, str], ...]]:
    """By table, parents first: the columns that lead to a person, each with the table it leads to.

    Whoever never became a patient begins at the `root` of requests.
    """
    found: dict[str, tuple[tuple[str, str], ...]] = {root: ()}
    for table in metadata.sorted_tables:
        leads = tuple(
            (key.parent.name, key.column.table.name)
            for key in sorted(table.foreign_keys, key=lambda each: str(each.parent.name))
            if key.column.name == "id" and key.column.table.name in found and key.column.table is not table
        )
        if leads:
            found[table.name] = leads
    return found


def parts_of(session: Session, person_ids: Sequence[int], root: str = PEOPLE) -> list[Part]:
    """What is theirs, table by table, parents first. Tables in which they have nothing may be among them."""
    known = ways(root)
    asked_for = {parent for leads in known.values() for _, parent in leads}
    ids: dict[str, Sequence[int]] = {root: person_ids}
    people = metadata.tables[root]
    found = [Part(people, people.c.id.in_(person_ids), _of_itself(people))]
    for name, leads in known.items():
        to = [(column, ids[parent]) for column, parent in leads if ids.get(parent)]
        if not to:
            continue
        table = metadata.tables[name]
        where = or_(*(table.c[column].in_(theirs) for column, theirs in to))
        if name == PatientImportRow.__tablename__:
            # A row of a file that only looks like them is perhaps somebody else.
            where &= table.c.outcome == RowOutcome.ADDED
        found.append(Part(table, where, _of_itself(table)))
        if name in asked_for:
            ids[name] = session.scalars(select(table.c.id).where(where).order_by(table.c.id)).all()
    return found


def _of_itself(table: Table) -> list[str]:
    return sorted(key.parent.name for key in table.foreign_keys if key.column.table is table)
