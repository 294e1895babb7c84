"""All patients, some at a time, for a file that leaves the clinic."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from scheduler.features.patients.queries.search import PatientHit, hit
from scheduler.models import Patient, Site


@dataclass(frozen=True)
class Exported:
    """One line of the file; `archived_on` is the date at the site, `country` is the site's.

    `merged_into` is the number of the record that this one was merged into.
    """

    hit: PatientHit
    language: str
    time_zone: str
    guardian_name: str
    site: str
    country: str
    archived_on: date | None
    merged_into: str


def exported(session: Session, after: int, size: int) -> Sequence[Exported]:
    """The next patients by id, archived ones too: a page of the file, empty at its end."""
    kept = aliased(Patient)
    rows = session.execute(
        select(Patient, Site, kept.record_number)
        .join(Site, Site.id == Patient.site_id)
        .outerjoin(kept, kept.id == Patient.merged_into_id)
        .where(Patient.id > after)
        .order_by(Patient.id)
        .limit(size)
    )
    return [
        Exported(
            hit(patient),
            patient.language,
            patient.time_zone or "",
            patient.guardian_name,
            site.name,
            site.country,
            patient.archived_at.astimezone(ZoneInfo(site.tz)).date() if patient.archived_at else None,
            into or "",
        )
        for patient, site, into in rows
    ]


def count_all(session: Session) -> int:
    """How many patients the clinic has, archived ones too."""
    return session.scalar(select(func.count()).select_from(Patient)) or 0
