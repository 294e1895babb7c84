"""Adding and changing patients: nothing is lost when two people do it at once."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from scheduler.actor import COMMAND, Actor
from scheduler.db import Database
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.courses.actions.book import book_course
from scheduler.features.patients.actions.archive import archive_patient, restore_patient
from scheduler.features.patients.actions.save import add_patient, update_patient
from scheduler.features.patients.data import Away, Clash, PatientData, Window
from scheduler.features.patients.queries import likely_the_same, patient
from scheduler.models import (
    AuditEvent,
    Course,
    CourseStatus,
    Infusion,
    InfusionStatus,
    Patient,
    PatientSearchKey,
    Site,
)
from tests.support.clinic import NOW, SmallClinic, make_site
from tests.support.courses import best_visits, order_for, search_for

ROSA, BEN = Actor(None, "Rosa Alvarez"), Actor(None, "Ben Carver")
BORN = date(1986, 3, 14)


def marta(clinic: SmallClinic, **changes: object) -> PatientData:
    """Marta Lindqvist as the small clinic has her, with changes."""
    values: dict[str, object] = {
        "given_name": "Marta",
        "family_name": "Lindqvist",
        "birth_date": BORN,
        "site_id": clinic.site.id,
        "phone": "+12125550123",
        "email": "marta1@example.org",
        **changes,
    }
    return PatientData(**values)  # type: ignore[arg-type]


def save(database: Database, clinic: SmallClinic, actor: Actor, version: int, **changes: object) -> Patient:
    with database.write() as session:
        return update_patient(session, actor, NOW, clinic.patient.id, marta(clinic, **changes), version)


def stored(database: Database, clinic: SmallClinic) -> Patient:
    with database.read() as session:
        return patient(session, clinic.patient.id)


def test_a_new_patient_gets_the_sites_next_record_number(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        numbers = [
            add_patient(session, ROSA, NOW, marta(clinic, given_name=name)).record_number
            for name in ("Ada", "Bea")
        ]
    assert numbers == ["RV-10001", "RV-10002"]


def test_a_number_that_somebody_typed_is_passed_over(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        add_patient(session, ROSA, NOW, marta(clinic, record_number="RV-10001"))
        assert add_patient(session, ROSA, NOW, marta(clinic)).record_number == "RV-10002"


def test_two_patients_never_share_a_record_number(database: Database, clinic: SmallClinic) -> None:
    taken = pytest.raises(ConflictError, match="Another patient has this record number")
    with taken, database.write() as session:
        add_patient(session, ROSA, NOW, marta(clinic, record_number="RV-00001"))


def test_patients_added_at_once_at_ten_desks_get_ten_numbers(database: Database, clinic: SmallClinic) -> None:
    start, numbers, failures = threading.Barrier(10), [], []

    def add(desk: int) -> None:
        start.wait()
        try:
            with database.write() as session:
                numbers.append(
                    add_patient(session, ROSA, NOW, marta(clinic, given_name=f"Desk {desk}")).record_number
                )
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)

    desks = [threading.Thread(target=add, args=(desk,)) for desk in range(10)]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert failures == []
    assert sorted(numbers) == [f"RV-{number}" for number in range(10_001, 10_011)]
    with database.read() as session:
        assert session.get_one(Site, clinic.site.id).last_record_number == 10_010


def test_the_second_of_two_people_sees_both_values_and_who_was_first(
    database: Database, clinic: SmallClinic
) -> None:
    save(database, clinic, BEN, 1, phone="+12125550142")
    with pytest.raises(ConflictError, match="Ben Carver changed this patient") as refused:
        save(database, clinic, ROSA, 1, phone="+12125550143", given_name="Märta")
    clash = refused.value.extra["clash"]
    assert clash == Clash("Ben Carver", NOW, 2, {"phone": "+12125550142"}, {"phone": "+12125550143"})
    assert stored(database, clinic).given_name == "Marta"
    assert save(database, clinic, ROSA, clash.version, phone="+12125550143").phone == "+12125550143"


def test_people_who_change_different_fields_do_not_hinder_each_other(
    database: Database, clinic: SmallClinic
) -> None:
    save(database, clinic, BEN, 1, phone="+12125550142")
    save(database, clinic, ROSA, 1, phone="+12125550142", given_name="Märta")
    found = stored(database, clinic)
    assert (found.given_name, found.phone, found.version) == ("Märta", "+12125550142", 3)


def test_a_change_of_the_weekly_hours_alone_raises_the_version_too(
    database: Database, clinic: SmallClinic
) -> None:
    away = (Away(date(2026, 12, 24), date(2026, 12, 31), note="Travelling"),)
    saved = save(database, clinic, BEN, 1, windows=(Window(1, 480, 720),), blackouts=away)
    assert saved.version == 2
    with pytest.raises(ConflictError) as refused:
        save(database, clinic, ROSA, 1, windows=(Window(2, 480, 720),), blackouts=away)
    assert set(refused.value.extra["clash"].theirs) == {"windows"}
    found = stored(database, clinic)
    assert [(one.weekday, one.from_minute, one.to_minute) for one in found.windows] == [(1, 480, 720)]
    assert [(one.first_day, one.note) for one in found.blackouts] == [(date(2026, 12, 24), "Travelling")]


def test_saving_the_same_again_changes_nothing(database: Database, clinic: SmallClinic) -> None:
    assert save(database, clinic, BEN, 1).version == 1
    with database.read() as session:
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert event is not None
        assert (event.action, event.detail["fields"]) == ("patient.changed", [])


def test_each_change_leaves_an_audit_row_with_the_fields_and_no_contents(
    database: Database, clinic: SmallClinic
) -> None:
    save(database, clinic, BEN, 1, phone="+12125550142", email=None)
    with database.read() as session:
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event is not None
    assert (event.actor, event.patient_id) == ("Ben Carver", clinic.patient.id)
    assert event.detail == {"fields": ["phone", "email"], "version": 2}


def test_a_patient_who_is_not_there_can_not_be_changed(database: Database, clinic: SmallClinic) -> None:
    with pytest.raises(NotFoundError), database.write() as session:
        update_patient(session, BEN, NOW, 9999, marta(clinic), 1)


def test_a_failed_addition_leaves_no_keys_and_no_audit_row(database: Database, clinic: SmallClinic) -> None:
    with database.read() as session:
        before = len(session.scalars(select(PatientSearchKey)).all())
    with pytest.raises(ConflictError), database.write() as session:
        add_patient(session, ROSA, NOW, marta(clinic, given_name="Zoe", record_number="RV-00001"))
    with database.read() as session:
        assert len(session.scalars(select(PatientSearchKey)).all()) == before
        assert session.scalars(select(AuditEvent).where(AuditEvent.action == "patient.added")).all() == []


def test_a_patient_with_visits_ahead_is_not_archived(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        visits = best_visits(session, search_for(session, clinic))
        book_course(session, COMMAND, NOW, order_for(clinic, visits))
    with pytest.raises(RuleError, match="still has 6 visits ahead"), database.write() as session:
        archive_patient(session, ROSA, NOW, clinic.patient.id)
    later = NOW + timedelta(days=60)
    with pytest.raises(RuleError, match="Nobody has said how 6 visits"), database.write() as session:
        archive_patient(session, ROSA, later, clinic.patient.id)
    with database.write() as session:
        for visit in session.scalars(select(Infusion)):
            visit.status = InfusionStatus.MISSED
    with pytest.raises(RuleError, match="has a course that goes on"), database.write() as session:
        archive_patient(session, ROSA, later, clinic.patient.id)
    with database.write() as session:
        session.scalars(select(Course)).one().status = CourseStatus.DISCONTINUED
        assert archive_patient(session, ROSA, later, clinic.patient.id).archived_at


def test_archiving_is_undone_by_restoring_and_both_leave_a_trace(
    database: Database, clinic: SmallClinic
) -> None:
    for action in (archive_patient, archive_patient, restore_patient, restore_patient):
        with database.write() as session:
            action(session, ROSA, NOW, clinic.patient.id)
    assert stored(database, clinic).archived_at is None
    with database.read() as session:
        actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert [each for each in actions if each.startswith("patient.")] == [
        "patient.archived",
        "patient.restored",
    ]


@pytest.mark.parametrize(
    ("changes", "is_likely"),
    [
        ({"given_name": "Märta", "family_name": "Somebody"}, True),
        ({"given_name": "M", "family_name": "Lindqvist"}, True),
        ({"given_name": "Marthe", "family_name": "Lindkvist", "phone": None}, True),
        ({"given_name": "Ada", "family_name": "Zito"}, True),  # The same phone.
        ({"given_name": "Ada", "family_name": "Zito", "phone": None, "email": "Marta@example.org"}, True),
        ({"given_name": "Ada", "family_name": "Zito", "phone": None, "email": "ada@example.org"}, False),
        ({"given_name": "Ada", "family_name": "Zito", "phone": None}, False),
        ({"birth_date": date(1986, 3, 15), "phone": None}, False),
    ],
)
def test_somebody_born_that_day_with_such_a_name_or_that_phone_is_pointed_out(
    sqlite: Database, changes: dict[str, object], is_likely: bool
) -> None:
    with sqlite.write() as session:
        site = make_site(session, "RV", "Riverside")
        data = PatientData(
            "Marta", "Lindqvist", BORN, site.id, phone="+12125550123", email="marta@example.org"
        )
        add_patient(session, ROSA, NOW, data)
        other = PatientData(
            **{"given_name": "Marta", "family_name": "Lindqvist", "birth_date": BORN, "site_id": site.id,
               "phone": "+12125550123", **changes}  # type: ignore[arg-type]
        )  # fmt: skip
        assert bool(likely_the_same(session, other)) is is_likely
