"""Who becomes a patient: once, with a guardian where needed, and never twice because they asked again."""

from datetime import date

import pytest
from sqlalchemy import func, select

from scheduler.db import Database
from scheduler.errors import ConflictError, RuleError
from scheduler.features.intake.person import become_patient
from scheduler.features.outbox.contact.queries import choices
from scheduler.features.patients.age import is_minor
from scheduler.features.patients.queries import changes_since
from scheduler.models import ContactChoice, Patient
from tests.support.clinic import NOW, small_clinic
from tests.support.requests import ROSA, make_request

BORN = date(1990, 7, 1)


def test_who_asked_becomes_one_patient_with_what_they_agreed_to(sqlite: Database) -> None:
    with sqlite.write() as session:
        request = make_request(session, small_clinic(session), language="es")
        patient = become_patient(session, ROSA, NOW, request.id, BORN)
        assert become_patient(session, ROSA, NOW, request.id, BORN) is patient
        assert (patient.name, patient.birth_date, patient.language) == ("Ines Okafor1", BORN, "es")
        assert (patient.phone, patient.email) == (request.phone, request.email)
        allowed = choices(session, patient.id)
        assert (allowed.email, allowed.sms, allowed.more_texts) == (True, True, False)
        assert request.patient_id == patient.id


def test_who_looks_the_same_is_named_and_gets_no_second_record(sqlite: Database) -> None:
    with sqlite.write() as session:
        clinic = small_clinic(session)
        known = clinic.patient
        request = make_request(session, clinic, given_name="Marthe", family_name="Lindkvist")
        with pytest.raises(ConflictError) as caught:
            become_patient(session, ROSA, NOW, request.id, known.birth_date)
        assert [one.patient_id for one in caught.value.extra["twins"]] == [known.id]
        assert become_patient(session, ROSA, NOW, request.id, known.birth_date, known.id).id == known.id
        assert session.scalar(select(func.count()).select_from(Patient)) == 1
        assert not session.scalar(select(func.count()).select_from(ContactChoice)), (
            "a number that only the request has says nothing about the patient's own"
        )


def test_a_new_record_is_made_where_somebody_says_that_they_are_two(sqlite: Database) -> None:
    with sqlite.write() as session:
        clinic = small_clinic(session)
        request = make_request(session, clinic, given_name="Marta", family_name="Lindqvist")
        made = become_patient(session, ROSA, NOW, request.id, clinic.patient.birth_date, anyway=True)
        assert made.id != clinic.patient.id


def test_nobody_under_18_gets_a_record_without_a_guardian(sqlite: Database) -> None:
    young = date(2010, 1, 1)
    with sqlite.write() as session:
        clinic = small_clinic(session)
        request = make_request(session, clinic)
        with pytest.raises(RuleError, match="guardian"):
            become_patient(session, ROSA, NOW, request.id, young)
        request.guardian_name = "Ada Okafor"
        assert become_patient(session, ROSA, NOW, request.id, young).guardian_name == "Ada Okafor"


def test_a_known_record_without_a_guardian_takes_the_one_who_asked_and_says_that_it_changed(
    sqlite: Database,
) -> None:
    with sqlite.write() as session:
        clinic = small_clinic(session)
        known = clinic.patient
        request = make_request(session, clinic, guardian_name="Ada Okafor")
        become_patient(session, ROSA, NOW, request.id, known.birth_date, known.id)
        assert known.guardian_name == "Ada Okafor"
        assert changes_since(session, known.id, known.version - 1).fields == {"guardian_name"}


def test_half_a_name_makes_no_record(sqlite: Database) -> None:
    with sqlite.write() as session:
        request = make_request(session, small_clinic(session), family_name="")
        with pytest.raises(RuleError, match="family name"):
            become_patient(session, ROSA, NOW, request.id, BORN)


@pytest.mark.parametrize(
    ("born", "minor"),
    [("2008-11-03", True), ("2008-11-02", False), ("2008-02-29", False), ("1950-01-01", False)],
)
def test_somebody_comes_of_age_on_their_birthday(born: str, minor: bool) -> None:
    assert is_minor(date.fromisoformat(born), date(2026, 11, 2)) is minor
