"""The list of patients, page by page: each begins after the last line of the one before.

Pages are not counted from the start: somebody who is added meanwhile then pushes no one over an edge,
and the last page costs no more than the first.
"""

import itertools
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session

from scheduler.features.outbox.contact.queries import reached_by_none
from scheduler.features.patients.queries.dense import fitting, in_order, in_the_archive
from scheduler.features.patients.queries.keys import any_of
from scheduler.features.patients.queries.search import IN_ORDER, PatientHit, SortKey, hit
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
    session: Session,
    text: str,
    *,
    archived: bool = False,
    cursor: Cursor | None = None,
    size: int = 25,
    unreached: bool = False,
) -> Page:
    """One page of those who fit `text` (all, when it is empty), ranked as in `search`, then by name.

    `unreached`: only current patients whom no message reaches, whatever is typed.
    """
    if unreached:
        return _unreached(session, cursor, size)
    wanted = terms(text)
    if wanted.groups:
        return _found(session, wanted, archived, cursor, size)
    return Page([]) if text.strip() else _everybody(session, archived, cursor, size)


def _found(session: Session, wanted: Terms, archived: bool, cursor: Cursor | None, size: int) -> Page:
    """Those who fit, brought together outside the database (`dense`): a count of them comes with it."""
    fits = fitting(session, wanted)
    found, archive = fits.ids or set(), in_the_archive(session)
    here = found & archive if archived else found - archive
    if not here:
        return Page([], elsewhere=len(found))
    order = in_order(session, wanted, replace(fits, ids=here))
    mark = cursor.patient_id if cursor is not None and cursor.patient_id in here else None
    backwards = cursor is not None and mark is not None and cursor.backwards
    if backwards:
        ids = list(deque(itertools.takewhile(lambda one: one != mark, order), maxlen=size + 1))
    else:
        begun = itertools.dropwhile(lambda one: one != mark, order) if mark is not None else order
        ids = list(itertools.islice(begun, 0 if mark is None else 1, size + 1 + (mark is not None)))
    shown = ids[-size:] if backwards else ids[:size]
    people = {one.id: one for one in session.scalars(select(Patient).where(Patient.id.in_(shown)))}
    more = len(ids) > size
    return _page([people[one] for one in shown], mark is not None, backwards, more, len(here))


def _everybody(session: Session, archived: bool, cursor: Cursor | None, size: int) -> Page:
    """All of one side, straight from the index that holds their order."""
    total, others = _count(session, archived), 0
    if total == 0:
        others = _count(session, not archived)
        return Page([], elsewhere=others)
    side = Patient.archived_at.is_not(None) if archived else Patient.archived_at.is_(None)
    lines = (
        select(Patient)
        .join(SortKey, SortKey.patient_id == Patient.id)
        .where(any_of(("n:",), SortKey.key), side)
    )
    return _from_mark(session, lines, cursor, size, total)


def _from_mark(session: Session, lines: Select[Any], cursor: Cursor | None, size: int, total: int) -> Page:
    """The lines of these patients after the cursor, or before it."""
    mark = None if cursor is None else _mark(session, cursor)
    backwards = cursor is not None and mark is not None and cursor.backwards
    if mark is not None:
        here, there = tuple_(*IN_ORDER), tuple_(*mark)
        lines = lines.where(here < there if backwards else here > there)
    order = [column.desc() for column in IN_ORDER] if backwards else IN_ORDER
    people = session.scalars(lines.order_by(*order).limit(size + 1)).all()
    shown = people[:size][::-1] if backwards else people[:size]
    return _page(shown, mark is not None, backwards, len(people) > size, total)


def _unreached(session: Session, cursor: Cursor | None, size: int) -> Page:
    """The current ones whom no message reaches, by name."""
    who = Patient.archived_at.is_(None), reached_by_none()
    total = session.scalar(select(func.count()).select_from(Patient).where(*who)) or 0
    lines = (
        select(Patient)
        .join(SortKey, SortKey.patient_id == Patient.id)
        .where(any_of(("n:",), SortKey.key), *who)
    )
    return _from_mark(session, lines, cursor, size, total)


def _page(shown: Sequence[Patient], has_mark: bool, backwards: bool, more: bool, total: int) -> Page:
    """The lines with the ways back and on."""
    before = after = None
    if shown and (more if backwards else has_mark):
        before = Cursor(shown[0].id, backwards=True)
    if shown and (backwards or more):
        after = Cursor(shown[-1].id)
    return Page([hit(one) for one in shown], before, after, total)


def _mark(session: Session, cursor: Cursor) -> tuple[Any, ...] | None:
    """Where the cursor's patient stands, or None when they are gone: then the list begins anew."""
    row = session.execute(
        select(*IN_ORDER).where(SortKey.patient_id == cursor.patient_id, any_of(("n:",), SortKey.key + ""))
    ).one_or_none()
    return None if row is None else tuple(row)


def _count(session: Session, archived: bool) -> int:
    """Everybody less the other side: the archive is small, and to count it all needs no look at a row."""
    away = session.scalar(select(func.count()).where(Patient.archived_at.is_not(None))) or 0
    if archived:
        return away
    return (session.scalar(select(func.count()).select_from(Patient)) or 0) - away
