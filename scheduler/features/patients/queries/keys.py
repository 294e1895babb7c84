"""Beginnings of search keys as ranges of their index."""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from scheduler.features.patients.search_terms import Terms
from scheduler.models import PatientSearchKey

LAST = "\U0010ffff"
END = "\0"  # At the end of a beginning: the whole key.
Group = tuple[str, ...]


def any_of(group: Group, column: Any = PatientSearchKey.key) -> ColumnElement[bool]:
    """Ranges of the index, in both databases; LIKE would not use it in every one of their settings."""
    return or_(*(_begins(column, beginning) for beginning in group))


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
