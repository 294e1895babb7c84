"""The list of patients, page by page: each begins after the last line of the one before.

Pages are not counted from the start: somebody who is added meanwhile then pushes no one over an edge,
and the last page costs no more than the first.
"""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, func, literal, select, tuple_
from sqlalchemy.orm import Session

from scheduler.features.patients.queries.search import PatientHit, SortKey, hit, rank_of, ranked
from scheduler.features.patients.search_terms import Terms, terms
from scheduler.models import Patient


@dataclass(frozen=True)
class Cursor:
    """A line of the list, and whether one goes back or on from it. It names nobody: addresses may hold it."""

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
    mark = _mark(session, wanted, cursor)
    backwards = cursor is not None and mark is not None and cursor.backwards
    rows = session.execute(_lines(wanted, archived, mark, backwards).limit(size + 1)).all()
    more = len(rows) > size
    shown = rows[:size][::-1] if backwards else rows[:size]
    ends = [Cursor(row.Patient.id) for row in shown]
    return Page(
        hits=[hit(row.Patient) for row in shown],
        before=replace(ends[0], backwards=True) if ends and (more if backwards else mark) else None,
        after=ends[-1] if ends and (backwards or more) else None,
        total=total,
    )


def _mark(session: Session, wanted: Terms, cursor: Cursor | None) -> list[Any] | None:
    """Where the cursor's patient stands, or None when they no longer fit: then the list begins anew."""
    if cursor is None:
        return None
    row = session.execute(ranked(wanted).where(Patient.id == cursor.patient_id)).one_or_none()
    if row is None:
        return None
    return [row.rank, row.sort_key, row.Patient.id][0 if wanted.groups else 1 :]


def _lines(
    wanted: Terms, archived: bool, mark: list[Any] | None, backwards: bool
) -> Select[Patient, int, str]:
    """The ordered rows beyond `mark`. Without words there is no rank, and the index is the order."""
    columns: list[Any] = [rank_of(wanted), SortKey.key, Patient.id][0 if wanted.groups else 1 :]
    statement = ranked(wanted).where(_side(archived))
    if mark is None:
        return statement.order_by(*columns)
    here, there = tuple_(*columns), tuple_(*(literal(value) for value in mark))
    if backwards:
        return statement.where(here < there).order_by(*(column.desc() for column in columns))
    return statement.where(here > there).order_by(*columns)


def _count(session: Session, wanted: Terms, archived: bool) -> int:
    if not wanted.groups:
        return session.scalar(select(func.count()).select_from(Patient).where(_side(archived))) or 0
    return session.scalar(ranked(wanted).where(_side(archived)).with_only_columns(func.count())) or 0


def _side(archived: bool) -> Any:
    return Patient.archived_at.is_not(None) if archived else Patient.archived_at.is_(None)
