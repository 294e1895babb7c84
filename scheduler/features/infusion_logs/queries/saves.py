"""Who saved which part of a log when, and what stood in it before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.models import InfusionLogSave, User


@dataclass(frozen=True)
class Save:
    """One save of one part; `changes` are the kept values before and after, by field."""

    part: str
    version: int
    at: datetime
    by: str
    changes: dict[str, list[Any]]


def saves_of(session: Session, log_id: int) -> list[Save]:
    """All saves of a log, oldest first."""
    rows = session.execute(
        select(InfusionLogSave, User.name)
        .outerjoin(User, User.id == InfusionLogSave.by_id)
        .where(InfusionLogSave.log_id == log_id)
        .order_by(InfusionLogSave.id)
    )
    return [Save(row.part, row.version, row.at, name or "Sixfold", row.changes) for row, name in rows]


def last_save(saves: list[Save], part: str) -> Save | None:
    """The last save of a part."""
    return next((each for each in reversed(saves) if each.part == part), None)


def seen_before(saves: list[Save], part: str, version: int) -> dict[str, Any]:
    """The kept values, at `version` of the part, of the fields that were changed since."""
    found: dict[str, Any] = {}
    for each in saves:
        if each.part == part and each.version > version:
            for name, (before, _) in each.changes.items():
                found.setdefault(name, before)
    return found


def changed_by(saves: list[Save], part: str, name: str) -> Save | None:
    """The last save that changed a field."""
    return next((each for each in reversed(saves) if each.part == part and name in each.changes), None)
