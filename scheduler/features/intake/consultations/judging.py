"""Which consultations to come hold as the capacity is now, and why the others do not.

A change of the settings is judged by it before it is saved and after; past the session's own memory, because
the rows in it may be older than the change.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from scheduler.features.capacity.ground import clinic_of, known_versions, without_breaks
from scheduler.features.capacity.queries import duty_stretches
from scheduler.features.intake.consultations.order import WAYS
from scheduler.features.intake.consultations.times import MINUTES
from scheduler.models import Consultation, ConsultationRequest, Duty, Site, User
from scheduler.planning import Bookings, Clinic, Opening, Presence, openings, to_wall

GONE = "The site is no longer in use."
SHUT = "The clinic is closed then."
Line = Row[Consultation, ConsultationRequest, Site, str]


@dataclass(frozen=True)
class Judged:
    """A consultation and why it does not hold (nothing: it does); `start` is local and naive."""

    id: int
    version: int
    request_id: int
    name: str
    clinician: str
    how: str
    site: str
    start: datetime
    next_step: str
    why: tuple[str, ...] = ()


def judged_talks(session: Session, at: datetime) -> dict[int, Judged]:
    """Every consultation after `at` that is still to be held, by its id, as the rows are now."""
    session.flush()
    with Session(session.connection(), autoflush=False) as own:
        rows = own.execute(
            select(Consultation, ConsultationRequest, Site, User.name)
            .join(ConsultationRequest, ConsultationRequest.id == Consultation.request_id)
            .join(Site, Site.id == Consultation.site_id)
            .join(User, User.id == Consultation.clinician_id)
            .where(Consultation.status == "scheduled", Consultation.starts_at > at)
            .order_by(Consultation.site_id, Consultation.starts_at, Consultation.id)
        ).all()
        found: dict[int, Judged] = {}
        for site, lines in groupby(rows, key=lambda row: row.Site):
            found.update(_at_site(own, site, list(lines)))
        return found


def _at_site(session: Session, site: Site, rows: Sequence[Line]) -> dict[int, Judged]:
    if site.archived_at is not None:
        return {row.Consultation.id: _judged(row, GONE) for row in rows}
    first, last = rows[0].Consultation.local_day, rows[-1].Consultation.local_day
    there = _presence(session, site, first, last)
    clinic = clinic_of(session, [site], known_versions(session), first, last)
    free = set(
        openings(
            replace(clinic, clinician_presence=there), Bookings.none(), str(site.id), MINUTES, (first, last)
        )
    )
    return {
        row.Consultation.id: _judged(row, "" if wanted in free else _why(row, wanted, there, clinic))
        for row, wanted in ((row, _wanted(row)) for row in rows)
    }


def _presence(session: Session, site: Site, first: date, last: date) -> tuple[Presence, ...]:
    """Where clinicians are on duty, breaks taken off, and what they have booked left in."""
    return tuple(
        Presence(str(site.id), each.day, start, end, str(each.user_id))
        for each in duty_stretches(session, [site.id], first, last)
        if each.duty is Duty.CLINICIAN
        for start, end in without_breaks(each.from_minute, each.to_minute, each.breaks)
    )


def _wanted(row: Line) -> Opening:
    wall = to_wall(ZoneInfo(row.Site.tz), row.Consultation.starts_at)
    return Opening(wall.date(), wall.hour * 60 + wall.minute, str(row.Consultation.clinician_id))


def _why(row: Line, wanted: Opening, there: Sequence[Presence], clinic: Clinic) -> str:
    is_there = any(
        (each.day, each.clinician) == (wanted.day, wanted.clinician)
        and each.start <= wanted.minute
        and wanted.minute + MINUTES <= each.end
        for each in there
    )
    return _shut(row, clinic) if is_there else f"{row.name} is not there then."


def _shut(row: Line, clinic: Clinic) -> str:
    """That the clinic is closed, with the reason where a closure or a holiday gives one."""
    start = to_wall(ZoneInfo(row.Site.tz), row.Consultation.starts_at)
    end = start + timedelta(minutes=MINUTES)
    (site,) = clinic.sites
    for each in clinic.closures:
        if each.touches(site, None) and each.start < end and each.end > start and each.reason:
            return f"The clinic is closed ({each.reason})."
    return SHUT


def _judged(row: Line, why: str) -> Judged:
    talk = row.Consultation
    return Judged(
        id=talk.id,
        version=talk.version,
        request_id=talk.request_id,
        name=row.ConsultationRequest.name,
        clinician=row.name,
        how=WAYS[talk.way],
        site=row.Site.name,
        start=to_wall(ZoneInfo(row.Site.tz), talk.starts_at),
        next_step=row.ConsultationRequest.next_step,
        why=(why,) if why else (),
    )
