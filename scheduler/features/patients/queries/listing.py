"""The list of patients, page by page: each begins after the last line of the one before.

Pages are not counted from the start: somebody who is added meanwhile then pushes no one over an edge,
and the last page costs no more than the first.
"""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, func, literal, tuple_
from sqlalchemy.orm import Session

from scheduler.features.patients.queries.search import PatientHit, SortKey, hit, rank_of, ranked
from scheduler.features.patients.search_terms import Terms, terms
from scheduler.models import Patient


@dataclass(frozen=True)
class Cursor:
    """A line of the list, and whether one goes back or on from it."""

    rank: int
    sort_key: str
    patient_id: int
    backwards: bool = False


@dataclass(frozen=True)
class Page:
    """Some lines of the list. `before` and `after` lead on, or are None at the ends.

    `total` counts all who fit; `elsewhere` those who fit on the other side of the archive, counted
    only where nobody fits on this one.
    """

    hits: list[PatientHit]
    before: Cursor | None = None
    after: Cursor | None = None
    total: int = 0
    elsewhere: int = 0


def page(
    session: Session, text: str, *, archived: bool = False, cursor: Cursor | None = None, size: int = 25
) -> Page:
    """One page of those who fit `text` (all, when it is empty), ranked as in `search`, then by name."""
    wanted = terms(text)
    if text.strip() and not wanted.groups:
        return Page([])
    total = _count(session, wanted, archived)
    if total == 0:
        return Page([], elsewhere=_count(session, wanted, not archived))
    backwards = cursor is not None and cursor.backwards
    rows = session.execute(_lines(wanted, archived, cursor).limit(size + 1)).all()
    more = len(rows) > size
    shown = rows[:size][::-1] if backwards else rows[:size]
    ends = [Cursor(row.rank, row.sort_key, row.Patient.id) for row in shown]
    return Page(
        hits=[hit(row.Patient) for row in shown],
        before=replace(ends[0], backwards=True) if ends and (more if backwards else cursor) else None,
        after=ends[-1] if ends and (backwards or more) else None,
        total=total,
    )


def _lines(wanted: Terms, archived: bool, cursor: Cursor | None) -> Select[Patient, int, str]:
    """The ordered rows on from `cursor`. Without words there is no rank, and the index is the order."""
    columns: list[Any] = [SortKey.key, Patient.id]
    if wanted.groups:
        columns.insert(0, rank_of(wanted))
    statement = ranked(wanted).where(_side(archived))
    if cursor is None:
        return statement.order_by(*columns)
    values: list[Any] = [cursor.sort_key, cursor.patient_id]
    if wanted.groups:
        values.insert(0, cursor.rank)
    place, mark = tuple_(*columns), tuple_(*(literal(value) for value in values))
    if cursor.backwards:
        return statement.where(place < mark).order_by(*(column.desc() for column in columns))
    return statement.where(place > mark).order_by(*columns)


def _count(session: Session, wanted: Terms, archived: bool) -> int:
    lines = ranked(wanted).where(_side(archived)).with_only_columns(func.count())
    return session.scalar(lines) or 0


def _side(archived: bool) -> Any:
    return Patient.archived_at.is_not(None) if archived else Patient.archived_at.is_(None)
