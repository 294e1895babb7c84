"""Reading the list of a visit, and what is ticked on it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
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


def items_of_protocol(session: Session, protocol_id: int) -> Sequence[PreparationItem]:
    """What stands on the list of every visit of a protocol, in order."""
    return session.scalars(
        select(PreparationItem)
        .where(
            PreparationItem.archived_at.is_(None),
            or_(PreparationItem.protocol_id.is_(None), PreparationItem.protocol_id == protocol_id),
        )
        .order_by(PreparationItem.position, PreparationItem.id)
    ).all()


def lists_of(session: Session, infusion_ids: Collection[int]) -> dict[int, tuple[Ready, ...]]:
    """The list of each visit, in the order of the clinic's own."""
    rows = session.execute(
        select(Infusion.id, ProtocolVersion.protocol_id)
        .join(Course, Course.id == Infusion.course_id)
        .join(ProtocolVersion, ProtocolVersion.id == Course.protocol_version_id)
        .where(Infusion.id.in_(infusion_ids))
    ).all()
    protocols: dict[int, int] = {row.id: row.protocol_id for row in rows}
    items = {each: items_of_protocol(session, each) for each in sorted(set(protocols.values()))}
    ticks = {
        (tick.infusion_id, tick.item_id): tick
        for tick in session.scalars(
            select(PreparationTick).where(PreparationTick.infusion_id.in_(infusion_ids))
        )
    }
    return {
        visit: tuple(_ready(item, ticks.get((visit, item.id))) for item in items[protocol])
        for visit, protocol in protocols.items()
    }


def _ready(item: PreparationItem, tick: PreparationTick | None) -> Ready:
    return Ready(item.id, item.label, item.words, tick.at if tick else None, tick.source if tick else None)
