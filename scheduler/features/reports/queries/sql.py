"""Pieces that the counting queries share.

They are text, not models: they group by arithmetic on instants, which each database spells its own way, and
their rows come as the driver's bare tuples, because a report over years has many of them.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.features.reports.cover import Cover
from scheduler.models import Site

EPOCH = {"sqlite": "unixepoch({})", "postgresql": "extract(epoch FROM {})::bigint"}
STANDS = "i.status NOT IN ('missed', 'cancelled')"


def epoch(session: Session, column: str) -> str:
    """SQL for the seconds since 1970 of a column that holds an instant."""
    return EPOCH[session.connection().dialect.name].format(column)


def bound(session: Session, at: datetime) -> datetime | str:
    """An instant as the database stores it: SQLite has naive UTC text."""
    if session.connection().dialect.name == "sqlite":
        return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
    return at


def bounds(session: Session, site: Site, cover: Cover) -> dict[str, datetime | str | int]:
    """The parameters :site, :first and :last (half-open) of the days of `cover` at a site."""
    first, last = midnight(site.tz, cover.first), midnight(site.tz, cover.last + timedelta(days=1))
    return {"site": site.id, "first": bound(session, first), "last": bound(session, last)}


def columns(
    session: Session, query: str, values: dict[str, datetime | str | int], width: int
) -> Iterable[NDArray[np.int64]]:
    """Run a query whose columns are all whole numbers and give them as `width` arrays."""
    result = session.connection().execute(text(query), values)
    rows = result.cursor.fetchall()
    result.close()
    if not rows:
        return [np.zeros(0, np.int64) for _ in range(width)]
    return np.array(rows, dtype=np.int64).T


def midnight(tz: str, day: date) -> datetime:
    """The first instant of `day` in a zone."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(tz))
