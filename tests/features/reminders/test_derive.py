"""Which reminders a tick writes: those whose time has come, once, for visits that still stand."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from scheduler.db import Database
from scheduler.features.reminders.actions import write_reminders
from scheduler.features.reminders.due import dedupe_key
from scheduler.features.reminders.queries import due_reminders, planned_reminders, planned_until
from scheduler.features.reminders.visits import without_message
from scheduler.models import Channel, Infusion, InfusionStatus, Message, ReminderRule
from tests.support.booked import make_course, wall
from tests.support.clinic import NOW, SmallClinic, make_patient, small_clinic


@pytest.fixture
def clinic(database: Database) -> SmallClinic:
    with database.write() as session:
        return small_clinic(session)


def book(database: Database, clinic: SmallClinic, *texts: str, booked_at: datetime = NOW) -> list[int]:
    with database.write() as session:
        _, visits = make_course(session, clinic, [wall(clinic, one) for one in texts], booked_at=booked_at)
        return [visit.id for visit in visits]


def derive(database: Database, now: datetime) -> list[tuple[int, int]]:
    """Run one tick's derivation; gives (visit, days before) of what was written."""
    with database.read() as session:
        due = due_reminders(session, now)
    with database.write() as session:
        write_reminders(session, now, due)
    return [(one.infusion_id, one.days_before) for one in due]


def test_each_reminder_is_written_once_when_its_time_has_come(
    database: Database, clinic: SmallClinic
) -> None:
    (visit,) = book(database, clinic, "2026-11-10 09:30")
    assert derive(database, wall(clinic, "2026-11-07 09:29")) == []
    assert derive(database, wall(clinic, "2026-11-07 09:30")) == [(visit, 3)]
    assert derive(database, wall(clinic, "2026-11-07 09:31")) == []
    assert derive(database, wall(clinic, "2026-11-09 09:30")) == [(visit, 1)]
    with database.read() as session:
        keys = session.scalars(select(Message.dedupe_key).order_by(Message.id)).all()
    assert list(keys) == [dedupe_key(visit, 1, 3), dedupe_key(visit, 1, 1)]


def test_two_workers_that_derive_at_once_write_one_message(database: Database, clinic: SmallClinic) -> None:
    book(database, clinic, "2026-11-10 09:30")
    now = wall(clinic, "2026-11-07 09:30")
    with database.read() as session:
        seen_by_both = due_reminders(session, now)
    for _ in range(2):
        with database.write() as session:
            write_reminders(session, now, seen_by_both)
    with database.read() as session:
        assert len(session.scalars(select(Message)).all()) == 1


def test_a_visit_booked_inside_the_lead_time_gets_only_what_is_still_ahead(
    database: Database, clinic: SmallClinic
) -> None:
    booked = wall(clinic, "2026-11-08 12:00")
    (visit,) = book(database, clinic, "2026-11-10 09:30", booked_at=booked)
    assert derive(database, booked + timedelta(minutes=1)) == []
    assert derive(database, wall(clinic, "2026-11-09 10:00")) == [(visit, 1)]


@pytest.mark.parametrize(
    "status", [status for status in InfusionStatus if status is not InfusionStatus.SCHEDULED]
)
def test_only_scheduled_visits_are_reminded_of(
    database: Database, clinic: SmallClinic, status: InfusionStatus
) -> None:
    (visit,) = book(database, clinic, "2026-11-10 09:30")
    with database.write() as session:
        session.get_one(Infusion, visit).status = status
    assert derive(database, wall(clinic, "2026-11-09 10:00")) == []


def test_a_moved_visit_is_reminded_of_at_its_new_time(database: Database, clinic: SmallClinic) -> None:
    (visit,) = book(database, clinic, "2026-11-10 09:30")
    assert derive(database, wall(clinic, "2026-11-07 09:30")) == [(visit, 3)]
    with database.write() as session:
        row = session.get_one(Infusion, visit)
        row.starts_at += timedelta(days=3)
        row.ends_at += timedelta(days=3)
        row.chair_until += timedelta(days=3)
        row.schedule_version = 2
        row.scheduled_at = wall(clinic, "2026-11-08 12:00")
    assert derive(database, wall(clinic, "2026-11-09 12:00")) == []
    assert derive(database, wall(clinic, "2026-11-10 09:30")) == [(visit, 3)]


def test_a_rule_that_is_switched_off_reminds_of_nothing(database: Database, clinic: SmallClinic) -> None:
    book(database, clinic, "2026-11-10 09:30")
    with database.write() as session:
        for rule in session.scalars(select(ReminderRule)):
            rule.active = False
    assert derive(database, wall(clinic, "2026-11-09 10:00")) == []


def test_one_visit_that_breaks_does_not_cost_the_next_one_its_reminder(
    database: Database, clinic: SmallClinic
) -> None:
    book(database, clinic, "2026-11-10 09:30")
    with database.write() as session:
        clinic.patient.time_zone = "Nowhere/Atlantis"
        session.merge(clinic.patient)
    (second,) = _of_another_patient(database, clinic, "2026-11-10 11:30")
    assert derive(database, wall(clinic, "2026-11-07 11:30")) == [(second, 3)]


def _of_another_patient(database: Database, clinic: SmallClinic, start: str) -> list[int]:
    with database.write() as session:
        other = make_patient(session, clinic.site, 2)
        _, visits = make_course(session, clinic, [wall(clinic, start)], patient=other, chair=1)
        return [visit.id for visit in visits]


def test_what_is_still_to_come_is_planned_and_stored_nowhere(database: Database, clinic: SmallClinic) -> None:
    visits = book(database, clinic, "2026-11-10 09:30", "2026-11-12 09:30")
    with database.read() as session:
        course_id = session.get_one(Infusion, visits[0]).course_id
        planned = planned_reminders(session, course_id, NOW)
        assert session.scalars(select(Message)).all() == []
    assert [(one.infusion_id, one.label, f"{one.due_at:%d %H:%M}") for one in planned] == [
        (visits[0], "Reminder, 3 days before", "07 09:30"),
        (visits[0], "Reminder, 1 day before", "09 09:30"),
        (visits[1], "Reminder, 3 days before", "09 09:30"),
        (visits[1], "Reminder, 1 day before", "11 09:30"),
    ]
    with database.read() as session:
        until = wall(clinic, "2026-11-09 09:29")
        assert [one.infusion_id for one in planned_until(session, NOW, until)] == [visits[0]]


def test_a_written_reminder_is_no_longer_planned(database: Database, clinic: SmallClinic) -> None:
    (visit,) = book(database, clinic, "2026-11-10 09:30")
    derive(database, wall(clinic, "2026-11-07 09:30"))
    with database.read() as session:
        course_id = session.get_one(Infusion, visit).course_id
        planned = planned_reminders(session, course_id, wall(clinic, "2026-11-07 09:30"))
    assert [one.label for one in planned] == ["Reminder, 1 day before"]


def test_the_look_for_reminders_goes_through_indexes(sqlite: Database) -> None:
    with sqlite.read() as session:
        statement = without_message(ReminderRule(channel=Channel.EMAIL, days_before=3)).where(
            Infusion.starts_at > NOW, Infusion.starts_at < NOW + timedelta(days=3)
        )
        compiled = statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        plan = "\n".join(
            row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}")
        )
    assert "ix_infusions_status_start" in plan
    assert "SEARCH messages" in plan
    assert "SCAN" not in plan
