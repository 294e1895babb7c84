"""The clinician decides; what is signed stays; what follows is set off."""

from datetime import date

import pytest
from sqlalchemy import select, text

from scheduler.db import Database
from scheduler.errors import ConflictError, RuleError
from scheduler.features.intake.screening.actions.beside import Said, add_addendum
from scheduler.features.intake.screening.actions.sign import Decision, sign
from scheduler.features.intake.screening.queries.draft import draft_of
from scheduler.features.intake.steps import advance
from scheduler.models import (
    Patient,
    PatientCaution,
    RequestEvent,
    RequestStatus,
    ScreeningAddendum,
)
from tests.support.clinic import NOW, make_patient, small_clinic
from tests.support.consultations import add_consultation
from tests.support.requests import ROSA, make_request
from tests.support.screenings import SUITABLE, begun, clinician_of, signed


def of_minor() -> dict[str, str]:
    """The answers of somebody who is sixteen, without a guardian."""
    return {**SUITABLE, "birth_date": "2010-05-01"}


def test_suitable_makes_the_person_a_patient_whose_allergy_stands_at_the_chair(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
        request = make_request(session, clinic)
        row = signed(session, clinic, begun(session, clinic, request=request))
        patient = session.get_one(Patient, row.patient_id)
        assert (patient.name, patient.birth_date) == ("Ines Okafor1", date(1986, 3, 14))
        assert request.status is RequestStatus.SUITABLE
        assert session.scalars(select(PatientCaution.words)).all() == ["Penicillin (Rash)"]


def test_signing_says_that_the_consultation_was_held(sqlite: Database) -> None:
    with sqlite.write() as session:
        clinic = small_clinic(session)
        request = make_request(session, clinic)
        held = add_consultation(session, clinic, request, NOW)
        advance(session, ROSA, NOW, request, RequestStatus.BOOKED)
        signed(session, clinic, begun(session, clinic, request=request), "referred", "To a sleep clinic")
        assert (held.status, request.status) == ("seen", RequestStatus.REFERRED)


def test_the_path_of_a_request_never_tells_why(sqlite: Database) -> None:
    with sqlite.write() as session:
        clinic = small_clinic(session)
        request = make_request(session, clinic)
        row = begun(session, clinic, {"seizures": "yes"}, request)
        signed(session, clinic, row, "not_now", "Seizures in spring")
        assert request.status is RequestStatus.NOT_NOW and request.patient_id is None
        told = [*session.scalars(select(RequestEvent.note)), request.status_reason]
        assert not [words for words in told if "Seizures" in words]


def test_what_stands_out_needs_the_clinicians_reason_and_decides_nothing(sqlite: Database) -> None:
    with sqlite.write() as session:
        clinic = small_clinic(session)
        row = begun(session, clinic, {**SUITABLE, "heart": "yes"})
        with pytest.raises(RuleError, match="suitable all the same"):
            signed(session, clinic, row)
        assert signed(session, clinic, row, reason="Cleared by cardiology").outcome == "suitable"


def test_suitable_needs_every_answer_and_not_now_none(sqlite: Database) -> None:
    with sqlite.write() as session:
        clinic = small_clinic(session)
        row = begun(session, clinic, {"worry": "yes"})
        with pytest.raises(RuleError, match="first one missing: For how many months"):
            signed(session, clinic, row, reason="Wants to begin")
        with pytest.raises(RuleError, match="Write why"):
            signed(session, clinic, row, "referred")
        assert signed(session, clinic, row, "referred", "To a sleep clinic").signed_at == NOW


def test_nobody_under_18_is_suitable_without_a_guardian_who_may_sign(sqlite: Database) -> None:
    with sqlite.write() as session:
        clinic = small_clinic(session)
        request = make_request(session, clinic)
        with pytest.raises(RuleError, match="Guardian"):
            signed(session, clinic, begun(session, clinic, of_minor(), request), reason="Agreed")
        guardian = {"guardian_name": "Ada Okafor", "guardian_signs": "yes"}
        row = begun(session, clinic, {**of_minor(), **guardian}, request)
        patient = session.get_one(Patient, signed(session, clinic, row, reason="Agreed").patient_id)
        assert patient.guardian_name == "Ada Okafor"


def test_whom_a_clinician_names_as_guardian_is_the_guardian_of_the_record(sqlite: Database) -> None:
    with sqlite.write() as session:
        clinic = small_clinic(session)
        clinic.patient.guardian_name = "An aunt"
        row = begun(session, clinic, {**SUITABLE, "guardian_name": "Ada Lindqvist"})
        signed(session, clinic, row, "not_now", "Later")
        assert session.get_one(Patient, clinic.patient.id).guardian_name == "Ada Lindqvist"


def test_who_looks_like_a_patient_is_made_no_second_one_unasked(sqlite: Database) -> None:
    with sqlite.write() as session:
        clinic = small_clinic(session)
        known = make_patient(session, clinic.site, 9, given_name="Ines", family_name="Okafor1")
        row = begun(session, clinic, request=make_request(session, clinic))
        with pytest.raises(ConflictError) as told:
            signed(session, clinic, row)
        assert [hit.patient_id for hit in told.value.extra["twins"]] == [known.id]
        seen = draft_of(session, row.id, NOW).digest
        sign(session, clinician_of(clinic), NOW, row.id, Decision("suitable", "", seen, known.id))
        assert row.patient_id == known.id


def test_what_was_written_after_the_page_was_opened_is_not_signed_unseen(sqlite: Database) -> None:
    with sqlite.write() as session:
        clinic = small_clinic(session)
        row = begun(session, clinic)
        seen = draft_of(session, row.id, NOW).digest
        begun(session, clinic, {"heart": "yes"})
        with pytest.raises(ConflictError, match="since you opened"):
            sign(session, clinician_of(clinic), NOW, row.id, Decision("not_now", "Later", seen))


def test_a_request_that_was_closed_meanwhile_is_signed_no_further(sqlite: Database) -> None:
    with sqlite.write() as session:
        clinic = small_clinic(session)
        request = make_request(session, clinic)
        row = begun(session, clinic, request=request)
        advance(session, ROSA, NOW, request, RequestStatus.CLOSED, "Moved away")
        with pytest.raises(ConflictError, match="closed"):
            signed(session, clinic, row)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE screenings SET answers = '{}'",
        "UPDATE screenings SET outcome = 'suitable'",
        "UPDATE screenings SET signed_at = NULL, record = NULL, digest = NULL",
        "DELETE FROM screenings",
        "DELETE FROM screening_saves",
        "UPDATE screening_addenda SET words = 'Other'",
    ],
)
def test_the_database_keeps_what_was_signed(database: Database, change: str) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
        row = signed(session, clinic, begun(session, clinic), "not_now", "Later")
        add_addendum(session, clinician_of(clinic), NOW, row.id, Said("14 weeks", "Misread", "key-of-one"))
    with pytest.raises(Exception, match=r"signed|append"), database.write() as session:
        session.execute(text(change))


def test_an_addendum_sent_twice_stands_once_beside_it(sqlite: Database) -> None:
    with sqlite.write() as session:
        clinic = small_clinic(session)
        row = signed(session, clinic, begun(session, clinic), "not_now", "Later")
        for _ in range(2):
            add_addendum(
                session, clinician_of(clinic), NOW, row.id, Said("14 weeks", "Misread", "key-of-one")
            )
        assert len(session.scalars(select(ScreeningAddendum)).all()) == 1
