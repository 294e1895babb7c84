"""Adverse events, rescue drugs and interruptions of a log, those that were struck out too."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.infusion_logs.place import Place
from scheduler.features.infusion_logs.rows import SPECS, Row, RowKind
from scheduler.models import PumpPause, User


@dataclass(frozen=True)
class LogRow:
    """One line: the texts in its fields, and the same in words. `runs`: the pump still stands still."""

    id: int
    version: int
    texts: dict[str, str]
    words: dict[str, str]
    changed_at: datetime
    by: str
    struck_reason: str | None
    runs: bool


def rows_of(session: Session, log_id: int, kind: RowKind, place: Place) -> list[LogRow]:
    """The lines of one kind, in the order in which they happened."""
    spec = SPECS[kind]
    rows = session.execute(
        select(spec.model, User.name)
        .outerjoin(User, User.id == spec.model.changed_by_id)
        .where(spec.model.log_id == log_id)
        .order_by(spec.happened, spec.model.id)
    )
    found = []
    for row, name in cast("Iterable[tuple[Row, str | None]]", rows):
        texts = {cell.name: _text(getattr(row, cell.name), place) for cell in spec.cells}
        words = {
            cell.name: dict(cell.options).get(texts[cell.name], texts[cell.name].partition(" ")[0])
            if cell.kind != "text" and cell.kind != "term"
            else texts[cell.name]
            for cell in spec.cells
        }
        found.append(
            LogRow(
                row.id,
                row.version,
                texts,
                words,
                row.changed_at,
                name or "Sixfold",
                row.struck_reason,
                isinstance(row, PumpPause) and row.to_at is None,
            )
        )
    return found


def _text(value: object, place: Place) -> str:
    if value is None:
        return ""
    return place.clock(value) if isinstance(value, datetime) else str(value)
