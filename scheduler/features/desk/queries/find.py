"""What the command palette can do for somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.models import Infusion, InfusionStatus, Site


@dataclass(frozen=True)
class NextVisit:
    """A visit to come: its number and its start, aware, at its site."""

    infusion_id: int
    number: int
    starts_at: datetime


def next_visits(session: Session, patient_ids: Sequence[int], now: datetime) -> dict[int, NextVisit]:
    """The next scheduled visit of each of these patients, for those who have one."""
    rows = session.execute(
        select(Infusion.patient_id, Infusion.id, Infusion.number, Infusion.starts_at, Site.tz)
        .join(Site, Site.id == Infusion.site_id)
        .where(
            Infusion.patient_id.in_(patient_ids),
            Infusion.status == InfusionStatus.SCHEDULED,
            Infusion.starts_at > now,
        )
        .order_by(Infusion.patient_id, Infusion.starts_at.desc(), Infusion.id)
    )
    return {
        patient: NextVisit(visit, number, starts_at.astimezone(ZoneInfo(tz)))
        for patient, visit, number, starts_at, tz in rows
    }
