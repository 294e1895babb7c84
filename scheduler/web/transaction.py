"""One visible transaction for each request that writes, opened by the view."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, TypeVar

from flask import current_app

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from scheduler.db import Database

T = TypeVar("T")


def database() -> "Database":
    """The application's database."""
    found: Database = current_app.extensions["database"]
    return found


def reading() -> AbstractContextManager["Session"]:
    """A session that cannot change anything."""
    return database().read()


def writing() -> AbstractContextManager["Session"]:
    """A session that commits when the block ends."""
    return database().write()


def attempt(work: "Callable[[Session], T]") -> T:
    """Run `work` in `writing()`, again where the database asks for it."""
    return database().attempt(work)
