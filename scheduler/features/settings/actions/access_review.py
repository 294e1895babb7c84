"""An administrator has gone through who may do what."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.audit.actions import record
from scheduler.models import AccessReview, User


def mark_reviewed(session: Session, actor: Actor, at: datetime) -> None:
    """Note who went through all open accounts, when, and how many there were."""
    people = session.scalar(select(func.count()).select_from(User).where(User.disabled_at.is_(None))) or 0
    review = AccessReview(reviewed_at=at, reviewed_by_id=actor.user_id, people=people)
    session.add(review)
    session.flush()
    record(session, actor, at, "access.reviewed", "access_review", review.id, people=people)
