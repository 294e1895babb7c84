"""Reading the list of a visit, and what is ticked on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from scheduler.models import Course, Infusion, PreparationItem, PreparationTick, ProtocolVersion


@dataclass(frozen=True)
class Ready:
    """One item of a visit's list; `at` and `source` (desk, patient) where it is ticked, else None."""

    item_id: int
    label: str
    words: Mapping[str, str]
    at: datetime | None
    source: str | None


def list_of(session: Session, infusion_id: int) -> tuple[Ready, ...]:
    """The list of one visit, in the order of the clinic's own."""
    protocol = session.scalar(
        select(ProtocolVersion.protocol_id)
        .join(Course, Course.protocol_version_id == ProtocolVersion.id)
        .join(Infusion, Infusion.course_id == Course.id)
        .where(Infusion.id == infusion_id)
    )
    return lists_of(session, {infusion_id: protocol or 0})[infusion_id]


def lists_of(session: Session, protocols: Mapping[int, int]) -> dict[int, tuple[Ready, ...]]:
    """The list of each visit in one query; `protocols` gives the protocol of each visit by its id."""
    rows = session.execute(
        select(PreparationItem, PreparationTick)
        .outerjoin(
            PreparationTick,
            and_(
                PreparationTick.item_id == PreparationItem.id,
                PreparationTick.infusion_id.in_(list(protocols)),
            ),
        )
        .where(PreparationItem.archived_at.is_(None))
        .order_by(PreparationItem.position, PreparationItem.id)
    ).all()
    items = {item.id: item for item, _ in rows}
    ticks = {(tick.infusion_id, item.id): tick for item, tick in rows if tick is not None}
    return {
        visit: tuple(
            _ready(item, ticks.get((visit, item.id)))
            for item in items.values()
            if item.protocol_id in (None, protocol)
        )
        for visit, protocol in protocols.items()
    }


def _ready(item: PreparationItem, tick: PreparationTick | None) -> Ready:
    return Ready(item.id, item.label, item.words, tick.at if tick else None, tick.source if tick else None)
