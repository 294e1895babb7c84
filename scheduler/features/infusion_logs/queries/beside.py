"""What others wrote into the vitals of a visit while somebody has its log open."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.infusion_logs.place import Place
from scheduler.features.infusion_logs.queries.vitals import Reading
from scheduler.features.infusion_logs.rows import SPECS
from scheduler.models import HoldAction, Infusion, InfusionLog, InfusionLogSave, VitalSigns

TOLD = 3
"""So many new rows are told one by one; more of them only by their number."""


@dataclass(frozen=True)
class Mark:
    """How far a page has seen: the newest reading, answer about a pressure, and save of a part; and how often
    lines (adverse events, rescue drugs, interruptions) were written.
    """

    reading: int
    done: int
    save: int
    lines: int

    def __str__(self) -> str:
        return f"{self.reading}-{self.done}-{self.save}-{self.lines}"


NOTHING = Mark(0, 0, 0, 0)


def mark_of(session: Session, infusion_id: int) -> Mark:
    """How far the log has come, in one statement: open pages ask this every few seconds.

    Rows of the first three are only ever added, so that the newest of each tells whether anything is new; the
    versions of lines only rise. Read it before the log itself: what slips in between is then shown twice and
    never missed. Raises NotFoundError.
    """
    log_id = InfusionLog.id
    newest = (
        select(func.max(VitalSigns.id)).where(VitalSigns.log_id == log_id),
        select(func.max(HoldAction.id))
        .join(VitalSigns, VitalSigns.id == HoldAction.vitals_id)
        .where(VitalSigns.log_id == log_id),
        select(func.max(InfusionLogSave.id)).where(InfusionLogSave.log_id == log_id),
        *(select(func.sum(spec.model.version)).where(spec.model.log_id == log_id) for spec in SPECS.values()),
    )
    row = session.execute(
        select(*(each.correlate(InfusionLog).scalar_subquery() for each in newest))
        .select_from(Infusion)
        .outerjoin(InfusionLog, InfusionLog.infusion_id == Infusion.id)
        .where(Infusion.id == infusion_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError("There is no such visit. Find the patient, and open it from there.")
    reading, done, save, *lines = (each or 0 for each in row)
    return Mark(reading, done, save, sum(lines))


def read_mark(text: str) -> Mark:
    """What a page sends back; anything else is a page that has seen nothing."""
    parts = text.split("-")
    if len(parts) == 4 and all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts):
        return Mark(*map(int, parts))
    return NOTHING


def news(readings: Sequence[Reading], seen: Mark, own_id: int | None, place: Place) -> str:
    """What is new to somebody, in a sentence or a few; "" where it is their own or no reading at all."""
    new = [each for each in readings if each.id > seen.reading and each.by_id != own_id]
    if len(new) > TOLD:
        return f"{len(new)} rows of vitals were written by others."
    return " ".join(_told(each, place) for each in sorted(new, key=lambda each: each.id))


def _told(reading: Reading, place: Place) -> str:
    if reading.withdrawn:
        return f"{reading.by} took back a row of vitals."
    verb = "corrected the row" if reading.replaces_id else "wrote the row"
    words = f" {reading.pressure}" if reading.pressure else ""
    return f"{reading.by} {verb} of {place.said(reading.taken_at)}{':' if words else ''}{words}."
