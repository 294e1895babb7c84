"""Who must not be deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from scheduler.models import LegalHold, Patient, User


@dataclass(frozen=True)
class Hold:
    """One hold: on which record, why, since when and by whom; when, by whom and why it was lifted.

    On a request of somebody without a record, `record_number` is empty and `patient_id` None.
    """

    hold_id: int
    patient_id: int | None
    request_id: int | None
    record_number: str
    reason: str
    placed_at: datetime
    placed_by: str
    lifted_at: datetime | None
    lifted_by: str
    lift_reason: str


def held() -> Select[int | None]:
    """The ids of the records that are held."""
    return select(LegalHold.patient_id).where(
        LegalHold.lifted_at.is_(None), LegalHold.patient_id.is_not(None)
    )


def is_held(session: Session, person_ids: Sequence[int]) -> bool:
    """Whether any of these records of one person is held."""
    return session.scalar(held().where(LegalHold.patient_id.in_(person_ids)).limit(1)) is not None


def holds_on(session: Session, person_ids: Sequence[int]) -> list[Hold]:
    """All holds on these records, those lifted too, newest first."""
    return _read(session, LegalHold.patient_id.in_(person_ids))


def holds_on_request(session: Session, request_id: int) -> list[Hold]:
    """All holds on one request, those lifted too, newest first."""
    return _read(session, LegalHold.request_id == request_id)


def open_holds(session: Session) -> list[Hold]:
    """All holds that stand, newest first."""
    return _read(session, LegalHold.lifted_at.is_(None))


def _read(session: Session, where: object) -> list[Hold]:
    placed, lifted = aliased(User), aliased(User)
    rows = session.execute(
        select(LegalHold, Patient.record_number, placed.name, lifted.name)
        .outerjoin(Patient, Patient.id == LegalHold.patient_id)
        .outerjoin(placed, placed.id == LegalHold.placed_by_id)
        .outerjoin(lifted, lifted.id == LegalHold.lifted_by_id)
        .where(where)  # type: ignore[arg-type]
        .order_by(LegalHold.placed_at.desc(), LegalHold.id.desc())
    )
    return [
        Hold(
            row.id,
            row.patient_id,
            row.request_id,
            number or "",
            row.reason,
            row.placed_at,
            by or "",
            row.lifted_at,
            off or "",
            row.lift_reason or "",
        )
        for row, number, by, off in rows
    ]
