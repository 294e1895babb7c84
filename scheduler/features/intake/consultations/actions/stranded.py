"""Consultations whose clinician is not there any more: duty was changed, or the site shuts then.

Each becomes the next step of its request, due today, so that somebody calls the person before they come.
Where the clinician is back, the consultation is what is next again.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.audit.actions import record
from scheduler.features.capacity.ground import clinic_of, known_versions, without_breaks
from scheduler.features.capacity.queries import duty_stretches
from scheduler.features.intake.consultations.actions.change import HOLD
from scheduler.features.intake.consultations.times import MINUTES
from scheduler.features.intake.steps import local_day, locked_request, note_event, set_next
from scheduler.models import Consultation, Duty, Site
from scheduler.planning import Bookings, Opening, Presence, openings, to_wall

LOST = "The clinician is not there then: move the consultation"


def note_stranded(session: Session, actor: Actor, at: datetime) -> int:
    """Look at every consultation to come as the capacity is now, in the transaction that changed it.

    Gives how many have lost their clinician by it.
    """
    session.flush()
    with Session(session.connection(), autoflush=False) as own:  # Past rows that the session still holds.
        rows = _to_come(own, at)
        lost = {row.id for row in rows if not _holds(own, row)}
    count = 0
    for row in rows:
        request = locked_request(session, row.request_id)
        if row.id in lost and request.next_step != LOST:
            set_next(session, actor, at, request, LOST, local_day(session, row.site_id, at))
            note_event(session, actor, at, request, "clinician_away", starts_at=row.starts_at.isoformat())
            record(session, actor, at, "consultation.stranded", "consultation", row.id, request.patient_id)
            count += 1
        elif row.id not in lost and request.next_step == LOST:
            set_next(session, actor, at, request, HOLD, row.local_day)
    return count


def _to_come(session: Session, at: datetime) -> Sequence[Consultation]:
    return session.scalars(
        select(Consultation)
        .where(Consultation.status == "scheduled", Consultation.starts_at > at)
        .order_by(Consultation.starts_at, Consultation.id)
    ).all()


def _holds(session: Session, row: Consultation) -> bool:
    """Whether the site is open then and the clinician on duty there, with no break."""
    site, day = session.get_one(Site, row.site_id), row.local_day
    if site.archived_at is not None:
        return False
    presence = tuple(
        Presence(str(site.id), day, start, end, str(each.user_id))
        for each in duty_stretches(session, [site.id], day, day)
        if each.duty is Duty.CLINICIAN and each.user_id == row.clinician_id
        for start, end in without_breaks(each.from_minute, each.to_minute, each.breaks)
    )
    clinic = replace(
        clinic_of(session, [site], known_versions(session), day, day), clinician_presence=presence
    )
    wall = to_wall(ZoneInfo(site.tz), row.starts_at)
    wanted = Opening(day, wall.hour * 60 + wall.minute, str(row.clinician_id))
    return wanted in openings(clinic, Bookings.none(), str(site.id), MINUTES, (day, day))
