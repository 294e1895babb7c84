"""What patients take beside their courses: most an antidepressant from before, some something to calm.

Some of it ends while a course runs, and what a nurse gave against nausea stands in the log of that infusion.
"""

from datetime import date, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from scheduler.cli.demo.chance import pick, stream
from scheduler.cli.demo.staff import Staff
from scheduler.models import AdverseEvent, Course, CourseMedicine, InfusionStatus, RescueDrug, Role

LONG_TAKEN = {
    ("Sertraline", "100 mg in the morning"): 22,
    ("Escitalopram", "20 mg in the morning"): 16,
    ("Venlafaxine", "150 mg in the morning"): 14,
    ("Bupropion", "300 mg in the morning"): 8,
    ("", ""): 40,
}
TO_CALM = {
    ("Lorazepam", "0.5 mg when needed"): 10,
    ("Hydroxyzine", "25 mg at night"): 8,
    ("Lamotrigine", "100 mg in the morning"): 5,
    ("", ""): 77,
}
CHANGES = 0.12
"""So many courses see a medicine for calm end while they run."""


def take_medicines(session: Session, seed: int, staff: Staff) -> None:
    """Add the medicines of each course whose first visit took place, and what was given against nausea."""
    chance = stream(seed, "medicines")
    courses = session.scalars(
        select(Course).options(selectinload(Course.infusions)).order_by(Course.id)
    ).all()
    for course in courses:
        done = [row for row in course.infusions if row.status is InfusionStatus.COMPLETED]
        nurse = chance.choice(staff.of(Role.NURSE, course.site_id))
        for name, dose, first, last in _taken(chance, [row.local_day for row in done]):
            session.add(
                CourseMedicine(
                    course_id=course.id,
                    name=name,
                    dose=dose,
                    from_day=first,
                    until_day=last,
                    noted_at=done[0].starts_at,
                    noted_by_id=nurse.id,
                )
            )
    _against_nausea(session)
    session.flush()


def _taken(chance: Random, days: list[date]) -> list[tuple[str, str, date | None, date | None]]:
    """Medicines with their first and last days, as far as anybody knows them."""
    (long, dose), (calm, much) = pick(chance, LONG_TAKEN), pick(chance, TO_CALM)
    since, is_known, ends = chance.randrange(60, 900), chance.random() < 0.5, chance.random() < CHANGES
    found: list[tuple[str, str, date | None, date | None]] = []
    if days and long:
        found.append((long, dose, days[0] - timedelta(days=since) if is_known else None, None))
    if days and calm:
        found.append((calm, much, None, days[len(days) // 2] if ends else None))
    return found


def _against_nausea(session: Session) -> None:
    events = session.scalars(
        select(AdverseEvent)
        .where(AdverseEvent.term.in_(("Nausea", "Vomiting")), AdverseEvent.grade > 1)
        .order_by(AdverseEvent.id)
    ).all()
    for event in events:
        at = event.onset_at + timedelta(minutes=4)
        session.add(
            RescueDrug(
                log_id=event.log_id,
                key="demo-rescue",
                drug="Ondansetron",
                amount="4 mg",
                route="iv",
                given_at=at,
                why=event.term,
                changed_at=at,
                changed_by_id=event.changed_by_id,
            )
        )
