"""Two records of one person become one: nothing is lost, everything is found, and it can be taken back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.db.base import Base
from scheduler.errors import ConflictError, RuleError
from scheduler.features.courses.actions.book import book_course
from scheduler.features.courses.actions.discontinue import discontinue_course
from scheduler.features.courses.actions.expect import expect
from scheduler.features.desk.queries.history import history_of
from scheduler.features.outbox.actions import enqueue
from scheduler.features.outbox.contact.actions import choose
from scheduler.features.outbox.contact.queries import choices
from scheduler.features.patients.actions.archive import restore_patient
from scheduler.features.patients.actions.merge import MergeOrder, merge_patients
from scheduler.features.patients.actions.save import update_patient, write_keys
from scheduler.features.patients.actions.unmerge import unmerge_patient
from scheduler.features.patients.data import PatientData
from scheduler.features.patients.merging.tables import MOVED
from scheduler.features.patients.queries import patient as get_patient
from scheduler.features.patients.queries import search
from scheduler.models import (
    AuditEvent,
    AvailabilityWindow,
    Course,
    Infusion,
    Message,
    Patient,
    PatientSearchKey,
    Purpose,
    Rating,
    TimePoint,
    Topic,
)
from tests.support.booked import confirm, make_course, wall
from tests.support.changes import MONDAY
from tests.support.clinic import NOW, SmallClinic, make_patient
from tests.support.courses import order_for, set_on
from tests.support.visits import add_rating

ROSA = Actor(None, "Rosa")
TIM = Actor(None, "Tim")
STAYS = {
    "availability_windows": "when somebody can come is chosen like any other field",
    "blackouts": "days away are chosen like any other field",
    "patient_search_keys": "written anew: the kept record is found by the old names and numbers too",
    "patient_import_rows": "a file that was brought in made this very record",
    "contact_choices": "dated words of their record; what was refused there is refused under the kept one",
    "feeds": "an address ends with the record it was made for",
    "kiosks": "a tablet is taken back within hours, whatever becomes of the record",
    "patient_links": "they end: a link opens the visits of the record it was given for",
    "patient_devices": "they open no more: who reads on has the next link",
    "patients": "who was merged into a record that is merged itself is found by way of it",
}


@pytest.fixture
def other(database: Database, clinic: SmallClinic) -> int:
    """A second record of Marta, under her married name, with a course, a rating and a message."""
    with database.write() as session:
        found = make_patient(
            session, clinic.site, 2, given_name="Martha", family_name="Vogel", phone="+12125550188"
        )
        found.windows = [AvailabilityWindow(weekday=0, from_minute=480, to_minute=720)]
        course, rows = make_course(session, clinic, [wall(clinic, "2026-11-10 09:30")], patient=found)
        confirm(session, course, rows)
        add_rating(session, rows[0], TimePoint.PRE, 7)
        return found.id


def order(clinic: SmallClinic, other: int, *take: str, **versions: int) -> MergeOrder:
    """Merge the other record into the clinic's patient."""
    seen = {"kept_version": 1, "other_version": 1, **versions}
    return MergeOrder(clinic.patient.id, other, take=frozenset(take), **seen)


def run(database: Database, work: Callable[[Session], object]) -> None:
    """Do it in a transaction of its own."""
    database.attempt(work)


def merge(database: Database, wanted: MergeOrder, actor: Actor = ROSA) -> None:
    """Merge in a transaction of its own."""
    run(database, lambda session: merge_patients(session, actor, NOW, wanted))


def owners(session: Session) -> dict[str, set[int]]:
    """Whose the rows of each kind are."""
    return {
        each.__tablename__: set(session.scalars(select(each.patient_id)))
        for each in (Course, Infusion, Rating, Message)
    }


def test_every_table_that_knows_patients_is_moved_or_stays_for_a_reason() -> None:
    to_patients = {
        table.name
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "patients"
    }
    assert to_patients == MOVED.keys() | STAYS.keys()
    assert not MOVED.keys() & STAYS.keys()
    named = {table.name for table in Base.metadata.tables.values() if "patient_id" in table.c}
    assert named == (to_patients | {"infusions", "audit_events"}) - {"patients"}


