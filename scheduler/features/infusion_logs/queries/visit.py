"""The visit that a log belongs to, and what must be in sight while it is charted."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.models import (
    Chair,
    Course,
    Infusion,
    InfusionLog,
    InfusionStatus,
    Patient,
    PatientCaution,
    ProtocolPhase,
    ProtocolVersion,
    Site,
    User,
)

GONE = frozenset({InfusionStatus.MISSED, InfusionStatus.CANCELLED})


@dataclass(frozen=True)
class Caution:
    """An allergy, that there is none, or an interpreter's language."""

    id: int
    kind: str
    words: str
    noted_at: datetime
    by: str


@dataclass(frozen=True)
class ChartVisit:
    """Who is in the chair, where and when; `takes_place` is False where nothing can be charted."""

    infusion_id: int
    course_id: int
    patient_id: int
    patient: str
    birth_date: date
    number: int
    chair: str
    site: str
    site_id: int
    protocol_id: int
    tz: str
    pounds: bool
    day: date
    starts_at: datetime
    takes_place: bool
    status: InfusionStatus
    infusion_minutes: int
    recovery_minutes: int


def visit_of(
    session: Session, infusion_id: int, now: datetime
) -> tuple[ChartVisit, Infusion, InfusionLog | None]:
    """The visit, its row, and its log if one was begun. Raises NotFoundError."""
    found = session.execute(
        select(Infusion, Patient, Site, Course, ProtocolVersion, Chair.name, InfusionLog)
        .join(Patient, Patient.id == Infusion.patient_id)
        .join(Site, Site.id == Infusion.site_id)
        .join(Course, Course.id == Infusion.course_id)
        .join(ProtocolVersion, ProtocolVersion.id == Course.protocol_version_id)
        .outerjoin(Chair, Chair.id == Infusion.chair_id)
        .outerjoin(InfusionLog, InfusionLog.infusion_id == Infusion.id)
        .where(Infusion.id == infusion_id)
    ).one_or_none()
    if found is None:
        raise NotFoundError("There is no such visit. Find the patient, and open it from there.")
    visit, patient, site, course, version, chair, log = found
    infusion, recovery = _minutes(version.phases)
    today = now.astimezone(ZoneInfo(site.tz)).date()
    facts = ChartVisit(
        infusion_id=visit.id,
        course_id=course.id,
        patient_id=patient.id,
        patient=patient.name,
        birth_date=patient.birth_date,
        number=visit.number,
        chair=chair or "No chair on record",
        site=site.name,
        site_id=site.id,
        protocol_id=version.protocol_id,
        tz=site.tz,
        pounds=site.weight_unit == "lb",
        day=visit.local_day,
        starts_at=visit.starts_at,
        takes_place=visit.status not in GONE and visit.local_day <= today,
        status=visit.status,
        infusion_minutes=infusion,
        recovery_minutes=recovery,
    )
    return facts, visit, log


def cautions_of(session: Session, patient_id: int) -> list[Caution]:
    """What stands, allergies first."""
    rows = session.execute(
        select(PatientCaution, func.coalesce(User.name, "Sixfold"))
        .outerjoin(User, User.id == PatientCaution.noted_by_id)
        .where(PatientCaution.patient_id == patient_id, PatientCaution.struck_at.is_(None))
        .order_by(PatientCaution.kind, PatientCaution.id)
    )
    return [Caution(row.id, row.kind, row.words, row.noted_at, by) for row, by in rows]


def _minutes(phases: list[ProtocolPhase]) -> tuple[int, int]:
    """Minutes planned for the infusion itself (the phase that needs a clinician) and for all after it."""
    at = next(
        (place for place, phase in enumerate(phases) if phase.clinician_present), min(1, len(phases) - 1)
    )
    return phases[at].minutes, sum(phase.minutes for phase in phases[at + 1 :])
