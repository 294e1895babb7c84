"""Records that were merged, and what stands in the way of a merge."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from scheduler.models import Course, CourseStatus, Infusion, InfusionStatus, Patient, Site

GOING_ON = (CourseStatus.ACTIVE, CourseStatus.ON_HOLD)
FREED = (InfusionStatus.MISSED, InfusionStatus.CANCELLED)


def absorbed(session: Session, patient_id: int) -> list[Patient]:
    """The records that were merged into this one, at first hand or by way of another, by id."""
    found: dict[int, Patient] = {}
    asked: Sequence[int] = [patient_id]
    while asked:
        rows = session.scalars(
            select(Patient).where(Patient.merged_into_id.in_(asked)).order_by(Patient.id)
        ).all()
        asked = [row.id for row in rows if row.id not in found]
        found |= {row.id: row for row in rows}
    return [found[each] for each in sorted(found)]


def obstacles(session: Session, kept: Patient, other: Patient) -> list[str]:
    """Why `other` can't be merged into `kept`, each with what to do first; empty where it can."""
    if kept.id == other.id:
        return ["These are the same record. Choose another one."]
    found = [
        f"{record.record_number} was merged into another record already. Open that one."
        for record in (kept, other)
        if record.merged_into_id is not None
    ]
    if kept.archived_at and kept.merged_into_id is None and not other.archived_at:
        found.append(
            f"{kept.record_number} is archived. Keep the other record instead, or take this one back first."
        )
    if all(goes_on(session, record.id) for record in (kept, other)):
        found.append(
            "Both have a course that goes on. End one of them early, or finish it, and merge them then: "
            "a patient has one course at a time."
        )
    return found + _overlaps(session, kept.id, other.id)


def goes_on(session: Session, patient_id: int) -> bool:
    """Whether the patient has a course under way or on hold."""
    count = select(func.count()).select_from(Course)
    return bool(session.scalar(count.where(Course.patient_id == patient_id, Course.status.in_(GOING_ON))))


def _overlaps(session: Session, one: int, other: int) -> list[str]:
    """Nobody sits in two chairs at once: the database would refuse it."""
    a, b = aliased(Infusion), aliased(Infusion)
    row = session.execute(
        select(a.starts_at, Site.tz)
        .join(Site, Site.id == a.site_id)
        .join(b, (b.starts_at < a.ends_at) & (b.ends_at > a.starts_at))
        .where(a.patient_id == one, b.patient_id == other, a.status.not_in(FREED), b.status.not_in(FREED))
        .order_by(a.starts_at)
        .limit(1)
    ).one_or_none()
    if row is None:
        return []
    start = row.starts_at.astimezone(ZoneInfo(row.tz))
    when = f"{start.day} {start:%b %Y} at {start:%H:%M}"
    first = "Cancel or correct one of them first, or look again whether this is one person."
    return [f"Both have a visit on {when}. {first}"]
