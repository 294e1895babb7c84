"""Rows as the driver gives them, for pages that read a thousand of them.

A row that knows its column names and types costs several times as much as reading it. Here nothing is
converted: instants are asked for in seconds since 1970, and the caller makes of a column what it needs.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Executable, cast, extract, func
from sqlalchemy.orm import InstrumentedAttribute, Session


def plain_rows(session: Session, statement: Executable) -> Sequence[Sequence[Any]]:
    """The driver's own tuples."""
    result = session.connection().execute(statement)
    rows: Sequence[Sequence[Any]] = result.cursor.fetchall()
    result.close()
    return rows


def epoch(session: Session, column: InstrumentedAttribute[Any]) -> ColumnElement[int]:
    """An instant in whole seconds since 1970."""
    if session.get_bind().dialect.name == "sqlite":
        return func.unixepoch(column, type_=BigInteger)
    return cast(extract("epoch", column), BigInteger)
