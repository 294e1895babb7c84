"""Statements compiled once a process, not once a database.

SQLAlchemy keeps what it compiled by engine, and of what it writes by mapper and engine. A clinic's server
has one engine for years; a test run has thousands, each for a few statements, and compiling those took longer
than running them. All engines of one kind of database are made alike (`scheduler/db/engine.py`), so what was
compiled for one serves the next.
"""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import configure_mappers
from sqlalchemy.util import LRUCache

from scheduler import models

MOST = 4000


class CompiledOnce(LRUCache[tuple[Any, ...], Any]):
    """SQLAlchemy's own cache, but that engines of one kind find each other's statements."""

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        """The compiled statement, of whichever engine."""
        return super().get(_by_kind(key), default)

    def __setitem__(self, key: tuple[Any, ...], value: Any) -> None:
        super().__setitem__(_by_kind(key), value)


def _by_kind(key: tuple[Any, ...]) -> tuple[Any, ...]:
    """The key as SQLAlchemy makes it, with the name of the dialect for the dialect of one engine."""
    return (key[0].name, *key[1:])


def share(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give one such cache to every mapper and to every engine that is made from now on."""
    cache = CompiledOnce(MOST)
    with_cache = partial(create_engine, execution_options={"compiled_cache": cache})
    monkeypatch.setattr("scheduler.db.engine.create_engine", with_cache)
    configure_mappers()  # Which forgets what the mappers keep.
    for mapper in models.User.registry.mappers:
        monkeypatch.setattr(mapper, "_compiled_cache", cache)
