"""The rows of screenings, and whose they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.models import ConsultationRequest, Patient, Screening, ScreeningSave, Site, User
from scheduler.rendering.crisis import Crisis, crisis_of

NONE = "There is no such screening. Open it from the person's page."


@dataclass(frozen=True)
class Whose:
    """Whom a screening is about: somebody who asked, a patient, or both; `birth_date` as recorded there."""

    name: str
    record_number: str
    request_id: int | None
    patient_id: int | None
    birth_date: date | None
    site: Site

    @property
    def crisis(self) -> Crisis:
        """Whom to call there when a life is in danger."""
        return crisis_of(self.site.country)

    def day(self, at: datetime) -> date:
        """What day it is where they are seen."""
        return at.astimezone(ZoneInfo(self.site.tz)).date()


def screening(session: Session, screening_id: int, *, locked: bool = False) -> Screening:
    """One screening, held until the transaction ends where `locked`. Raises NotFoundError."""
    query = select(Screening).where(Screening.id == screening_id)
    found = session.scalar(query.with_for_update() if locked else query)
    if found is None:
        raise NotFoundError(NONE)
    return found


def whose(session: Session, row: Screening) -> Whose:
    """Whom it is about."""
    request = session.get(ConsultationRequest, row.request_id) if row.request_id else None
    patient_id = row.patient_id or (request.patient_id if request else None)
    patient = session.get(Patient, patient_id) if patient_id else None
    person: Any = patient or request
    return Whose(
        name=person.name or "Erased",
        record_number=patient.record_number if patient else "",
        request_id=row.request_id,
        patient_id=patient_id,
        birth_date=person.birth_date,
        site=session.get_one(Site, row.site_id),
    )


def of_request(session: Session, request_id: int) -> Sequence[Screening]:
    """All of somebody who asked, the newest first."""
    return _all(session, Screening.request_id == request_id)


def of_patient(session: Session, patient_id: int) -> Sequence[Screening]:
    """All of a patient, the newest first: also what was begun when they asked."""
    asked = select(ConsultationRequest.id).where(ConsultationRequest.patient_id == patient_id)
    return _all(session, or_(Screening.patient_id == patient_id, Screening.request_id.in_(asked)))


def _all(session: Session, where: ColumnElement[bool]) -> Sequence[Screening]:
    newest = (Screening.begun_at.desc(), Screening.id.desc())
    return session.scalars(select(Screening).where(where).order_by(*newest)).all()


def last_signed(session: Session, patient_id: int | None) -> Screening | None:
    """The last one of a patient that was signed."""
    if patient_id is None:
        return None
    return session.scalars(
        select(Screening)
        .where(Screening.patient_id == patient_id, Screening.signed_at.is_not(None))
        .order_by(Screening.signed_at.desc(), Screening.id.desc())
        .limit(1)
    ).one_or_none()


def saves_of(session: Session, screening_id: int) -> Sequence[tuple[ScreeningSave, str]]:
    """All saves of a draft with who made them, the oldest first."""
    rows = session.execute(
        select(ScreeningSave, User.name)
        .join(User, User.id == ScreeningSave.by_id)
        .where(ScreeningSave.screening_id == screening_id)
        .order_by(ScreeningSave.version)
    )
    return [(row, name) for row, name in rows]
