"""A violated constraint becomes one sentence, a database that can't serve another."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

from scheduler import models
from scheduler.db import Database
from scheduler.db.constraints import SENTENCES, is_transient, unavailable
from scheduler.db.engine import sqlite_module
from scheduler.errors import ConflictError
from scheduler.models import Course, Infusion, TimePoint
from tests.support.booked import confirm
from tests.support.clinic import NOW, SmallClinic, make_patient, make_user, small_clinic
from tests.support.consultations import add_consultation
from tests.support.requests import make_request
from tests.support.visits import add_course, add_rating, add_visit

LATER = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)


def same_user(session: Session, clinic: SmallClinic) -> None:
    """Somebody under an address that is in use."""
    make_user(session, models.Role.NURSE, clinic.site)


def same_record_number(session: Session, clinic: SmallClinic) -> None:
    """A second patient under one number."""
    make_patient(session, clinic.site, birth_date=date(2000, 1, 1))


def same_booking(session: Session, clinic: SmallClinic) -> None:
    """A course under a key that is in use."""
    add_course(session, clinic).booking_key = session.get_one(Course, 1).booking_key
    session.flush()


def same_number(session: Session, clinic: SmallClinic) -> None:
    """A second open visit no. 1."""
    add_visit(session, session.get_one(Course, 1), clinic.chairs[0], 1, LATER)


def same_message(session: Session, clinic: SmallClinic) -> None:
    """The confirmation once more, written past the code that would notice."""
    message = confirm(session, session.get_one(Course, 1), [])
    session.flush()
    again = {c.key: getattr(message, c.key) for c in models.Message.__table__.columns if c.key != "id"}
    session.add(models.Message(**{**again, "message_id": "another"}))
    session.flush()


def same_rating(session: Session, clinic: SmallClinic) -> None:
    """A second current rating of one time point."""
    visit = session.get_one(Infusion, 1)
    add_rating(session, visit, TimePoint.PRE, 4)
    add_rating(session, visit, TimePoint.PRE, 5)


def same_baseline(session: Session, clinic: SmallClinic) -> None:
    """A second current rating before the first infusion."""
    visit = session.get_one(Infusion, 1)
    for _ in range(2):
        add_rating(session, visit, TimePoint.BASELINE, 4)


def same_time(session: Session, clinic: SmallClinic) -> None:
    """The same patient in the other chair."""
    course = add_course(session, clinic)
    add_visit(session, course, clinic.chairs[1], 1, session.get_one(Infusion, 1).starts_at)


def same_chair(session: Session, clinic: SmallClinic) -> None:
    """Another patient in the same chair."""
    course = add_course(session, clinic, make_patient(session, clinic.site, 2))
    add_visit(session, course, clinic.chairs[0], 1, session.get_one(Infusion, 1).starts_at)


def same_task(session: Session, clinic: SmallClinic) -> None:
    """A task about one cause, written past the code that would notice."""
    for _ in range(2):
        session.add(
            models.StaffTask(
                kind=models.TaskKind.REPLAN,
                site_id=clinic.site.id,
                dedupe_key="replan:course:1",
                raised_at=NOW,
            )
        )
        session.flush()


def waits(session: Session, infusion_id: int | None) -> None:
    """Two entries of the waiting list for the same thing."""
    for _ in range(2):
        session.add(
            models.WaitingEntry(
                course_id=1, infusion_id=infusion_id, earlier=True, half_days=[], added_at=NOW
            )
        )
        session.flush()


def same_visit_waits(session: Session, clinic: SmallClinic) -> None:
    """A visit that waits twice."""
    waits(session, 1)


def same_course_waits(session: Session, clinic: SmallClinic) -> None:
    """A whole course that waits twice."""
    waits(session, None)


def sign(session: Session, clinic: SmallClinic, infusion_id: int | None) -> models.SignedRecord:
    """Sign the log of one visit, or the course log."""
    row = models.SignedRecord(
        course_id=1,
        infusion_id=infusion_id,
        record="{}",
        digest="0",
        signed_at=NOW,
        signed_by_id=clinic.users["clinician"].id,
        signed_name="Ada",
    )
    session.add(row)
    session.flush()
    return row


def same_signed_course(session: Session, clinic: SmallClinic) -> None:
    """Two who sign one course log."""
    sign(session, clinic, None)
    sign(session, clinic, None)


def same_signed_log(session: Session, clinic: SmallClinic) -> None:
    """Two who sign the log of one visit."""
    sign(session, clinic, 1)
    sign(session, clinic, 1)


def same_second(session: Session, clinic: SmallClinic) -> None:
    """Two who sign second."""
    record = sign(session, clinic, None)
    for _ in range(2):
        session.add(
            models.CoSignature(
                signed_record_id=record.id,
                signed_at=NOW,
                signed_by_id=record.signed_by_id,
                signed_name="Ada",
                digest="0",
            )
        )
        session.flush()


def change_of_signed_log(session: Session, clinic: SmallClinic) -> None:
    """A weight that is set right in a log that is signed."""
    log = models.InfusionLog(
        infusion_id=1, status=models.LogStatus.SIGNED, begun_at=NOW, completed_at=NOW, rules={}
    )
    session.add(log)
    session.flush()
    log.weight_g = 70_000
    session.flush()


def change_of_signed_course(session: Session, clinic: SmallClinic) -> None:
    """A reason that is given after the signature."""
    record = sign(session, clinic, None)
    session.add(
        models.GivenReason(
            course_id=1, gap="gap:2", reason="Ill", given_at=NOW, given_by_id=record.signed_by_id
        )
    )
    session.flush()


def same_clinician(session: Session, clinic: SmallClinic) -> None:
    """Two people with one clinician, the second ten minutes into the first."""
    add_consultation(session, clinic, make_request(session, clinic, 1), LATER)
    add_consultation(session, clinic, make_request(session, clinic, 2), LATER + timedelta(minutes=10))


def same_form(session: Session, clinic: SmallClinic) -> None:
    """Two copies of one form of the request page."""
    first, second = (make_request(session, clinic, number) for number in (1, 2))
    second.request_key = first.request_key
    session.flush()


def same_request(session: Session, clinic: SmallClinic) -> None:
    """Two consultations to come for one request."""
    request = make_request(session, clinic, 1)
    for hours in (0, 1):
        add_consultation(session, clinic, request, LATER + timedelta(hours=hours))


def same_consultation_key(session: Session, clinic: SmallClinic) -> None:
    """One page that books twice."""
    add_consultation(session, clinic, make_request(session, clinic, 1), LATER, key="one")
    add_consultation(session, clinic, make_request(session, clinic, 2), LATER + timedelta(hours=1), key="one")


def consent(session: Session, clinic: SmallClinic) -> models.ConsentSignature:
    """A consent that was signed."""
    form = models.ConsentForm(name="Treatment")
    session.add(form)
    session.flush()
    version = models.ConsentVersion(form_id=form.id, version=1, words={}, saved_at=NOW, published_at=NOW)
    session.add(version)
    session.flush()
    return signature(session, clinic, version.id)


def signature(session: Session, clinic: SmallClinic, version_id: int) -> models.ConsentSignature:
    """The patient's signature under a version."""
    row = models.ConsentSignature(
        patient_id=clinic.patient.id,
        version_id=version_id,
        key="1:1:0",
        signed_at=NOW,
        signed_name="Marta",
        signed_as="patient",
        source="link",
        record="{}",
        digest="0",
    )
    session.add(row)
    session.flush()
    return row