def test_what_was_refused_under_the_other_record_stays_refused(
    database: Database, clinic: SmallClinic, other: int
) -> None:
    with database.write() as session:
        choose(session, ROSA, NOW, other, Topic.EMAIL, False, "patient")
        choose(session, ROSA, NOW, other, Topic.SMS, True, "patient")
    merge(database, order(clinic, other))
    with database.read() as session:
        kept = choices(session, clinic.patient.id)
        assert (kept.email, kept.sms) == (False, False)


def test_a_merge_moves_courses_visits_ratings_and_messages(
    database: Database, clinic: SmallClinic, other: int
) -> None:
    merge(database, order(clinic, other, "family_name", "windows"))
    with database.read() as session:
        assert set(map(frozenset, owners(session).values())) == {frozenset({clinic.patient.id})}
        kept, gone = get_patient(session, clinic.patient.id), get_patient(session, other)
        assert (kept.given_name, kept.family_name, kept.phone) == ("Marta", "Vogel", "+12125550123")
        assert [window.weekday for window in kept.windows] == [0]
        assert (gone.merged_into_id, gone.archived_at) == (kept.id, NOW)
        actions = {tuple(row) for row in session.execute(select(AuditEvent.action, AuditEvent.patient_id))}
    assert {("patient.merged", kept.id), ("patient.merged_away", other)} <= actions


def test_the_old_name_and_number_lead_to_the_kept_record_also_after_it_is_edited(
    database: Database, clinic: SmallClinic, other: int
) -> None:
    merge(database, order(clinic, other))
    data = PatientData("Marta", "Berg", clinic.patient.birth_date, clinic.site.id)
    run(database, lambda s: update_patient(s, ROSA, NOW, clinic.patient.id, data, 2))
    with database.read() as session:
        for words in ("Vogel", "RV-00002", "555 0188", "Berg"):
            assert [hit.patient_id for hit in search(session, words)] == [clinic.patient.id]
        sorted_by = session.scalars(
            select(PatientSearchKey).where(PatientSearchKey.key.startswith("n:"))
        ).all()
    assert [key.patient_id for key in sorted_by] == [clinic.patient.id]


def test_the_history_of_both_is_read_on_the_kept_record(
    database: Database, clinic: SmallClinic, other: int
) -> None:
    data = PatientData("Marthe", "Vogel", clinic.patient.birth_date, clinic.site.id)
    run(database, lambda s: update_patient(s, TIM, NOW, other, data, 1))
    merge(database, order(clinic, other, other_version=2))
    with database.read() as session:
        deeds = history_of(session, clinic.patient.id, clinic.site.tz)
    assert [(deed.who, deed.what) for deed in deeds] == [
        ("Rosa", "Merged another record into this one"),
        ("Tim", "Changed the record"),
    ]


def test_the_numbers_are_exchanged_where_the_other_one_is_chosen(
    database: Database, clinic: SmallClinic, other: int
) -> None:
    merge(database, order(clinic, other, "record_number"))
    with database.read() as session:
        assert get_patient(session, clinic.patient.id).record_number == "RV-00002"
        assert get_patient(session, other).record_number == "RV-00001"


def test_two_courses_that_go_on_are_not_merged(database: Database, clinic: SmallClinic, other: int) -> None:
    with database.write() as session:
        course, _ = make_course(session, clinic, [wall(clinic, "2026-11-12 09:30")])
    with pytest.raises(RuleError, match=r"Both have a course that goes on\. End one of them"):
        merge(database, order(clinic, other))
    run(database, lambda s: discontinue_course(s, ROSA, NOW, course.id, "Twice in the list"))
    merge(database, order(clinic, other))


def test_two_visits_at_one_time_are_not_merged(database: Database, clinic: SmallClinic, other: int) -> None:
    with database.write() as session:
        course, _ = make_course(session, clinic, [wall(clinic, "2026-11-10 10:30")], chair=1)
        course.status = "completed"  # type: ignore[assignment]
    with pytest.raises(RuleError, match="Both have a visit on 10 Nov 2026"):
        merge(database, order(clinic, other))


