"""Trying something inside a transaction, and taking it back where its result says so."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

T = TypeVar("T")


def kept_where(session: Session, work: Callable[[], T], keep: Callable[[T], bool]) -> tuple[T, bool]:
    """Run `work`; what it wrote stays only where `keep` says so of its result. Gives both.

    The transaction goes on either way. An error of `work` passes on, and ends the transaction as it would.
    """
    savepoint = session.begin_nested()
    result = work()
    kept = keep(result)
    if kept:
        savepoint.commit()
    else:
        savepoint.rollback()
    return result, kept
