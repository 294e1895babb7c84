"""A clinic of one chair whose Friday is full, and a patient whose course lost a day to it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.features.courses.actions.cancel import cancel_visits
from scheduler.features.waiting.actions.entries import add_entry
from scheduler.features.waiting.queries import Line, look
from scheduler.features.waiting.wish import ALL_WEEK, Wish
from scheduler.models import Infusion
from tests.support.booked import make_course, wall
from tests.support.clinic import NOW, SmallClinic, make_patient, small_clinic

ROSA = Actor(None, "Rosa", "127.0.0.1")
SOONER = Wish(True, ALL_WEEK)
FRIDAY = ("08:00", "10:00", "12:30", "14:30")


def full_friday(session: Session) -> tuple[SmallClinic, list[Infusion]]:
    """One chair, taken on Friday 4 December for as long as the clinic is open; the visits there."""
    clinic = small_clinic(session, chairs=1)
    rows = []
    for number, clock in enumerate(FRIDAY, 20):
        patient = make_patient(session, clinic.site, number, family_name=f"Friday{number}")
        rows += make_course(session, clinic, [wall(clinic, f"2026-12-04 {clock}")], patient=patient)[1]
    return clinic, rows


def waiting_course(
    session: Session,
    clinic: SmallClinic,
    clock: str = "09:30",
    number: int = 2,
    days: Sequence[str] = ("2026-11-30", "2026-12-02", "2026-12-07"),
) -> list[Infusion]:
    """Three visits: two days apart, then five, because the Friday was full."""
    patient = make_patient(session, clinic.site, number, given_name="Ana", family_name=f"Ruiz{number}")
    return make_course(session, clinic, [wall(clinic, f"{day} {clock}") for day in days], patient=patient)[1]


def wait(session: Session, row: Infusion, wish: Wish = SOONER, *, whole: bool = False) -> int:
    """Put the visit, or the whole course, on the list; the entry's id."""
    return add_entry(session, ROSA, NOW, row.course_id, None if whole else row.id, wish).id


def free(database: Database, row: Infusion, at: datetime = NOW) -> None:
    """The patient of `row` cancels."""
    database.attempt(lambda s: cancel_visits(s, ROSA, at, row.course_id, [row.id], "Ill"))


def seen(database: Database, at: datetime = NOW) -> list[Line]:
    """The list as somebody sees it."""
    with database.read() as session:
        return look(session, at).lines
