"""The tick that finds which reminders are due, with 100,000 visits in the three days that the rules cover.

The same clinic, three ways: a tick as the worker makes one every few seconds, the wider look of every ten
minutes, and the first look of a worker that has just begun. All that was due a tick ago is written, as in a
clinic that has been running.
"""

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from benchmarks._clinic import ZONE, make_clinic
from scheduler.db import Database, migrate
from scheduler.db.base import Base
from scheduler.features.reminders.due import USEFUL_FOR, dedupe_key
from scheduler.features.reminders.queries import due_reminders
from scheduler.models import (
    Chair,
    Channel,
    Course,
    Infusion,
    InfusionStatus,
    Message,
    MessageStatus,
    Patient,
    ProtocolVersion,
    Purpose,
    Site,
)
from scheduler.worker.remind import LOOK_BACK

SIZES = (10_000, 100_000)
LIMIT_MS = 50
PATIENTS = 20_000
ROUNDS = 5
NOW = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)  # Ten in the morning where the clinic is.
WINDOW = timedelta(days=3)
TICK = timedelta(seconds=20)
SLOT = timedelta(minutes=5)
OPENS, CLOSES = 8, 18
CHUNK = 5_000


def main() -> None:
    """Print the table."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    print(f"{WINDOW.days} days, two rules; the best of {ROUNDS} rounds")
    print(f"{'visits':>8} {'look':>28} {'due':>6} {'time':>9} {'of limit':>8} {'growth':>7}")
    first: dict[str, float] = {}
    for visits in SIZES:
        for name, due, found in measure(visits):
            growth = found / first.setdefault(name, found)
            share = f"{found / LIMIT_MS:>8.2f}" if name == "tick" else f"{'':>8}"
            figures = f"{due:>6} {found:>7.1f}ms {share} {growth:>7.1f}"
            print(f"{visits:>8,} {name:>28} {figures}", flush=True)
    print(f"at most: {LIMIT_MS} ms for the tick over {SIZES[-1]:,} visits")


def measure(visits: int) -> list[tuple[str, int, float]]:
    """Name, reminders found and milliseconds of each look."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/sixfold.sqlite3"
        migrate.upgrade(url)
        database = Database(url)
        fill(database, visits)
        looks = (
            ("tick", NOW - TICK - LOOK_BACK),
            ("all that is still of use", NOW - USEFUL_FOR),
            ("first look", None),
        )
        found = [(name, *_best(partial(_look, database, since))) for name, since in looks]
        database.dispose()
    return found


def fill(database: Database, visits: int) -> None:
    """Visits spread over the window's working hours; the reminders that were due a tick ago are written."""
    starts = _starts()
    a_slot = -(-visits // len(starts))
    with database.write() as session:
        site = make_clinic(session, NOW, a_slot, PATIENTS)
        session.flush()
        version = session.scalars(select(ProtocolVersion.id)).one()
        patients = session.scalars(select(Patient.id).order_by(Patient.id)).all()
        chairs = session.scalars(select(Chair.id).order_by(Chair.id)).all()
        rows = [
            _visit(
                number,
                site,
                patients[number % len(patients)],
                chairs[number % a_slot],
                starts[number * len(starts) // visits],
            )
            for number in range(visits)
        ]
        _insert(session, Course, [_course(row, version) for row in rows])
        _insert(session, Infusion, rows)
        told = [
            _told(row, days)
            for row in rows
            for days in (3, 1)
            if row["starts_at"] <= NOW - TICK + timedelta(days)
        ]
        _insert(session, Message, told)


def _starts() -> list[datetime]:
    """Every five minutes of the working hours in the window, from now on."""
    found = []
    at = NOW + timedelta(minutes=5)
    while at <= NOW + WINDOW:
        if OPENS <= at.astimezone(ZONE).hour < CLOSES:
            found.append(at)
        at += SLOT
    return found


def _visit(number: int, site: Site, patient: int, chair: int, start: datetime) -> dict[str, Any]:
    return {
        "id": number + 1,
        "course_id": number + 1,
        "patient_id": patient,
        "site_id": site.id,
        "chair_id": chair,
        "number": 1,
        "status": InfusionStatus.SCHEDULED,
        "starts_at": start,
        "ends_at": start + SLOT,
        "chair_until": start + SLOT,
        "local_day": start.astimezone(ZONE).date(),
        "scheduled_at": NOW - timedelta(days=30),
        "ics_uid": f"{number}@bench",
        "ics_dtstamp": NOW,
        "ics_organizer": site.from_email,
    }


def _course(row: dict[str, Any], version: int) -> dict[str, Any]:
    return {
        "id": row["course_id"],
        "patient_id": row["patient_id"],
        "site_id": row["site_id"],
        "protocol_version_id": version,
        "booking_key": f"k{row['id']}",
        "booking_digest": "",
        "booked_at": row["scheduled_at"],
    }


def _told(row: dict[str, Any], days: int) -> dict[str, Any]:
    return {
        "dedupe_key": dedupe_key(row["id"], 1, days),
        "purpose": Purpose.REMINDER,
        "channel": Channel.EMAIL,
        "status": MessageStatus.SENT,
        "patient_id": row["patient_id"],
        "infusion_id": row["id"],
        "schedule_version": 1,
        "language": "en",
        "message_id": f"<{row['id']}.{days}@bench>",
        "created_at": NOW,
        "due_at": NOW,
        "next_attempt_at": NOW,
    }


def _insert(session: Session, model: type[Base], rows: list[dict[str, Any]]) -> None:
    for first in range(0, len(rows), CHUNK):
        session.execute(insert(model), rows[first : first + CHUNK])


def _look(database: Database, since: datetime | None) -> int:
    with database.read() as session:
        return len(due_reminders(session, NOW, since))


def _best(look: Callable[[], int]) -> tuple[int, float]:
    times = []
    due = 0
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        due = look()
        times.append((time.perf_counter() - begun) * 1000)
    return due, min(times)
