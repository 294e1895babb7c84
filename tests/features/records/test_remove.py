"""Deleting a record: everything of the person, what the law lets go and no more, and never by another way."""

from datetime import date

import pytest
from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from scheduler.db import Database
from scheduler.errors import RuleError
from scheduler.features.records.actions.guards import guards_open
from scheduler.features.records.actions.remove import Order, remove
from scheduler.features.records.graph import parts_of, ways
from scheduler.features.records.kinds import ALL
from scheduler.features.review.queries.verify import verify
from scheduler.models import (
    AuditEvent,
    Course,
    CourseStatus,
    GuardOpening,
    LegalHold,
    Message,
    Patient,
    PatientSearchKey,
    Rating,
    RecordKind,
    RecordRemoval,
    SignedRecord,
    VitalSigns,
    metadata,
)
from tests.features.records.conftest import ROSA, hold
from tests.support.clinic import NOW, make_patient
from tests.support.course_logs import Signer

LATER = date(2028, 11, 2)


def whole(patient_id: int = 1) -> Order:
    """Everything of one person."""
    return Order(patient_id, ALL, None, "asked", "She asked for it")


def counts(session: Session) -> dict[str, int]:
    """How many rows of people stand in each table."""
    found = {}
    for name in ways():
        number = session.scalar(select(func.count()).select_from(metadata.tables[name]))
        if number:
            found[name] = number
    return found


def test_nothing_of_a_person_is_left_but_the_trail_and_no_signature_is_missed(
    database: Database, signed: Signer
) -> None:
    with database.write() as session:
        make_patient(session, signed.clinic.site, 2)
        merged = make_patient(session, signed.clinic.site, 3)
        merged.merged_into_id, merged.archived_at = 1, NOW
    with database.read() as session:
        trail = session.scalar(select(func.count()).select_from(AuditEvent)) or 0
    with database.write() as session:
        gone = remove(session, ROSA, NOW, whole())
    with database.read() as session:
        left = counts(session)
        assert left.keys() <= {"patients", "patient_search_keys"}
        assert session.scalars(select(Patient.record_number)).all() == ["RV-00002"]
        assert set(session.scalars(select(PatientSearchKey.patient_id))) == {2}
        assert session.scalar(select(func.count()).select_from(AuditEvent)) == trail + 1
        kept = session.scalars(select(RecordRemoval)).one()
        assert (kept.person_id, kept.record_number, kept.rest_from) == (1, "RV-00001", None)
        assert kept.rows == gone.rows > 100
        assert verify(session).misfits == ()


def test_where_the_logs_have_to_stay_their_signatures_and_whose_they_are_stay(
    database: Database, signed: Signer
) -> None:
    kinds = frozenset({RecordKind.CHART, RecordKind.MESSAGES})
    with database.write() as session:
        session.get_one(Patient, 1).guardian_name = "Ada Lindqvist"
        remove(session, ROSA, NOW, Order(1, kinds, LATER, "asked", "She asked for it"))
    with database.read() as session:
        patient = session.scalars(select(Patient)).one()
        assert (patient.name, patient.phone, patient.email) == ("Marta Lindqvist", None, None)
        assert patient.guardian_name == ""
        assert patient.archived_at == NOW
        for model in (Rating, Message):
            assert session.scalars(select(model)).all() == []
        assert set(session.scalars(select(SignedRecord.infusion_id))) == set(signed.visits)
        assert session.scalar(select(func.count()).select_from(VitalSigns)) == 6 * 8 + 2
        assert session.scalars(select(RecordRemoval.rest_from)).all() == [LATER]
        assert verify(session).misfits == ()


def test_nothing_goes_under_a_hold_whoever_asks(database: Database, signed: Signer) -> None:
    hold(database)
    with pytest.raises(RuleError, match="legal hold"), database.write() as session:
        remove(session, ROSA, NOW, whole())
    with (
        pytest.raises(IntegrityError, match="ck_legal_hold"),
        database.write() as session,
        guards_open(session),
    ):
        session.execute(delete(LegalHold))
    with database.write() as session:
        session.execute(text("UPDATE legal_holds SET lifted_at = placed_at, lift_reason = 'Settled'"))
    with database.write() as session:
        remove(session, ROSA, NOW, whole())
    with database.read() as session:
        assert session.scalars(select(LegalHold)).all() == []


def test_who_still_comes_is_not_deleted(database: Database, signed: Signer) -> None:
    with database.write() as session:
        course = Course(
            patient_id=1, site_id=1, protocol_version_id=1, booking_key="next", booking_digest="next",
            booked_at=NOW, status=CourseStatus.ON_HOLD,
        )  # fmt: skip
        session.add(course)
    with pytest.raises(RuleError, match="goes on"), database.write() as session:
        remove(session, ROSA, NOW, whole())


def test_an_opening_of_the_guards_cannot_be_committed(database: Database, signed: Signer) -> None:
    def forgets(session: Session) -> None:
        session.execute(insert(GuardOpening).values(id=1, closes_id=-1))
        session.execute(delete(VitalSigns).where(VitalSigns.replaces_id.is_not(None)))

    with pytest.raises(IntegrityError):
        database.attempt(forgets)
    for row in ({"id": 1, "closes_id": 1}, {"id": -1, "closes_id": -1}):
        with pytest.raises(IntegrityError), database.write() as session:
            session.execute(insert(GuardOpening).values(**row))
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(VitalSigns)) == 6 * 8 + 2


def test_the_trail_and_the_words_of_guards_stay_shut_while_they_are_open(
    database: Database, signed: Signer
) -> None:
    changed = text("UPDATE signed_records SET digest = 'x'")
    for change, said in ((delete(AuditEvent), "audit_events"), (changed, "signed_record")):
        refused = pytest.raises(IntegrityError, match=said)
        with refused, database.write() as session, guards_open(session):
            session.execute(change)


def test_every_guard_of_a_record_knows_the_opening(database: Database) -> None:
    """Also of a table that was added later: else nobody's record could be deleted any more."""
    if database.is_sqlite:
        query = (
            "SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%BEFORE DELETE%'"
        )
    else:
        query = (
            "SELECT c.relname, p.prosrc FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid "
            "JOIN pg_proc AS p ON p.oid = t.tgfoid "
            "WHERE NOT t.tgisinternal AND (t.tgtype & 8) <> 0 AND (t.tgtype & 2) <> 0"
        )
    with database.read() as session:
        guards = [(table, words) for table, words in session.execute(text(query)) if table in ways()]
    assert len(guards) > 20
    assert {table for table, words in guards if "guard_openings" not in words} == {"legal_holds"}


def test_a_row_of_another_person_is_never_theirs(database: Database, signed: Signer) -> None:
    with database.write() as session:
        make_patient(session, signed.clinic.site, 2)
    with database.read() as session:
        for part in parts_of(session, [2]):
            number = session.scalar(select(func.count()).select_from(part.table).where(part.where))
            assert not number or part.table.name in {"patients", "patient_search_keys"}
