"""The medicines beside a course, in words."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.courses.queries import whose
from scheduler.models import CourseMedicine, SignedRecord, User


@dataclass(frozen=True)
class MedicineLine:
    """One medicine. `from_day` None: since before the course; `until_day` None: taken on. Times are local."""

    id: int
    name: str
    dose: str
    from_day: date | None
    until_day: date | None
    noted_at: datetime
    by: str
    struck_reason: str | None

    @property
    def words(self) -> str:
        """Such as `Sertraline 100 mg`."""
        return f"{self.name} {self.dose}"


@dataclass(frozen=True)
class MedicinesPage:
    """The page of one course's medicines; `today` is the day at the site."""

    course_id: int
    patient_id: int
    patient: str
    record_number: str
    today: date
    lines: Sequence[MedicineLine]
    is_signed: bool


def medicines_of(session: Session, course_id: int, zone: ZoneInfo) -> list[MedicineLine]:
    """All medicines of a course, the longest taken first, those struck out too."""
    rows = session.execute(
        select(CourseMedicine, User.name)
        .outerjoin(User, User.id == CourseMedicine.noted_by_id)
        .where(CourseMedicine.course_id == course_id)
        .order_by(CourseMedicine.from_day, CourseMedicine.name, CourseMedicine.id)
    ).all()
    return _lines([(row, name) for row, name in rows], zone)


def medicines_in(rows: Iterable[Any], names: Callable[[int], str], zone: ZoneInfo) -> list[MedicineLine]:
    """The same from rows that somebody has read by day, name and id; `names` are those of the staff."""
    return _lines([(row, names(row.noted_by_id) if row.noted_by_id else None) for row in rows], zone)


def _lines(rows: Iterable[tuple[Any, str | None]], zone: ZoneInfo) -> list[MedicineLine]:
    found = [
        MedicineLine(
            row.id,
            row.name,
            row.dose,
            row.from_day,
            row.until_day,
            row.noted_at.astimezone(zone),
            name or "Sixfold",
            row.struck_reason,
        )
        for row, name in rows
    ]
    # Databases do not agree on whether an unknown day comes first.
    return sorted(found, key=lambda one: (one.from_day is not None, one.from_day or date.min))


def medicines_page(session: Session, course_id: int, now: datetime) -> MedicinesPage:
    """Everything that the page shows. Raises NotFoundError."""
    patient, zone = whose(session, course_id)
    return MedicinesPage(
        course_id,
        patient.id,
        patient.name,
        patient.record_number,
        now.astimezone(zone).date(),
        medicines_of(session, course_id, zone),
        is_signed(session, course_id),
    )


def is_signed(session: Session, course_id: int) -> bool:
    """Whether the course log is signed, so that its medicines stay as they are."""
    query = select(SignedRecord.id).where(
        SignedRecord.course_id == course_id, SignedRecord.infusion_id.is_(None)
    )
    return session.scalar(query) is not None


def standing(lines: Sequence[MedicineLine]) -> list[MedicineLine]:
    """Those that were not struck out."""
    return [line for line in lines if line.struck_reason is None]
