"""The medicines beside a course, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.models import CourseMedicine, User


@dataclass(frozen=True)
class MedicineLine:
    """One medicine; `by` noted it. `from_day` None: since before the course; `until_day` None: taken on."""

    id: int
    name: str
    dose: str
    from_day: date | None
    until_day: date | None
    noted_on: date
    by: str
    struck_reason: str | None

    @property
    def words(self) -> str:
        """Such as `Sertraline 100 mg`."""
        return f"{self.name} {self.dose}"


def medicines_of(session: Session, course_id: int) -> list[MedicineLine]:
    """All medicines of a course, the longest taken first, those struck out too."""
    rows = session.execute(
        select(CourseMedicine, User.name)
        .outerjoin(User, User.id == CourseMedicine.noted_by_id)
        .where(CourseMedicine.course_id == course_id)
        .order_by(CourseMedicine.from_day, CourseMedicine.name, CourseMedicine.id)
    ).all()
    found = [
        MedicineLine(
            row.id,
            row.name,
            row.dose,
            row.from_day,
            row.until_day,
            row.noted_at.date(),
            name or "Sixfold",
            row.struck_reason,
        )
        for row, name in rows
    ]
    # Databases do not agree on whether an unknown day comes first.
    return sorted(found, key=lambda one: (one.from_day is not None, one.from_day or date.min))


def standing(lines: Sequence[MedicineLine]) -> list[MedicineLine]:
    """Those that were not struck out."""
    return [line for line in lines if line.struck_reason is None]
