"""Booking a course asks whether a screening holds: it warns, and refuses only a minor without a guardian."""

from datetime import date

import pytest
from flask.testing import FlaskClient

from scheduler.db import Database
from scheduler.errors import RuleError
from scheduler.features.courses.actions.book import book_course
from scheduler.models import Patient
from tests.features.conftest import SignedIn
from tests.support.clinic import NOW, SmallClinic, make_patient
from tests.support.courses import best_visits, order_for, search_for
from tests.support.screenings import begun, clinician_of, signed


def build(client: FlaskClient) -> str:
    """The page on which a course of the clinic's patient is booked."""
    return client.get("/courses/new?patient=1").get_data(as_text=True)


def test_the_booking_page_says_that_a_screening_is_due_and_falls_silent_once_one_is_signed(
    sqlite: Database, clinic: SmallClinic, as_role: SignedIn
) -> None:
    desk, clinician = as_role("front_desk"), as_role("clinician")
    assert "Screening due." in build(desk) and "/patients/1/screening" not in build(desk)
    assert "/patients/1/screening" in build(clinician)
    with sqlite.write() as session:
        signed(session, clinic, begun(session, clinic))
    assert "Screening due." not in build(desk)


def test_nothing_is_booked_for_somebody_under_18_without_a_guardian(
    sqlite: Database, clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        child = make_patient(session, clinic.site, 2, birth_date=date(2010, 5, 1))
        visits = best_visits(session, search_for(session, clinic, patient=child))
        order = order_for(clinic, visits, patient=child)
        with pytest.raises(RuleError, match="under 18"):
            book_course(session, clinician_of(clinic), NOW, order)
        session.get_one(Patient, child.id).guardian_name = "Ada Vogel"
        session.flush()
        assert book_course(session, clinician_of(clinic), NOW, order).course_id


def test_the_patient_page_says_when_one_was_signed_and_never_what_it_found(
    sqlite: Database, clinic: SmallClinic, as_role: SignedIn
) -> None:
    with sqlite.write() as session:
        row = begun(session, clinic, {"seizures": "yes"})
        signed(session, clinic, row, "not_now", "Seizures in spring")
    page = as_role("front_desk").get("/patients/1").get_data(as_text=True)
    assert "Signed on 2 Nov 2026 by Clinician" in page and "Due before the next course" in page
    assert "Seizures" not in page and "Not now" not in page
    for path in ("/patients/1/screening", "/screenings/1", "/screenings/1/sign"):
        assert as_role("nurse").get(path).status_code == 403
