"""One patient with contact, wishes, courses and what was done lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, selectinload

from scheduler.errors import NotFoundError
from scheduler.features.desk import words
from scheduler.features.desk.dots import completed
from scheduler.features.desk.queries.visits import six_of_courses
from scheduler.features.patients.queries import absorbed
from scheduler.models import (
    Chair,
    Course,
    Infusion,
    InfusionStatus,
    Patient,
    Protocol,
    ProtocolVersion,
    Site,
)

LANGUAGES = {"en": "English", "es": "Spanish"}


@dataclass(frozen=True)
class CourseLine:
    """One course in the list: its dots, its protocol, its days."""

    course_id: int
    protocol: str
    status: str
    six: list[str]
    completed: int
    period: str
    site: str


@dataclass(frozen=True)
class NextVisit:
    """The next visit of any course; `starts_at` and `ends_at` local to `site`."""

    infusion_id: int
    course_id: int
    number: int
    starts_at: datetime
    ends_at: datetime
    chair: str
    site: str
    away: str


@dataclass(frozen=True)
class Absorbed:
    """A record that was merged into this one; when (local) and by whom. `can_undo`: at first hand."""

    patient_id: int
    name: str
    record_number: str
    by: str
    at: datetime
    can_undo: bool


@dataclass(frozen=True)
class PatientPage:
    """A patient as the page shows them. `blackouts` are those not over yet."""

    patient_id: int
    name: str
    birth_date: date
    age: int
    record_number: str
    phone: str | None
    email: str | None
    language: str
    time_zone: str | None
    guardian_name: str
    site: str
    country: str
    tz: str
    created_at: datetime
    archived_at: datetime | None
    merged_into_id: int | None
    absorbed: list[Absorbed]
    availability: list[str]
    blackouts: list[str]
    courses: list[CourseLine]
    next_visit: NextVisit | None
    today: date


def patient_page(session: Session, patient_id: int, now: datetime) -> PatientPage:
    """The page of one patient. Raises NotFoundError."""
    patient = session.scalar(
        select(Patient)
        .options(selectinload(Patient.windows), selectinload(Patient.blackouts))
        .where(Patient.id == patient_id)
    )
    if patient is None:
        raise NotFoundError(
            "There is no such patient. Find them by name, birth date, phone or record number."
        )
    site = session.scalars(select(Site).where(Site.id == patient.site_id)).one()
    zone = ZoneInfo(site.tz)
    today = now.astimezone(zone).date()
    return PatientPage(
        patient_id=patient.id,
        name=patient.name,
        birth_date=patient.birth_date,
        age=_age(patient.birth_date, today),
        record_number=patient.record_number,
        phone=patient.phone,
        email=patient.email,
        language=LANGUAGES[patient.language],
        time_zone=patient.time_zone,
        guardian_name=patient.guardian_name,
        site=site.name,
        country=site.country,
        tz=site.tz,
        created_at=patient.created_at.astimezone(zone),
        archived_at=patient.archived_at.astimezone(zone) if patient.archived_at else None,
        merged_into_id=patient.merged_into_id,
        absorbed=_absorbed(session, patient_id, zone),
        availability=words.availability(patient.windows),
        blackouts=[words.blackout(row) for row in patient.blackouts if row.last_day >= today],
        courses=_courses(session, patient_id, today),
        next_visit=_next_visit(session, patient_id, now),
        today=today,
    )


def _absorbed(session: Session, patient_id: int, zone: ZoneInfo) -> list[Absorbed]:
    found = []
    for record in absorbed(session, patient_id):
        note = record.merge or {}
        at = datetime.fromisoformat(note["at"]).astimezone(zone)
        own = record.merged_into_id == patient_id
        found.append(Absorbed(record.id, record.name, record.record_number, note["by"], at, own))
    return found


def _age(born: date, today: date) -> int:
    """Whole years; who was born on 29 February turns on 1 March in other years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _courses(session: Session, patient_id: int, today: date) -> list[CourseLine]:
    rows = session.execute(
        select(Course.id, Course.status, Protocol.name, Site.name.label("site"))
        .join(ProtocolVersion, ProtocolVersion.id == Course.protocol_version_id)
        .join(Protocol, Protocol.id == ProtocolVersion.protocol_id)
        .join(Site, Site.id == Course.site_id)
        .where(Course.patient_id == patient_id)
        .order_by(Course.booked_at.desc(), Course.id.desc())
    ).all()
    dots = six_of_courses(session, [row.id for row in rows], today)
    spans = _spans(session, patient_id)
    # By their days: one from before that is entered today is not the newest.
    rows = sorted(rows, key=lambda row: spans[row.id][0], reverse=True)
    return [
        CourseLine(
            row.id,
            row.name,
            row.status.value,
            dots[row.id],
            completed(dots[row.id]),
            words.period(*spans[row.id]),
            row.site,
        )
        for row in rows
    ]


def _spans(session: Session, patient_id: int) -> dict[int, tuple[date, date]]:
    """The first and last day of each course of the patient."""
    found: dict[int, tuple[date, date]] = {}
    rows: Sequence[Row] = session.execute(
        select(Infusion.course_id, Infusion.local_day)
        .where(Infusion.patient_id == patient_id)
        .order_by(Infusion.course_id, Infusion.local_day)
    ).all()
    for course_id, day in rows:
        found[course_id] = (found[course_id][0] if course_id in found else day, day)
    return found


def _next_visit(session: Session, patient_id: int, now: datetime) -> NextVisit | None:
    row = session.execute(
        select(
            Infusion,
            func.coalesce(Chair.name, "No chair on record").label("chair"),
            Site.name.label("site"),
            Site.tz,
        )
        .outerjoin(Chair, Chair.id == Infusion.chair_id)
        .join(Site, Site.id == Infusion.site_id)
        .where(
            Infusion.patient_id == patient_id,
            Infusion.ends_at > now,
            Infusion.status.in_(
                (InfusionStatus.SCHEDULED, InfusionStatus.ARRIVED, InfusionStatus.IN_PROGRESS)
            ),
        )
        .order_by(Infusion.starts_at, Infusion.id)
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    visit, zone = row.Infusion, ZoneInfo(row.tz)
    return NextVisit(
        visit.id,
        visit.course_id,
        visit.number,
        visit.starts_at.astimezone(zone),
        visit.ends_at.astimezone(zone),
        row.chair,
        row.site,
        words.relative_day(visit.local_day, now.astimezone(zone).date()),
    )
