"""Whether anything that the board shows has changed.

Every open board asks every few seconds, so the answer must be small: which visits stand in the days shown
and how often they were moved, how many changes their courses went through (the dots show the whole
course), whose they are and how often those records were edited, and the stamp of the capacity. Numbers are
multiplied in so that one visit that leaves and another that comes do not look like nothing. Changes
are counted rather than compared by their number, because a number may be given out before another and
be committed after it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.features.desk.queries.visits import midnight
from scheduler.models import CapacityStamp, CourseChange, Infusion, InfusionChange, Patient, Site

KINDS = {
    "booked": "booked",
    "moved": "moved",
    "arrived": "checked in",
    "started": "begun",
    "completed": "completed",
    "stopped": "stopped early",
    "missed": "marked as missed",
    "cancelled": "cancelled",
    "held_back": "held back",
    "corrected": "corrected",
    "expected": "expected later",
    "undone": "changed back",
    "confirmed": "confirmed",
    "change_asked": "marked as wanting another time",
}
MOST = 3


@dataclass(frozen=True)
class News:
    """One change that somebody made since the board was last drawn; `at` is local to the site."""

    at: datetime
    who: str
    patient: str
    deed: str


def stamp_of(session: Session, site: Site, first: date, last: date, minute: str) -> str:
    """The stamp of the days `first` to `last`, both included; `minute` is the moment drawn."""
    changes = (
        select(func.count())
        .select_from(CourseChange)
        .where(CourseChange.course_id == Infusion.course_id)
        .scalar_subquery()
    )
    capacity = select(CapacityStamp.version).scalar_subquery()
    parts = session.execute(
        select(
            func.count(),
            func.sum(Infusion.id * Infusion.schedule_version),
            func.sum(changes),
            func.sum(Patient.id * Patient.version),
            capacity,
        )
        .join(Patient, Patient.id == Infusion.patient_id)
        .where(
            Infusion.site_id == site.id,
            Infusion.starts_at >= midnight(site.tz, first),
            Infusion.starts_at < midnight(site.tz, last + timedelta(days=1)),
        )
    ).one()
    return "-".join(str(part or 0) for part in (*parts, minute))


def newest_change(session: Session) -> int:
    """The number of the newest change there is, 0 for none."""
    return session.scalar(select(func.max(CourseChange.id))) or 0


def news_since(session: Session, site: Site, first: date, last: date, since: int) -> list[News]:
    """The newest few changes after number `since` of visits that stand in these days, or stood in them."""
    zone = midnight(site.tz, first).tzinfo
    rows = session.execute(
        select(
            CourseChange.at,
            CourseChange.actor,
            CourseChange.kind,
            Patient.given_name,
            Patient.family_name,
            Infusion.local_day,
            InfusionChange.before,
        )
        .join(InfusionChange, InfusionChange.change_id == CourseChange.id)
        .join(Infusion, Infusion.id == InfusionChange.infusion_id)
        .join(Patient, Patient.id == Infusion.patient_id)
        .where(CourseChange.id > since, Infusion.site_id == site.id)
        .order_by(CourseChange.id.desc(), InfusionChange.id)
        .limit(50)
    ).all()
    days = (first.isoformat(), last.isoformat())
    found = [
        News(
            row.at.astimezone(zone),
            row.actor,
            f"{row.given_name[:1]}. {row.family_name}",
            KINDS.get(row.kind, "changed"),
        )
        for row in rows
        if first <= row.local_day <= last
        or days[0] <= str((row.before or {}).get("local_day", "")) <= days[1]
    ]
    return list(dict.fromkeys(found))[:MOST]
