"""Clinical alerts."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.tasks.alerts import acknowledge, raise_alert
from scheduler.models import Alert, AlertKind, AuditEvent
from tests.support.clinic import NOW, small_clinic
from tests.support.visits import add_course

NOBODY = Actor(None, "A patient")


def raised(session: Session, course_id: int, patient_id: int) -> Alert:
    return raise_alert(
        session,
        NOBODY,
        NOW,
        kind=AlertKind.WORSENING,
        dedupe_key="worsening:1",
        patient_id=patient_id,
        course_id=course_id,
    )


def test_an_alert_is_raised_once_and_does_not_come_back_when_it_was_acknowledged(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
        course = add_course(session, clinic)
        marsh = Actor(clinic.users["clinician"].id, "Clinician")
        first = raised(session, course.id, clinic.patient.id)
        assert raised(session, course.id, clinic.patient.id).id == first.id
        acknowledge(session, marsh, NOW + timedelta(hours=1), first.id, "  Called,\nseen today. ")
        again = raised(session, course.id, clinic.patient.id)
        assert (again.id, again.what_was_done) == (first.id, "Called, seen today.")
    with database.read() as session:
        actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
        assert actions == ["alert.raised", "alert.acknowledged"]


def test_an_alert_stays_until_somebody_says_what_was_done_and_the_second_is_told(sqlite: Database) -> None:
    with sqlite.write() as session:
        clinic = small_clinic(session)
        marsh = Actor(clinic.users["clinician"].id, "Clinician")
        alert = raised(session, add_course(session, clinic).id, clinic.patient.id)
        with pytest.raises(RuleError, match="Say what was done"):
            acknowledge(session, marsh, NOW, alert.id, " ")
        acknowledge(session, marsh, NOW, alert.id, "Called")
        with pytest.raises(ConflictError, match="Clinician has acknowledged this alert already: “Called”"):
            acknowledge(session, marsh, NOW, alert.id, "Called again")
        with pytest.raises(NotFoundError):
            acknowledge(session, marsh, NOW, 99, "Called")
