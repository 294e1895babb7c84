"""Beginnings of search keys as ranges of their index."""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, and_, any_, func, literal, or_, select
from sqlalchemy.orm import Session

from scheduler.features.patients.search_terms import Terms
from scheduler.models import PatientSearchKey

LAST = "\U0010ffff"
END = "\0"  # At the end of a beginning: the whole key.
Group = tuple[str, ...]


def any_of(group: Group, column: Any = PatientSearchKey.key) -> ColumnElement[bool]:
    """Ranges of the index, in both databases; LIKE would not use it in every one of their settings."""
    return or_(*(_begins(column, beginning) for beginning in group))


def one_of(session: Session, column: Any, ids: Collection[int]) -> ColumnElement[bool]:
    """Whether a number is among these, handed over as one value: to read hundreds of places costs more."""
    found: ColumnElement[bool]
    if session.get_bind().dialect.name == "sqlite":
        values = func.json_each(json.dumps(list(ids))).table_valued("value")
        found = column.in_(select(values.c.value))
    else:
        found = column == any_(literal(list(ids), ARRAY(Integer)))
    return found


def sorted_beginnings(wanted: Terms) -> Group:
    """The beginnings of family names in the key by which lists are sorted, none within another.

    One range is read in its order; of two, the database would sort both.
    """
    found = {f"n:{family[2:]}" for family in wanted.families}
    return tuple(
        sorted(one for one in found if not any(one != other and one.startswith(other) for other in found))
    )


def _begins(column: Any, beginning: str) -> ColumnElement[bool]:
    if beginning.endswith(END):
        whole: ColumnElement[bool] = column == beginning.removesuffix(END)
        return whole
    return and_(column >= beginning, column <= beginning + LAST)
