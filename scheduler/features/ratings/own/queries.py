"""The clinic's own instruments as its settings show them."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.ratings.instruments import Instrument
from scheduler.features.ratings.own.definition import from_data
from scheduler.models import OwnInstrument


@dataclass(frozen=True)
class OwnLine:
    """One version; `has_next` says that a later version of it, a draft or not, is there."""

    id: int
    instrument: Instrument
    revision: int
    is_draft: bool
    is_retired: bool
    has_next: bool


def own_lines(session: Session) -> list[OwnLine]:
    """All versions by name, the newest first."""
    rows = session.scalars(select(OwnInstrument).order_by(OwnInstrument.code, OwnInstrument.version.desc()))
    found: list[OwnLine] = []
    for row in rows:
        has_next = bool(found) and found[-1].instrument.code == row.code
        found.append(_line(row, has_next))
    return sorted(found, key=lambda line: line.instrument.name.casefold())


def own_line(session: Session, own_id: int) -> OwnLine:
    """One version. Raises NotFoundError."""
    found = next((line for line in own_lines(session) if line.id == own_id), None)
    if found is None:
        raise NotFoundError("There is no such instrument.")
    return found


def _line(row: OwnInstrument, has_next: bool) -> OwnLine:
    return OwnLine(
        row.id,
        from_data(row.code, row.version, row.definition),
        row.revision,
        row.published_at is None,
        row.retired_at is not None,
        has_next,
    )
