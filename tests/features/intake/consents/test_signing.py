"""Signing in the words that were read, by who may; and withdrawing."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import TextClause, select

from scheduler.db import Database
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.intake.consents.sending import send_papers
from scheduler.features.intake.consents.signing import Signing, name_problem, sign, withdraw
from scheduler.features.intake.consents.verify import verify_consents
from scheduler.features.intake.steps import advance, set_next
from scheduler.models import (
    ConsentSignature,
    ConsentVersion,
    Message,
    MessageStatus,
    Patient,
    RequestStatus,
    StaffTask,
)
from scheduler.rendering.canonical import digest_of
from tests.support.clinic import NOW, TODAY, SmallClinic, make_patient
from tests.support.consents import BORIS, WORDS, add_text, add_version, signed
from tests.support.requests import make_request
from tests.support.visits import add_six


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The guards of the rows have their tests on both databases (tests/db/test_constraints.py)."""
    return sqlite


@pytest.fixture
def text(database: Database, clinic: SmallClinic) -> ConsentVersion:
    """A consent that everybody signs."""
    with database.write() as session:
        return add_text(session)


def test_the_signature_keeps_the_exact_words_and_their_digest(
    database: Database, clinic: SmallClinic, text: ConsentVersion
) -> None:
    with database.write() as session:
        sign(session, BORIS, NOW, clinic.patient.id, Signing(text.id, "es", " marta  LINDQVIST ", "tablet"))
    with database.read() as session:
        row = session.scalars(select(ConsentSignature)).one()
    record = json.loads(row.record)
    assert {"title": record["title"], "text": record["text"]} == WORDS["es"]
    assert (record["signed_name"], record["signed_as"]) == ("marta LINDQVIST", "patient")
    assert (record["version"], record["patient"]["name"]) == (1, "Marta Lindqvist")
    assert row.digest == digest_of(row.record.encode())


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", "missing"), ("M", "missing"), ("Otto Vogel", "other"), ("Marta " * 40, "long"),
        ("Marta\u202e Lindqvist", "missing"),
    ],
)  # fmt: skip
def test_only_a_name_that_shares_a_word_with_the_record_is_a_signature(
    database: Database, clinic: SmallClinic, text: ConsentVersion, typed: str, problem: str
) -> None:
    with pytest.raises(RuleError) as told, database.write() as session:
        signed(session, clinic.patient.id, text, typed)
    assert told.value.extra["problem"] == problem
    with database.write() as session:
        assert signed(session, clinic.patient.id, text, "LINDQVIST, Márta").id


def test_a_guardian_signs_for_somebody_under_18_and_nobody_else_does(
    database: Database, clinic: SmallClinic, text: ConsentVersion
) -> None:
    with database.write() as session:
        child = make_patient(
            session, clinic.site, 50, birth_date=TODAY.replace(year=TODAY.year - 17), guardian_name="Ida Holm"
        )
    with pytest.raises(RuleError) as told, database.write() as session:
        signed(session, child.id, text, "Marta Lindqvist")
    assert told.value.extra["problem"] == "guardian"
    with database.write() as session:
        assert signed(session, child.id, text, "Ida Holm").signed_as == "guardian"
        grown = session.get_one(Patient, child.id)
        grown.birth_date = date(1990, 1, 1)
        again = add_version(session, text, asks_again=True)
    with database.write() as session:
        assert signed(session, child.id, again).signed_as == "patient"


@pytest.mark.parametrize(
    ("guardian", "typed", "problem"),
    [
        ("Ida Lind", "Marta Lind", "minor_self"), ("Ida Lind", "Lind", "minor_self"), ("Ida Lind", "Ida", ""),
        ("", "Marta Lind", "minor_self"), ("", "Ida Lind", ""), ("Marta Lind", "marta lind", ""),
    ],
)  # fmt: skip
def test_a_child_who_has_the_guardians_family_name_does_not_sign_in_their_place(
    guardian: str, typed: str, problem: str
) -> None:
    child = Patient(given_name="Marta", family_name="Lind", guardian_name=guardian)
    assert name_problem(typed, child, minor=True) == problem


def test_a_text_that_changed_while_it_was_read_is_not_signed(
    database: Database, clinic: SmallClinic, text: ConsentVersion
) -> None:
    with database.write() as session:
        add_version(session, text, asks_again=False)
    with pytest.raises(ConflictError), database.write() as session:
        signed(session, clinic.patient.id, text)


