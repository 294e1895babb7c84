"""Who fits what was typed, and in which order, without a look at each of thousands.

Two words that are each shared by thousands cost a database most where few or none fit both: it looks each
holder of one up among those of the other. But who has a key is one stretch of the index, and ten thousand
numbers in one text are read in a millisecond. So the stretches of all groups are read whole, in one look, and
brought together here. If few fit all, their keys tell the order; if many do, the list is walked in its own
order from where the best would stand until a dozen fits. A stretch that holds a fifth of everybody is not
used: of any few lines some will fit.
"""

import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select, tuple_
from sqlalchemy.orm import Session

from scheduler.features.patients.queries.keys import END, Group, any_of, one_of, sorted_beginnings
from scheduler.features.patients.search_terms import Terms
from scheduler.models import Patient
from scheduler.models import PatientSearchKey as Key

FEW = 400
"""So many are ranked by their keys; of more, the list is walked."""
STRIDES = (400, 4_000, 16_000)
"""How many lines of the list are looked at in one step, in the first steps; the last one goes on."""


@dataclass(frozen=True)
class Fitting:
    """Who has a key of each group that was read, archived or not; None where none was: everybody.

    `unread` are groups that so many have that they are asked of one patient after the other; `exact` has
    those whose record number was typed in full.
    """

    ids: set[int] | None
    unread: tuple[Group, ...]
    exact: frozenset[int]


def fitting(session: Session, wanted: Terms, most: int | None = None) -> Fitting:
    """Bring the groups together; one that another group implies, as `maria` does `mar`, needs no look.

    A group that more than `most` have is left unread.
    """
    groups, whole = _telling(wanted.groups), wanted.record + END
    held = _holders(session, [whole, *(one for group in groups for one in group)], most)
    found: set[int] | None = None
    unread = []
    for group in groups:
        if most is not None and sum(len(held[one]) for one in group) > most:
            unread.append(group)
        else:
            theirs = set().union(*(held[one] for one in group))
            found = theirs if found is None else found & theirs
    return Fitting(found, tuple(unread), frozenset(held[whole]))


def first_of_many(
    session: Session,
    wanted: Terms,
    fits: Fitting,
    limit: int,
    has_any: Callable[[Group], ColumnElement[bool]],
) -> list[Patient]:
    """The first `limit` current patients who fit, in the order of `search`."""
    found: list[Patient] = []
    order = in_order(session, wanted, fits)
    size = limit * 5 if fits.unread else limit
    while len(found) < limit and (part := list(itertools.islice(order, size))):
        rows = session.scalars(
            select(Patient).where(
                one_of(session, Patient.id, part), Patient.archived_at.is_(None), *map(has_any, fits.unread)
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


def in_order(session: Session, wanted: Terms, fits: Fitting) -> Iterator[int]:
    """Those who fit, or everybody, in the order of `search`."""
    if fits.ids is not None and len(fits.ids) <= FEW:
        yield from _ranked(session, wanted, fits.ids, fits.exact)
        return
    seen: set[int] = set()

    def fresh(ordered: Iterable[int]) -> Iterator[int]:
        for one in ordered:
            if one not in seen:
                seen.add(one)
                yield one

    ids = fits.ids
    yield from fresh(_sorted(session, _both(ids, fits.exact)))
    if wanted.families:
        for beginning in sorted_beginnings(wanted):
            yield from fresh(_walk(session, beginning, ids))
        held = _holders(session, wanted.families).values()
        yield from fresh(_sorted(session, _both(ids, itertools.chain(*held)) - seen))
    yield from fresh(_walk(session, "n:", ids))


def in_the_archive(session: Session) -> set[int]:
    """Everybody who is archived."""
    away = _numbers(session, select(Patient.id).where(Patient.archived_at.is_not(None)))
    return set(_read(session.scalar(select(away))))


def _both(ids: set[int] | None, others: Iterable[int]) -> set[int]:
    return set(others) if ids is None else ids.intersection(others)


def _ranked(session: Session, wanted: Terms, ids: set[int], exact: frozenset[int]) -> list[int]:
    """A few, by rank and name, told from their keys: read by patient, a dozen each."""
    if len(ids) < 2:
        return list(ids)
    telling = any_of(("n:", *wanted.families), Key.key + "")
    names: dict[int, str] = {}
    of_family = set()
    for patient_id, key in session.execute(
        select(Key.patient_id, Key.key).where(one_of(session, Key.patient_id, ids), telling)
    ):
        if key.startswith("n:"):
            names[patient_id] = key
        else:
            of_family.add(patient_id)
    first = sorted_beginnings(wanted)

    def place(one: int) -> tuple[int, str, int]:
        rank = 1 if names[one].startswith(first) else 2 if one in of_family else 3
        return 0 if one in exact else rank, names[one], one

    return sorted(ids, key=place)


def _sorted(session: Session, ids: set[int]) -> Iterator[int]:
    """These in the order of the list."""
    if len(ids) > FEW:
        yield from _walk(session, "n:", ids)
    elif ids:
        named = any_of(("n:",), Key.key + "")
        statement = select(Key.patient_id).where(one_of(session, Key.patient_id, ids), named)
        yield from session.scalars(statement.order_by(Key.key, Key.patient_id))


def _walk(session: Session, beginning: str, ids: set[int] | None) -> Iterator[int]:
    """Those of a stretch of the list, in its order, read step by step."""
    lines = select(Key.key, Key.patient_id).where(any_of((beginning,)))
    lines = lines.order_by(Key.key, Key.patient_id)
    step = lines
    for stride in itertools.chain(STRIDES, itertools.repeat(STRIDES[-1])):
        rows = session.execute(step.limit(stride)).all()
        yield from [one for _, one in rows if ids is None or one in ids]
        if len(rows) < stride:
            return
        step = lines.where(tuple_(Key.key, Key.patient_id) > tuple_(*rows[-1]))


def _holders(session: Session, beginnings: Sequence[str], most: int | None = None) -> dict[str, list[int]]:
    """Who has a key that begins so, by beginning, in one look at all; `most` and one more at the most."""
    limit = None if most is None else most + 1
    asked = dict.fromkeys(beginnings)
    columns = [_numbers(session, select(Key.patient_id).where(any_of((one,))).limit(limit)) for one in asked]
    texts = session.execute(select(*columns)).one()
    return {one: _read(text) for one, text in zip(asked, texts, strict=True)}


def _numbers(session: Session, rows: Select[int]) -> ScalarSelect[str]:
    """All numbers in one text, which is read much faster than as many rows."""
    number = next(iter(rows.subquery().c))
    if session.get_bind().dialect.name == "sqlite":
        return select(func.group_concat(number)).scalar_subquery()
    return select(func.array_to_string(func.array_agg(number), ",")).scalar_subquery()


def _read(text: str | None) -> list[int]:
    found: list[int] = json.loads(f"[{text or ''}]")
    return found
