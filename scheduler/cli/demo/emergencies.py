"""A chart that the front desk opened in an emergency some days ago, and what a clinician found."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.cli.demo.chance import stream
from scheduler.cli.demo.days import Calendar, at
from scheduler.cli.demo.staff import Staff
from scheduler.features.emergency.actions import close_charts, note_look, open_chart, write_seen
from scheduler.models import Infusion, InfusionStatus, Patient, Role

WHY = "A hospital is on the phone: the patient fainted at home, and they ask what was given today and when."
FOUND = "Opened for a good reason. I rang the hospital back within the hour. Nothing else was looked at."
WHO = (Role.FRONT_DESK, Role.CLINICIAN)
MINUTE = timedelta(minutes=1)
LAST_VISIT_ENDS = 15 * 60
SEEN = 8 * 60 + 50


def open_in_emergency(session: Session, calendar: Calendar, seed: int, staff: Staff) -> None:
    """After a visit of last week: opened, looked at twice, given back, and seen by a clinician next day."""
    visits = session.scalars(
        select(Infusion)
        .where(
            Infusion.status == InfusionStatus.COMPLETED,
            Infusion.local_day.between(calendar.day(-12), calendar.day(-5)),
        )
        .order_by(Infusion.id)
    ).all()
    able = [
        visit
        for visit in visits
        if visit.ends_at <= at(visit.local_day, LAST_VISIT_ENDS)
        and all(staff.of(role, visit.site_id) for role in WHO)
    ]
    if not able:
        return
    visit = stream(seed, "emergency").choice(able)
    people = (staff.of(role, visit.site_id)[0] for role in WHO)
    clerk, clinician = (Actor(person.id, person.name) for person in people)
    opened = visit.ends_at + 48 * MINUTE
    access_id = open_chart(session, clerk, opened, session.get_one(Patient, visit.patient_id), WHY)
    for minutes in (0, 4):
        note_look(session, clerk, opened + minutes * MINUTE, access_id, visit.patient_id)
    close_charts(session, clerk, opened + 9 * MINUTE)
    write_seen(session, clinician, at(visit.local_day + timedelta(days=1), SEEN), access_id, FOUND)
