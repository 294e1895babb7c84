"""Somebody leaves: from a day on, nobody counts on them."""

from datetime import date, datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db.locks import lock_capacity
from scheduler.features.audit.actions import record
from scheduler.models import DutyException, DutyPattern


def end_duty(session: Session, actor: Actor, at: datetime, user_id: int, first_day_off: date) -> int:
    """End the person's weeks and forget their single days from `first_day_off` on; give how many rows ended.

    What they were there for before that day stays as it was.
    """
    lock_capacity(session)
    rows = session.scalars(
        select(DutyPattern)
        .where(
            DutyPattern.user_id == user_id,
            or_(DutyPattern.valid_until.is_(None), DutyPattern.valid_until >= first_day_off),
        )
        .order_by(DutyPattern.id)
    ).all()
    for row in rows:
        if row.valid_from >= first_day_off:
            session.delete(row)
        else:
            row.valid_until = first_day_off - timedelta(days=1)
    days = session.execute(
        delete(DutyException)
        .where(DutyException.user_id == user_id, DutyException.day >= first_day_off)
        .returning(DutyException.id)
    ).all()
    session.flush()
    if rows or days:
        since = first_day_off.isoformat()
        record(
            session, actor, at, "duty.ended", "user", user_id, since=since, weeks=len(rows), days=len(days)
        )
    return len(rows) + len(days)
