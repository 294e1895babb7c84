"""What waits for the front desk: what patients answered, what did not reach them, who has not confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from scheduler.db import Instant
from scheduler.features.capacity.queries.closed import opens_on
from scheduler.features.outbox.actions.let_be import STUCK
from scheduler.features.outbox.queries.lines import MessageLine, base, lines
from scheduler.features.tasks.queries import TaskLine, answers_count, task_lines
from scheduler.models import (
    Course,
    CourseStatus,
    Infusion,
    InfusionStatus,
    Message,
    Patient,
    Site,
)

LOOK_AHEAD = 7
KEPT = timedelta(days=30)
"""A message without a visit of its own (a confirmation) is of interest for so long."""


@dataclass(frozen=True)
class ToConfirm:
    """A visit that nobody has confirmed; `starts` is local to the site."""

    infusion_id: int
    version: int
    number: int
    starts: datetime
    patient_id: int
    patient: str
    phone: str | None


@dataclass(frozen=True)
class Inbox:
    """All that waits at a site. `next_day` is the next day on which it opens; `later` is put off."""

    today: date
    next_day: date
    tasks: Sequence[TaskLine]
    later: Sequence[TaskLine]
    messages: Sequence[MessageLine]
    visits: Sequence[ToConfirm]


def inbox(session: Session, site: Site, now: datetime) -> Inbox:
    """Read it as it is at `now`."""
    today = now.astimezone(ZoneInfo(site.tz)).date()
    tasks = task_lines(session, site.id, answers=True)
    later = [line for line in tasks if line.task.later_until and line.task.later_until > today]
    day = next_open_day(session, site, today)
    return Inbox(
        today,
        day,
        [line for line in tasks if line not in later],
        later,
        lines(
            session,
            base().where(*_stuck(literal(site.id), literal(now, Instant), literal(now - KEPT, Instant))),
        ),
        _unconfirmed(session, site, day, now),
    )


def count_inbox(session: Session, site: Site, now: datetime) -> int:
    """What came in and waits; visits to confirm are every day's work and not counted."""
    today = now.astimezone(ZoneInfo(site.tz)).date()
    counts = inbox_counts(
        literal(site.id), literal(today), literal(now, Instant), literal(now - KEPT, Instant)
    )
    return sum(session.execute(select(*counts)).one())


def inbox_counts(
    site_id: ColumnElement[int],
    today: ColumnElement[date],
    now: ColumnElement[datetime],
    since: ColumnElement[datetime],
) -> tuple[ScalarSelect[int], ScalarSelect[int]]:
    """Select how many answers wait at a site on its `today`, and how many messages did not go out.

    Messages about no visit matter from `since` on.
    """
    stuck = (
        select(func.count(Message.id))
        .outerjoin(Patient, Patient.id == Message.patient_id)
        .outerjoin(Infusion, Infusion.id == Message.infusion_id)
        .outerjoin(Course, Course.id == Message.course_id)
        .where(*_stuck(site_id, now, since))
    )
    return answers_count(site_id, today).scalar_subquery(), stuck.scalar_subquery()


def count_unconfirmed(session: Session, site: Site, now: datetime) -> int:
    """How many visits of the next open day nobody has confirmed."""
    today = now.astimezone(ZoneInfo(site.tz)).date()
    return len(_unconfirmed(session, site, next_open_day(session, site, today), now))


def next_open_day(session: Session, site: Site, today: date) -> date:
    """The first day after `today` on which the site opens; tomorrow where it opens on none for a week."""
    ahead = [today + timedelta(days=days) for days in range(1, LOOK_AHEAD + 1)]
    return next((day for day in ahead if opens_on(session, site, day)), ahead[0])


def _stuck(
    site_id: ColumnElement[int], now: ColumnElement[datetime], since: ColumnElement[datetime]
) -> tuple[ColumnElement[bool], ...]:
    """Messages to patients that failed, or may have arrived, as long as it matters."""
    matters = or_(Infusion.starts_at > now, and_(Message.infusion_id.is_(None), Message.created_at > since))
    here: Any = func.coalesce(Infusion.site_id, Course.site_id, Patient.site_id) == site_id
    return Message.status.in_(STUCK), Message.patient_id.is_not(None), here, matters


def _unconfirmed(session: Session, site: Site, day: date, now: datetime) -> list[ToConfirm]:
    zone = ZoneInfo(site.tz)
    rows = session.execute(
        select(Infusion, Patient)
        .join(Patient, Patient.id == Infusion.patient_id)
        .join(Course, Course.id == Infusion.course_id)
        .where(
            Infusion.site_id == site.id,
            Infusion.local_day == day,
            Infusion.starts_at > now,
            Infusion.status == InfusionStatus.SCHEDULED,
            Infusion.confirmation == "none",
            Course.status == CourseStatus.ACTIVE,
        )
        .order_by(Infusion.starts_at, Infusion.id)
    ).all()
    return [
        ToConfirm(
            visit.id,
            visit.schedule_version,
            visit.number,
            visit.starts_at.astimezone(zone),
            person.id,
            person.name,
            person.phone,
        )
        for visit, person in rows
    ]
