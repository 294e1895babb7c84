"""Where and when the patients of the next days have confirmed, and what they have ticked."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.cli.demo.chance import stream
from scheduler.cli.demo.days import Calendar
from scheduler.models import Infusion, InfusionStatus, PreparationItem, PreparationTick

SOURCES = ("page", "page", "text", "calendar")
SHARE_TICKED = 0.6


def answer(session: Session, calendar: Calendar, seed: int) -> None:
    """Give each answer its place and time, before now; whoever answered on their page ticked there, too."""
    chance = stream(seed, "answers")
    items = list(session.scalars(select(PreparationItem.id).order_by(PreparationItem.id)))
    rows = session.scalars(select(Infusion).where(Infusion.confirmation != "none").order_by(Infusion.id))
    for row in rows.all():
        hours_before = timedelta(hours=chance.uniform(20, 70))
        at = min(row.starts_at - hours_before, calendar.now - timedelta(minutes=chance.randrange(5, 600)))
        row.confirmation_at = at.replace(microsecond=0)
        row.confirmation_source = chance.choice(SOURCES)
        if row.confirmation_source == "page" and row.status is InfusionStatus.SCHEDULED:
            session.add_all(
                PreparationTick(infusion_id=row.id, item_id=item, at=row.confirmation_at, source="patient")
                for item in items
                if chance.random() < SHARE_TICKED
            )
    session.flush()
