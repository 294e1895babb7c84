"""What races share: the day they are about, the form of the booking page, and whether chairs overlap."""

from datetime import datetime, timedelta
from itertools import pairwise

from holidays import country_holidays
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.models import Infusion, Patient
from tests.support.clinic import SmallClinic

COUNTRY = "NL"
"""Where the sites of the races lie."""
LONGEST = 28
"""Days in which a course of a race has ended."""


def next_monday() -> datetime:
    """A Monday two weeks ahead or more, one in the afternoon at the site, no public holiday in its weeks."""
    day = clock.now().replace(tzinfo=None, hour=13, minute=0, second=0, microsecond=0) + timedelta(days=14)
    monday, closed = day + timedelta(days=-day.weekday() % 7), country_holidays(COUNTRY)
    while any(monday.date() + timedelta(days=number) in closed for number in range(LONGEST)):
        monday += timedelta(days=7)
    return monday


def form_of(token: str, clinic: SmallClinic, patient: Patient, dates: str, key: str) -> dict[str, object]:
    """What the build page sends."""
    start = next_monday().date()
    return {
        "csrf_token": token,
        "key": key,
        "patient": patient.id,
        "protocol": clinic.protocol_version.id,
        "from": start.isoformat(),
        "until": (start + timedelta(days=7)).isoformat(),
        "can": [f"{day}{half}" for day in range(7) for half in "ap"],
        "site": clinic.site.id,
        "proposal": "p1",
        "set-p1": dates,
    }


def no_overlap(session: Session) -> bool:
    """Whether no two standing visits share a chair."""
    rows = session.execute(
        select(Infusion.chair_id, Infusion.starts_at, Infusion.chair_until)
        .where(Infusion.status.not_in(["missed", "cancelled"]))
        .order_by(Infusion.chair_id, Infusion.starts_at)
    ).all()
    return all(a.chair_id != b.chair_id or a.chair_until <= b.starts_at for a, b in pairwise(rows))