def test_a_withdrawal_before_a_visit_is_told_to_the_desk_and_is_final(
    database: Database, clinic: SmallClinic, text: ConsentVersion
) -> None:
    with database.write() as session:
        add_six(session, clinic, [TODAY + timedelta(days=day) for day in range(1, 12, 2)])
        paper = signed(session, clinic.patient.id, text)
    with pytest.raises(RuleError), database.write() as session:
        withdraw(session, BORIS, NOW, clinic.patient.id, paper.id, "desk", " ")
    with database.write() as session:
        withdraw(session, BORIS, NOW, clinic.patient.id, paper.id, "patient", "I changed my mind")
        withdraw(session, BORIS, NOW, clinic.patient.id, paper.id, "desk", "Something else")
    with database.read() as session:
        row = session.get_one(ConsentSignature, paper.id)
        task = session.scalars(select(StaffTask)).one()
    assert (row.withdrawn_by, row.withdraw_reason) == ("patient", "I changed my mind")
    assert (task.kind.value, task.due_on) == ("consent_withdrawn", TODAY + timedelta(days=1))
    assert "mind" not in str(task.facts)


def test_a_record_that_was_tampered_with_is_found(
    database: Database, clinic: SmallClinic, text: ConsentVersion
) -> None:
    with database.write() as session:
        paper = signed(session, clinic.patient.id, text)
        session.execute(TextClause("DROP TRIGGER fixed_consent_update"))
    with database.read() as session:
        assert verify_consents(session) == (1, [])
    for change, what in (
        ("signed_name = 'Otto Vogel'", "the name beside the record is not the one that was signed"),
        ("record = replace(record, 'slow', 'fast')", "the digest does not fit what was signed"),
    ):
        with database.write() as session:
            session.execute(TextClause(f"UPDATE consent_signatures SET {change}"))
        with database.read() as session:
            assert verify_consents(session) == (1, [(f"consent {paper.id}", what)])


def test_nobody_withdraws_what_another_person_signed(
    database: Database, clinic: SmallClinic, text: ConsentVersion
) -> None:
    with database.write() as session:
        other = make_patient(session, clinic.site, 51, given_name="Otto", family_name="Vogel")
        paper = signed(session, other.id, text, "Otto Vogel")
    with pytest.raises(NotFoundError), database.write() as session:
        withdraw(session, BORIS, NOW, clinic.patient.id, paper.id, "patient", "")


def test_a_link_that_still_waits_is_taken_back_once_everything_is_signed(
    database: Database, clinic: SmallClinic, text: ConsentVersion
) -> None:
    with database.write() as session:
        second = add_text(session, "Photos")
        send_papers(session, BORIS, NOW, clinic.patient.id)
        send_papers(session, BORIS, NOW, clinic.patient.id)
        signed(session, clinic.patient.id, text)
    with database.write() as session:
        assert session.scalars(select(Message.status)).all() == [MessageStatus.QUEUED]
        signed(session, clinic.patient.id, second)
    with database.write() as session:
        assert session.scalars(select(Message.status)).all() == [MessageStatus.VOID]
        with pytest.raises(RuleError):
            send_papers(session, BORIS, NOW, clinic.patient.id)


def test_once_everything_is_signed_the_next_step_is_to_book_the_course(
    database: Database, clinic: SmallClinic, text: ConsentVersion
) -> None:
    with database.write() as session:
        asked = make_request(session, clinic)
        asked.patient_id = clinic.patient.id
        for step in (
            RequestStatus.CONTACTED,
            RequestStatus.BOOKED,
            RequestStatus.SEEN,
            RequestStatus.SUITABLE,
        ):
            advance(session, BORIS, NOW, asked, step)
        second = add_text(session, "Photos")
        signed(session, clinic.patient.id, text)
        assert asked.next_step == "Get the consents signed, then book the course"
        paper = signed(session, clinic.patient.id, second)
        assert asked.next_step == "Book the course"
        withdraw(session, BORIS, NOW, clinic.patient.id, paper.id, "patient", "")
        assert asked.next_step == "Get the consents signed, then book the course"
        set_next(session, BORIS, NOW, asked, "Speak with the daughter", TODAY)
        signed(session, clinic.patient.id, second)
        assert asked.next_step == "Speak with the daughter", "what a person wrote stays"
