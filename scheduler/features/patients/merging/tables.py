"""Which tables say something of a patient, and what a merge does with each.

A table that somebody adds later is moved too, or stays for a reason: a test walks all foreign keys to
patients, and holds the reasons. Infusions need nothing: the database itself gives them the patient of their
course.
"""

from collections.abc import Mapping

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from scheduler.db.base import Base
from scheduler.models import Course, Infusion

MOVED: Mapping[str, tuple[str, str]] = {
    "courses": ("course", "courses"),
    "ratings": ("rating", "ratings"),
    "cognitive_runs": ("task run", "task runs"),
    "alerts": ("alert", "alerts"),
    "patient_cautions": ("caution", "cautions"),
    "consultation_requests": ("request", "requests"),
    "screenings": ("screening", "screenings"),
    "consent_signatures": ("consent", "consents"),
    "emergency_accesses": ("emergency access", "emergency accesses"),
    "legal_holds": ("legal hold", "legal holds"),
    "messages": ("message", "messages"),
    "staff_tasks": ("task", "tasks"),
    "inbound_messages": ("reply", "replies"),
}
"""Rows that go to the kept record, by table, as one and as several are called."""


def table_of(name: str) -> Table:
    """The table of this name."""
    return Base.metadata.tables[name]


def rows_of(session: Session, patient_id: int) -> dict[str, list[int]]:
    """The ids of all rows that a merge of this record would move, by table."""
    found = {}
    for name in MOVED:
        table = table_of(name)
        query = select(table.c.id).where(table.c.patient_id == patient_id).order_by(table.c.id)
        found[name] = list(session.scalars(query))
    return found


def rows_of_courses(session: Session, courses: list[int]) -> dict[str, list[int]]:
    """What hangs on these courses, by table: also what came to them after they had moved."""
    own = select(Infusion.id).where(Infusion.course_id.in_(courses))
    found = {
        "courses": list(session.scalars(select(Course.id).where(Course.id.in_(courses)).order_by(Course.id)))
    }
    for name in MOVED:
        table = table_of(name)
        if "infusion_id" in table.c:
            of_visit = table.c.infusion_id.in_(own)
            where = of_visit | table.c.course_id.in_(courses) if "course_id" in table.c else of_visit
            found[name] = list(session.scalars(select(table.c.id).where(where).order_by(table.c.id)))
    return found
