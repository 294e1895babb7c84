"""The first of many: what was typed fits more patients than are worth ranking one by one.

Two words that are each shared by thousands cost a database most where few or none fit both: it looks each
holder of one up among those of the other. But who has a key is one stretch of the index, and ten thousand
numbers in one text are read in a millisecond. So the stretches are read whole and brought together here. If
few fit all, they are ranked; if many do, the list is walked in its own order from where the best would stand
until a dozen fits. A stretch that holds a fifth of everybody is not read: of any few lines some will fit.
"""

import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, CompoundSelect, Select, func, select, tuple_, union_all
from sqlalchemy.orm import Session

from scheduler.features.patients.queries.keys import END, Group, any_of, sorted_beginnings
from scheduler.features.patients.search_terms import Terms
from scheduler.models import Patient
from scheduler.models import PatientSearchKey as Key

MOST = 20_000
"""A group that more patients have is not read."""
FEW = 400
"""So many are sorted by the database; of more, the list is walked."""
STRIDES = (200, 800, 3_200, 12_800)
"""How many lines of the list are looked at in one step, in the first steps; the last one goes on."""


@dataclass(frozen=True)
class Fitting:
    """Who has a key of each group that was read, archived or not; None where none was: everybody.

    `unread` are groups that so many have that they are asked of one patient after the other.
    """

    ids: set[int] | None
    unread: tuple[Group, ...]


def fitting(session: Session, wanted: Terms, most: int | None = None) -> Fitting:
    """Bring the groups together; one that another group implies, as `maria` does `mar`, needs no look.

    A group that more than `most` have is left unread.
    """
    found: set[int] | None = None
    unread = []
    for group in _telling(wanted.groups):
        held = _holders(session, group, most)
        if most is not None and len(held) > most:
            unread.append(group)
        else:
            found = set(held) if found is None else found.intersection(held)
    return Fitting(found, tuple(unread))


def first_of_many(
    session: Session,
    wanted: Terms,
    fits: Fitting,
    limit: int,
    has_any: Callable[[Group], ColumnElement[bool]],
) -> list[Patient]:
    """The first `limit` current patients who fit, in the order of `search`."""
    found: list[Patient] = []
    order = in_order(session, wanted, fits.ids)
    size = limit * 5 if fits.unread else limit
    while len(found) < limit and (part := list(itertools.islice(order, size))):
        rows = session.scalars(
            select(Patient).where(
                Patient.id.in_(part), Patient.archived_at.is_(None), *map(has_any, fits.unread)
            )
        )
        by_id = {patient.id: patient for patient in rows}
        found += [by_id[one] for one in part if one in by_id]
    return found[:limit]


def _telling(groups: Sequence[Group]) -> list[Group]:
    """The groups without those that follow from another one."""
    kept: list[Group] = []
    for group in sorted(groups, key=lambda one: -min(map(len, one))):
        if not any(all(key.startswith(group) for key in other) for other in kept):
            kept.append(group)
    return kept


def in_order(session: Session, wanted: Terms, ids: set[int] | None) -> Iterator[int]:
    """These, or everybody, in the order of `search`."""
    seen: set[int] = set()

    def fresh(ordered: Iterable[int]) -> Iterator[int]:
        for one in ordered:
            if one not in seen:
                seen.add(one)
                yield one

    yield from fresh(_sorted(session, _both(ids, _holders(session, (wanted.record + END,)))))
    if wanted.families:
        for beginning in sorted_beginnings(wanted):
            yield from fresh(_walk(session, beginning, ids))
        yield from fresh(_sorted(session, _both(ids, _holders(session, wanted.families)) - seen))
    if ids is None:
        yield from fresh(_walk(session, "n:", None))
    else:
        yield from _sorted(session, ids - seen)


def in_the_archive(session: Session) -> set[int]:
    """Everybody who is archived."""
    return set(_numbers(session, select(Patient.id).where(Patient.archived_at.is_not(None))))


def _both(ids: set[int] | None, others: Iterable[int]) -> set[int]:
    return set(others) if ids is None else ids.intersection(others)


def _sorted(session: Session, ids: set[int]) -> Iterator[int]:
    """These in the order of the list."""
    if len(ids) > FEW:
        yield from _walk(session, "n:", ids)
    elif ids:
        statement = select(Key.patient_id).where(Key.patient_id.in_(ids), any_of(("n:",), Key.key + ""))
        yield from session.scalars(statement.order_by(Key.key, Key.patient_id))


def _walk(session: Session, beginning: str, ids: set[int] | None) -> Iterator[int]:
    """Those of a stretch of the list, in its order, read step by step."""
    lines = select(Key.key, Key.patient_id).where(any_of((beginning,)))
    lines = lines.order_by(Key.key, Key.patient_id)
    step = lines
    for stride in itertools.chain(STRIDES, itertools.repeat(STRIDES[-1])):
        rows = session.execute(step.limit(stride)).all()
        yield from [row.patient_id for row in rows if ids is None or row.patient_id in ids]
        if len(rows) < stride:
            return
        step = lines.where(tuple_(Key.key, Key.patient_id) > tuple_(rows[-1].key, rows[-1].patient_id))


def _holders(session: Session, group: Group, most: int | None = None) -> list[int]:
    """Who has such a key, `most` and one more at the most; who has two of them is named twice."""
    ranges = [select(Key.patient_id).where(any_of((beginning,))) for beginning in group]
    rows = union_all(*ranges) if len(ranges) > 1 else ranges[0]
    return _numbers(session, rows.limit(None if most is None else most + 1))


def _numbers(session: Session, rows: Select[int] | CompoundSelect[int]) -> list[int]:
    """All numbers in one text, which is read much faster than as many rows."""
    number = next(iter(rows.subquery().c))
    if session.get_bind().dialect.name == "sqlite":
        text = session.scalar(select(func.group_concat(number)))
    else:
        text = session.scalar(select(func.array_to_string(func.array_agg(number), ",")))
    found: list[int] = json.loads(f"[{text or ''}]")
    return found
