"""Records of another time: one under a legal hold, and people of long ago whose time is over."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.cli.demo.chance import stream
from scheduler.cli.demo.days import Calendar, at
from scheduler.cli.demo.staff import Staff
from scheduler.features.patients.actions.save import write_keys
from scheduler.features.records.actions.hold import place_hold
from scheduler.models import Course, CourseStatus, Patient, Role

LONG_AGO = (
    ("OLD-0031", "Edith", "Marlowe", date(1949, 6, 2), 12),
    ("OLD-0044", "Tomás", "Quiroga", date(1957, 11, 23), 11),
)
"""Number, name, birth date, and how many years ago they were last here: brought in with the old files."""
CLAIM = "Claim of an insurer, file 4471. Ask counsel before it is lifted."
WRITTEN = 10 * 60 + 15


def keep_records(session: Session, calendar: Calendar, seed: int, staff: Staff) -> None:
    """Write both: the hold three weeks ago, on somebody whose course is over."""
    site_id = session.scalars(select(Patient.site_id).order_by(Patient.id).limit(1)).one()
    for number, given, family, born, years in LONG_AGO:
        then = calendar.now - timedelta(days=years * 366)
        old = Patient(
            record_number=number, given_name=given, family_name=family, birth_date=born, site_id=site_id,
            created_at=then, archived_at=then,
        )  # fmt: skip
        session.add(old)
        session.flush()
        write_keys(session, old)
    over = session.scalars(
        select(Course.patient_id).where(Course.status == CourseStatus.COMPLETED).order_by(Course.id)
    ).all()
    if over:
        clinician = staff.of(Role.CLINICIAN, site_id)[0]
        who = stream(seed, "held record").choice(over)
        moment = at(calendar.day(-21), WRITTEN)
        place_hold(session, Actor(clinician.id, clinician.name), moment, who, CLAIM)