def same_consent(session: Session, clinic: SmallClinic) -> None:
    """A page that signs twice."""
    signature(session, clinic, consent(session, clinic).version_id)


def change_of_published_consent(session: Session, clinic: SmallClinic) -> None:
    """Other words in a text that was published."""
    version_id = consent(session, clinic).version_id
    session.get_one(models.ConsentVersion, version_id).words = {"en": {}}
    session.flush()


def change_of_signed_consent(session: Session, clinic: SmallClinic) -> None:
    """A withdrawal that is taken back as if it had never been."""
    signed = consent(session, clinic)
    signed.withdrawn_at, signed.withdrawn_by = NOW, "patient"
    session.flush()
    signed.withdrawn_at, signed.withdrawn_by = None, None
    session.flush()


def change_of_signed_screening(session: Session, clinic: SmallClinic) -> None:
    """An answer that is set right in a screening that is signed."""
    by = clinic.users["clinician"].id
    row = models.Screening(
        patient_id=clinic.patient.id,
        site_id=clinic.site.id,
        form=1,
        begun_at=NOW,
        begun_by_id=by,
        outcome="not_now",
        signed_at=NOW,
        signed_by_id=by,
        record="{}",
        digest="0",
    )
    session.add(row)
    session.flush()
    row.answers = {"seizures": "no"}
    session.flush()


