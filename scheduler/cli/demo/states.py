"""Where each visit stands at the instant the clinic is made for.

Every visit gets the instants at which its patient came, was seated (so that the visit began) and went
home; what of that lies in the past is recorded, with its history, as the desk and the nurse would have. So at
any hour some have gone home, some are in the chair, some wait, and the rest are to come.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from scheduler.cli.demo.chance import stream
from scheduler.cli.demo.days import Calendar
from scheduler.cli.demo.past import Hours, Past
from scheduler.cli.demo.staff import Staff
from scheduler.models import Course, Infusion, InfusionStatus

PREPARATION, FROM_INFUSION = timedelta(minutes=20), timedelta(minutes=100)
"""Of the presets' phases: before the infusion begins, and from there to the end of the visit."""
STOPPED = ("felt unwell", "blood pressure", "asked to stop")
SHARE_LATE, SHARE_STOPPED, SHARE_CONFIRMED = 0.07, 0.02, 0.7
GIVEN_UP_AFTER = timedelta(minutes=45)
ASKED_AHEAD = timedelta(days=3)


def settle(session: Session, calendar: Calendar, seed: int, staff: Staff) -> None:
    """Record what has happened to every visit by now, and close the courses that are through."""
    chance = stream(seed, "states")
    courses = session.scalars(
        select(Course).options(selectinload(Course.infusions)).order_by(Course.id)
    ).all()
    visits = [row for course in courses for row in course.infusions]
    no_show = _no_show(calendar, visits)
    past = Past(session, calendar.now, staff)
    for row in visits:
        hours, is_stopped = _went(chance, row), chance.random() < SHARE_STOPPED
        is_confirmed = chance.random() < SHARE_CONFIRMED
        if row.status is not InfusionStatus.SCHEDULED:
            continue
        if is_confirmed and row.starts_at < calendar.now + ASKED_AHEAD:
            row.confirmation = "confirmed"
        if row is no_show:
            past.missed(row, row.starts_at + GIVEN_UP_AFTER)
        else:
            past.went(row, hours, chance.choice(STOPPED) if is_stopped else None)
    past.write()


def _went(chance: Random, row: Infusion) -> Hours:
    """Most come a little early, a few late; a chair is never held past its end by more than some minutes."""
    if chance.random() < SHARE_LATE:
        came = row.starts_at + timedelta(minutes=chance.randrange(5, 12))
    else:
        came = row.starts_at - timedelta(minutes=chance.triangular(1, 22, 7))
    seated = max(came, row.starts_at) + timedelta(seconds=chance.randrange(0, 150))
    begun = seated + PREPARATION - timedelta(minutes=chance.uniform(0, 4))
    gone = begun + FROM_INFUSION - timedelta(minutes=chance.uniform(0, 6))
    return Hours(*(_whole(instant) for instant in (came, seated, gone)))


def _whole(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)


def _no_show(calendar: Calendar, visits: Sequence[Infusion]) -> Infusion | None:
    """One of today's visits, in the middle of its course, early in the day: nobody came for it."""
    today = [row for row in visits if row.local_day == calendar.today and _stands(row) and 1 < row.number < 6]
    ordered = sorted(today, key=lambda row: (row.starts_at, row.id))
    return ordered[1] if len(ordered) > 4 else None


def _stands(row: Infusion) -> bool:
    return row.status is InfusionStatus.SCHEDULED
