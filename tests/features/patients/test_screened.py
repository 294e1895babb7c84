"""A screening holds for one course, for so many days, and only where it found the patient suitable."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from scheduler.db import Database
from scheduler.features.patients.screened import Screened, screened
from scheduler.models import ScreeningRules
from tests.support.clinic import NOW, make_patient, small_clinic
from tests.support.screenings import begun, signed
from tests.support.visits import add_course


def is_due(session: Session, patient_id: int, at: datetime) -> bool:
    """Whether one is due before the next course."""
    return screened(session, [patient_id], at)[patient_id].is_due


def test_a_screening_is_due_until_one_says_suitable_and_again_after_its_course(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
        other, one = make_patient(session, clinic.site, 2), clinic.patient.id
        assert is_due(session, one, NOW)
        signed(session, clinic, begun(session, clinic), "not_now", "Later")
        assert is_due(session, one, NOW)
        signed(session, clinic, begun(session, clinic))
        found = screened(session, [one, other.id], NOW)
        assert found[other.id] == Screened() and found[one] == Screened(NOW, "Clinician", is_due=False)
        add_course(session, clinic).booked_at = NOW + timedelta(minutes=1)
        session.flush()
        assert is_due(session, one, NOW + timedelta(minutes=2))


def test_a_screening_grows_old_after_the_clinics_days(sqlite: Database) -> None:
    with sqlite.write() as session:
        clinic = small_clinic(session)
        signed(session, clinic, begun(session, clinic))
        session.add(ScreeningRules(id=1, trials_needed=1, valid_days=30))
        session.flush()
        assert not is_due(session, clinic.patient.id, NOW + timedelta(days=30))
        assert is_due(session, clinic.patient.id, NOW + timedelta(days=31))