CASES: dict[str, Callable[[Session, SmallClinic], None]] = {
    "uq_users_email": same_user,
    "uq_patients_record_number": same_record_number,
    "uq_courses_booking_key": same_booking,
    "uq_infusions_open_number": same_number,
    "uq_messages_dedupe_key": same_message,
    "uq_ratings_current": same_rating,
    "uq_ratings_current_of_course": same_baseline,
    "ex_infusions_patient": same_time,
    "ex_infusions_chair": same_chair,
    "uq_staff_tasks_dedupe_key": same_task,
    "uq_waiting_entries_visit": same_visit_waits,
    "uq_waiting_entries_course": same_course_waits,
    "uq_signed_records_course": same_signed_course,
    "uq_signed_records_infusion_id": same_signed_log,
    "uq_co_signatures_signed_record_id": same_second,
    "ex_consultations_clinician": same_clinician,
    "uq_consultation_requests_request_key": same_form,
    "uq_consultations_open": same_request,
    "uq_consultations_booking_key": same_consultation_key,
    "uq_consent_signatures_key": same_consent,
    "ck_published_consent": change_of_published_consent,
    "ck_signed_consent": change_of_signed_consent,
    "ck_signed_screening": change_of_signed_screening,
    "ck_signed_log": change_of_signed_log,
    "ck_signed_course": change_of_signed_course,
}


def test_every_sentence_has_a_case_here() -> None:
    assert set(CASES) == set(SENTENCES)


@pytest.mark.parametrize("name", CASES)
def test_a_violation_is_told_in_the_words_of_the_clinic(database: Database, name: str) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
        add_visit(session, add_course(session, clinic), clinic.chairs[0], 1, NOW)
    with pytest.raises(ConflictError) as told, database.write() as session:
        CASES[name](session, clinic)
    assert told.value.sentence == SENTENCES[name]
    assert told.value.extra["constraint"] == name


def test_a_violation_that_only_a_mistake_of_ours_can_cause_stays_an_error(database: Database) -> None:
    with database.write() as session:
        small_clinic(session)
    with pytest.raises(IntegrityError), database.write() as session:
        session.connection().exec_driver_sql("UPDATE chairs SET chair_type = 'sofa'")


def of_sqlite(words: str) -> DBAPIError:
    """What SQLite's driver would say."""
    return OperationalError("SELECT 1", None, sqlite_module().OperationalError(words))


def of_postgresql(kind: type[psycopg.Error], words: str = "") -> DBAPIError:
    """What PostgreSQL's driver would say."""
    return OperationalError("SELECT 1", None, kind(words))


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (of_sqlite("attempt to write a readonly database"), "can't be written"),
        (of_sqlite("database or disk is full"), "disk of the database is full"),
        (of_sqlite("database is locked"), "is busy"),
        (of_sqlite("unable to open database file"), "can't be reached"),
        (of_sqlite("disk I/O error"), "can't be reached"),
        (of_sqlite("file is not a database"), "can't be reached"),
        (of_sqlite("database disk image is malformed"), "can't be reached"),
        (of_sqlite("no such table: users"), "being set up"),
        (of_postgresql(psycopg.errors.ReadOnlySqlTransaction), "can't be written"),
        (of_postgresql(psycopg.errors.DiskFull), "disk of the database is full"),
        (of_postgresql(psycopg.errors.AdminShutdown), "can't be reached"),
        (of_postgresql(psycopg.errors.UndefinedTable), "being set up"),
        (of_postgresql(psycopg.OperationalError, "connection refused"), "can't be reached"),
    ],
)
def test_a_database_that_cannot_serve_is_told_as_that(error: DBAPIError, says: str) -> None:
    busy = unavailable(error)
    assert busy is not None
    assert says in busy.sentence and "Nothing was saved" in busy.sentence


@pytest.mark.parametrize(
    "error",
    [
        of_sqlite("no such column: x"),
        of_postgresql(psycopg.errors.SyntaxError),
        of_sqlite("near x: syntax error"),
    ],
)
def test_a_mistake_of_ours_is_not_blamed_on_the_database(error: DBAPIError) -> None:
    assert unavailable(error) is None


def test_only_what_may_pass_the_next_time_is_worth_another_try() -> None:
    assert is_transient(of_postgresql(psycopg.errors.DeadlockDetected))
    assert is_transient(of_postgresql(psycopg.errors.SerializationFailure))
    assert not is_transient(of_postgresql(psycopg.errors.UniqueViolation))
    assert not is_transient(of_sqlite("database is locked"))


def test_an_address_nobody_answers_is_a_calm_error(tmp_path: object) -> None:
    database = Database(f"postgresql+psycopg://nobody@/none?host={tmp_path}")
    with pytest.raises(Exception, match="can't be reached") as told, database.read() as session:
        session.connection()
    assert type(told.value).__name__ == "BusyError"