def test_whoever_saw_an_older_record_merges_nothing(
    database: Database, clinic: SmallClinic, other: int
) -> None:
    data = PatientData("Marthe", "Vogel", clinic.patient.birth_date, clinic.site.id)
    run(database, lambda s: update_patient(s, TIM, NOW, other, data, 1))
    with pytest.raises(ConflictError, match="RV-00002 was changed by Tim while you looked"):
        merge(database, order(clinic, other))


def test_the_same_merge_twice_is_one_and_the_other_way_round_is_refused(
    database: Database, clinic: SmallClinic, other: int
) -> None:
    merge(database, order(clinic, other))
    merge(database, order(clinic, other))
    crosswise = MergeOrder(other, clinic.patient.id, 1, 1, frozenset())
    with pytest.raises(RuleError, match="was merged into another record already"):
        merge(database, crosswise, TIM)
    with database.read() as session:
        assert get_patient(session, clinic.patient.id).version == 2


def test_a_merged_record_is_neither_edited_nor_booked_nor_brought_back(
    database: Database, clinic: SmallClinic, other: int
) -> None:
    merge(database, order(clinic, other))
    data = PatientData("Otto", "Vogel", clinic.patient.birth_date, clinic.site.id)
    with database.read() as session:
        gone = get_patient(session, other)
    booking = order_for(clinic, set_on(clinic.chairs[0].id, MONDAY), patient=gone)
    for work in (
        lambda s: update_patient(s, ROSA, NOW, other, data, gone.version),
        lambda s: restore_patient(s, ROSA, NOW, other),
        lambda s: book_course(s, ROSA, NOW, booking),
    ):
        with pytest.raises(ConflictError, match="was merged into Marta Lindqvist, RV-00001"):
            run(database, work)


def everything(session: Session) -> list[object]:
    """All that a merge could change, but for versions."""
    people = session.execute(
        select(
            Patient.id, Patient.record_number, Patient.given_name, Patient.family_name, Patient.phone,
            Patient.archived_at, Patient.merged_into_id,
        ).order_by(Patient.id)
    )  # fmt: skip
    windows = session.execute(select(AvailabilityWindow.patient_id, AvailabilityWindow.weekday))
    keys = session.execute(select(PatientSearchKey.patient_id, PatientSearchKey.key))
    return [list(map(tuple, people)), list(map(tuple, windows)), sorted(map(tuple, keys)), owners(session)]


def test_a_merge_is_taken_back_whole_with_what_came_meanwhile_of_itself(
    database: Database, clinic: SmallClinic, other: int
) -> None:
    with database.write() as session:
        write_keys(session, session.get_one(Patient, clinic.patient.id))
        before = everything(session)
    merge(database, order(clinic, other, "family_name", "phone", "record_number", "windows"))
    with database.write() as session:
        visit = session.scalars(select(Infusion)).one()
        enqueue(
            session, NOW, purpose=Purpose.REMINDER, patient_id=clinic.patient.id, language="en",
            dedupe_key="a reminder since", infusion_id=visit.id, schedule_version=1, facts={},
        )  # fmt: skip
    run(database, lambda s: unmerge_patient(s, ROSA, NOW, other))
    with database.read() as session:
        assert everything(session) == before
        assert len(session.scalars(select(Message).where(Message.patient_id == other)).all()) == 2


@pytest.mark.parametrize("what", ["record", "course"])
def test_a_merge_on_which_somebody_built_is_not_taken_back(
    database: Database, clinic: SmallClinic, other: int, what: str
) -> None:
    merge(database, order(clinic, other))
    data = PatientData("Marta", "Berg", clinic.patient.birth_date, clinic.site.id)
    with database.read() as session:
        visit = session.scalars(select(Infusion)).one()
    later: dict[str, Callable[[Session], object]] = {
        "record": lambda s: update_patient(s, TIM, NOW, clinic.patient.id, data, 2),
        "course": lambda s: expect(s, TIM, NOW, visit.id, visit.starts_at + timedelta(minutes=10)),
    }
    run(database, later[what])
    with pytest.raises(ConflictError, match="The merge was not undone"):
        run(database, lambda s: unmerge_patient(s, ROSA, NOW, other))
