"""Patients with their cautions, and which records were merged."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.models import Patient, PatientCaution
from scheduler.models import Site as SiteRow
from scheduler.rendering.fhir.facts import Caution, Person, Site


def next_patients(session: Session, after: int, size: int) -> Sequence[int]:
    """The ids of the next patients, archived ones too; empty at the end."""
    return session.scalars(
        select(Patient.id).where(Patient.id > after).order_by(Patient.id).limit(size)
    ).all()


def count_patients(session: Session) -> int:
    """How many patients there are, archived ones too."""
    return session.scalar(select(func.count()).select_from(Patient)) or 0


def merges(session: Session) -> list[tuple[int, int | None]]:
    """Which record was merged into which."""
    rows = select(Patient.id, Patient.merged_into_id).where(Patient.merged_into_id.is_not(None))
    return [(id_, kept_id) for id_, kept_id in session.execute(rows.order_by(Patient.id))]


def sites(session: Session) -> dict[int, Site]:
    """All sites by id, closed ones too."""
    return {
        row.id: Site(row.id, row.name, row.tz, row.address, row.phone, row.archived_at is None)
        for row in session.scalars(select(SiteRow).order_by(SiteRow.id))
    }


def persons(session: Session, patient_ids: Sequence[int], at: dict[int, Site]) -> dict[int, Person]:
    """These patients by id; `at` are all sites."""
    absorbed: dict[int | None, list[int]] = defaultdict(list)
    merged = select(Patient.merged_into_id, Patient.id).where(Patient.merged_into_id.in_(patient_ids))
    for kept_id, id_ in session.execute(merged.order_by(Patient.id)):
        absorbed[kept_id].append(id_)
    cautions: dict[int, list[Caution]] = defaultdict(list)
    stands = PatientCaution.patient_id.in_(patient_ids) & PatientCaution.struck_at.is_(None)
    for row in session.scalars(select(PatientCaution).where(stands).order_by(PatientCaution.id)):
        cautions[row.patient_id].append(Caution(row.id, row.kind, row.words, row.noted_at))
    rows = session.scalars(select(Patient).where(Patient.id.in_(patient_ids)).order_by(Patient.id))
    return {row.id: _person(row, at[row.site_id], absorbed[row.id], cautions[row.id]) for row in rows}


def _person(row: Patient, site: Site, absorbed: list[int], cautions: list[Caution]) -> Person:
    return Person(
        row.id,
        row.record_number,
        row.given_name,
        row.family_name,
        row.birth_date,
        row.phone,
        row.email,
        row.language,
        row.archived_at is None,
        site,
        row.merged_into_id,
        absorbed,
        cautions,
        row.guardian_name,
    )
