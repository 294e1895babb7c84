"""Which booked visits hold, and which no longer would.

Every visit of today and later is judged as if it were booked again, once before a change and once after
it, inside the one transaction that makes the change. What held before and does not after is the effect.
All is read past the session's own memory, because the rows in it may be older than the change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import groupby
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from scheduler.features.capacity.ground import clinic_of, known_versions, type_name
from scheduler.features.capacity.queries import sites
from scheduler.features.courses.bending import bent_chair_type
from scheduler.features.courses.words import fault_words
from scheduler.features.intake.consultations.judging import Judged
from scheduler.models import Chair, Course, Infusion, InfusionStatus, Patient, ProtocolVersion, Site
from scheduler.planning import Bookings, standing_faults, to_wall

FREED = (InfusionStatus.MISSED, InfusionStatus.CANCELLED)
OPEN = frozenset({InfusionStatus.SCHEDULED, InfusionStatus.ARRIVED, InfusionStatus.IN_PROGRESS})
Line = Row[Infusion, Course, Site, Chair, Patient]
BEFORE = timedelta(days=2)  # All of today belongs to the nurses' load, whatever the zone.
GONE = "The site is no longer in use."


@dataclass(frozen=True)
class Effect:
    """A visit and why it does not hold (nothing: it does); `start` is local and naive."""

    infusion_id: int
    schedule_version: int
    course_id: int
    patient_id: int
    patient: str
    record_number: str
    number: int
    site_id: int
    site: str
    chair: str
    start: datetime
    running: bool
    why: tuple[str, ...] = ()


Standing = TypeVar("Standing", Effect, Judged)


def judged(session: Session, at: datetime) -> dict[int, Effect]:
    """Every open visit that is not over at `at`, by its id, as the rows of this transaction are now."""
    session.flush()
    with Session(session.connection(), autoflush=False) as own:
        versions = {version.id: version for version in known_versions(own)}
        found: dict[int, Effect] = {}
        for tz, rows in groupby(_rows(own, at), key=lambda row: row.Site.tz):
            found.update(_of_zone(own, ZoneInfo(tz), list(rows), versions, at))
        return found


def broken_by(before: Mapping[int, Standing], after: Mapping[int, Standing]) -> list[Standing]:
    """What held before and does not after, in the order of the times."""
    lost = [(each.start, key, each) for key, each in after.items() if each.why and not before[key].why]
    return [each for _, _, each in sorted(lost, key=lambda line: line[:2])]


def fingerprint(visits: Sequence[Effect], talks: Sequence[Judged]) -> str:
    """What a person agreed to: exactly these visits and consultations, as they stood."""
    parts = [f"{each.infusion_id}.{each.schedule_version}" for each in visits]
    parts += [f"talk {each.id}.{each.version}" for each in talks]
    return sha256(",".join(parts).encode()).hexdigest()[:32]


def _rows(session: Session, at: datetime) -> Sequence[Line]:
    return session.execute(
        select(Infusion, Course, Site, Chair, Patient)
        .join(Course, Course.id == Infusion.course_id)
        .join(Site, Site.id == Infusion.site_id)
        .join(Chair, Chair.id == Infusion.chair_id)
        .join(Patient, Patient.id == Infusion.patient_id)
        .where(Infusion.starts_at >= at - BEFORE, Infusion.status.not_in(FREED))
        .order_by(Site.tz, Infusion.starts_at, Infusion.id)
    ).all()


def _of_zone(
    session: Session,
    zone: ZoneInfo,
    rows: Sequence[Line],
    versions: dict[int, ProtocolVersion],
    at: datetime,
) -> dict[int, Effect]:
    places = [site for site in sites(session) if site.tz == zone.key]
    used = {site.id for site in places}
    here = [row for row in rows if row.Site.id in used]
    said: dict[int, tuple[str, ...]] = {row.Infusion.id: (GONE,) for row in rows if row.Site.id not in used}
    if here:
        said.update(_faults(session, zone, places, here, versions))
    return {
        row.Infusion.id: _effect(row, zone, said[row.Infusion.id])
        for row in rows
        if row.Infusion.status in OPEN and row.Infusion.ends_at > at
    }


def _faults(
    session: Session,
    zone: ZoneInfo,
    places: Sequence[Site],
    rows: Sequence[Line],
    versions: dict[int, ProtocolVersion],
) -> dict[int, tuple[str, ...]]:
    """Why each visit does not hold, in words, by its id."""
    starts = [to_wall(zone, row.Infusion.starts_at) for row in rows]
    clinic = clinic_of(session, places, versions.values(), starts[0].date(), starts[-1].date())
    standing: list[tuple[str, str, date, int, str]] = [
        (
            str(row.Infusion.site_id),
            str(row.Infusion.chair_id),
            start.date(),
            start.hour * 60 + start.minute,
            type_name(row.Course.protocol_version_id),
        )
        for row, start in zip(rows, starts, strict=True)
    ]
    found = {}
    for row, faults in zip(rows, standing_faults(clinic, Bookings.of(clinic, standing)), strict=True):
        words = [fault_words(fault, row.Chair.name) for fault in faults]
        wanted = bent_chair_type(versions[row.Course.protocol_version_id], row.Course.bend or "")
        if wanted not in (None, row.Chair.chair_type):
            words.append(f"{row.Chair.name} is not of the kind that the course asks for.")
        found[row.Infusion.id] = tuple(dict.fromkeys(words))
    return found


def _effect(row: Line, zone: ZoneInfo, why: tuple[str, ...]) -> Effect:
    visit = row.Infusion
    return Effect(
        infusion_id=visit.id,
        schedule_version=visit.schedule_version,
        course_id=visit.course_id,
        patient_id=visit.patient_id,
        patient=row.Patient.name,
        record_number=row.Patient.record_number,
        number=visit.number,
        site_id=visit.site_id,
        site=row.Site.name,
        chair=row.Chair.name,
        start=to_wall(zone, visit.starts_at),
        running=visit.status is InfusionStatus.IN_PROGRESS,
        why=why,
    )
