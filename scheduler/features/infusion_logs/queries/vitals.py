"""Readings of a log with their corrections and what was done about them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.models import HoldAction, User, VitalSigns


@dataclass(frozen=True)
class Done:
    """What was done about a pressure: codes, words beside them, when and by whom."""

    codes: tuple[str, ...]
    note: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Reading:
    """One reading. `stands` says that no correction took its place and it was not withdrawn."""

    id: int
    taken_at: datetime
    sbp: int | None
    dbp: int | None
    pulse: int | None
    spo2: int | None
    sedation: int | None
    entered_at: datetime
    by: str
    by_id: int | None
    replaces_id: int | None
    reason: str | None
    withdrawn: bool
    stands: bool
    actions: tuple[Done, ...]

    @property
    def pressure(self) -> str:
        """`128/80`, or "" where none was taken."""
        return f"{self.sbp}/{self.dbp if self.dbp is not None else '–'}" if self.sbp is not None else ""


def readings_of(session: Session, log_id: int) -> list[Reading]:
    """All readings of a log, corrected ones too, by the time they were taken."""
    rows = session.execute(
        select(VitalSigns, User.name)
        .outerjoin(User, User.id == VitalSigns.entered_by_id)
        .where(VitalSigns.log_id == log_id)
        .order_by(VitalSigns.taken_at, VitalSigns.id)
    ).all()
    done = _actions(session, log_id) if rows else {}
    corrected = {row.replaces_id for row, _ in rows}
    return [
        Reading(
            row.id,
            row.taken_at,
            row.sbp,
            row.dbp,
            row.pulse,
            row.spo2,
            row.sedation,
            row.entered_at,
            name or "Sixfold",
            row.entered_by_id,
            row.replaces_id,
            row.reason,
            row.withdrawn,
            row.id not in corrected and not row.withdrawn,
            tuple(done.get(row.id, ())),
        )
        for row, name in rows
    ]


def _actions(session: Session, log_id: int) -> dict[int, list[Done]]:
    found: dict[int, list[Done]] = {}
    rows = session.execute(
        select(HoldAction, User.name)
        .join(VitalSigns, VitalSigns.id == HoldAction.vitals_id)
        .outerjoin(User, User.id == HoldAction.by_id)
        .where(VitalSigns.log_id == log_id)
        .order_by(HoldAction.at, HoldAction.id)
    )
    for row, name in rows:
        found.setdefault(row.vitals_id, []).append(Done(tuple(row.done), row.note, row.at, name or "Sixfold"))
    return found
