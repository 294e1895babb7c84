"""Whose own pages are open on a telephone: some of those who still have appointments."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.cli.demo.chance import stream, uuid_text
from scheduler.cli.demo.days import Calendar
from scheduler.features.accounts.devices.actions import REMEMBERED
from scheduler.models import Course, CourseStatus, PatientDevice
from scheduler.tokens import token_hash

SHARE = 0.4
AGENTS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36",
)


def open_pages(session: Session, calendar: Calendar, seed: int) -> None:
    """Let some open their pages a few hours after the booking, and look again until today."""
    chance = stream(seed, "own pages")
    rows = session.execute(
        select(Course.patient_id, func.max(Course.booked_at))
        .where(Course.status == CourseStatus.ACTIVE)
        .group_by(Course.patient_id)
        .order_by(Course.patient_id)
    )
    for patient_id, booked_at in rows.all():
        opened = booked_at + timedelta(minutes=chance.randrange(15, 6 * 60))
        if chance.random() >= SHARE or opened >= calendar.now:
            continue
        ends = opened + REMEMBERED
        last = min(ends, calendar.now)
        session.add(
            PatientDevice(
                token_hash=token_hash(uuid_text(chance)),
                patient_id=patient_id,
                is_remembered=True,
                agent=chance.choice(AGENTS),
                created_at=opened,
                last_seen_at=opened + (last - opened) * chance.random(),
                ends_at=ends,
            )
        )
