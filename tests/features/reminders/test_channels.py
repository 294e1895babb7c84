"""By which ways a visit is reminded of: the rules of its protocol, the ways that the patient has open."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from scheduler.actor import WORKER
from scheduler.db import Database
from scheduler.features.outbox.contact.actions import allow_address, choose, stop_address
from scheduler.features.reminders.actions import settle_reachable, write_reminders
from scheduler.features.reminders.queries import due_reminders, planned_reminders
from scheduler.models import Channel, Infusion, Message, ReminderRule, StaffTask, Topic
from tests.support.booked import make_course, wall
from tests.support.clinic import NOW, SmallClinic, make_protocol, small_clinic

VISIT, THREE_BEFORE, ONE_BEFORE = "2026-11-10 09:30", "2026-11-07 09:30", "2026-11-09 09:30"


@pytest.fixture
def clinic(database: Database) -> SmallClinic:
    with database.write() as session:
        clinic = small_clinic(session)
        session.add(ReminderRule(channel=Channel.SMS, days_before=1))
        clinic.patient.phone = "+12125550147"
        return clinic


@pytest.fixture
def visit(database: Database, clinic: SmallClinic) -> int:
    with database.write() as session:
        _, (row,) = make_course(session, clinic, [wall(clinic, VISIT)])
        return row.id


def agree(database: Database, clinic: SmallClinic, topic: Topic, allowed: bool, at: datetime = NOW) -> None:
    with database.write() as session:
        choose(session, WORKER, at, clinic.patient.id, topic, allowed, "patient")


def remind(database: Database, now: datetime) -> list[tuple[str, int]]:
    with database.write() as session:
        due = due_reminders(session, now)
        write_reminders(session, now, due)
        return [(one.channel.value, one.days_before) for one in due if not one.closed]


def calls(database: Database) -> list[tuple[str, bool]]:
    with database.read() as session:
        rows = session.scalars(select(StaffTask).order_by(StaffTask.id))
        return [(row.facts["why"], row.done_at is None) for row in rows]


def test_texts_go_to_those_who_agreed_to_them_beside_the_mail(
    database: Database, clinic: SmallClinic, visit: int
) -> None:
    assert remind(database, wall(clinic, ONE_BEFORE)) == [("email", 3), ("email", 1)]
    agree(database, clinic, Topic.SMS, allowed=True)
    assert remind(database, wall(clinic, ONE_BEFORE)) == [("sms", 1)]
    assert remind(database, wall(clinic, ONE_BEFORE)) == []
    with database.read() as session:
        keys = session.scalars(select(Message.dedupe_key).order_by(Message.id)).all()
    assert keys[-1] == f"reminder:infusion:{visit}:v1:1d:sms"


def test_a_consent_given_after_a_reminder_was_due_catches_up_with_nothing(
    database: Database, clinic: SmallClinic, visit: int
) -> None:
    agree(database, clinic, Topic.SMS, allowed=True, at=wall(clinic, "2026-11-09 12:00"))
    assert ("sms", 1) not in remind(database, wall(clinic, "2026-11-09 13:00"))


def test_a_protocol_with_rules_of_its_own_uses_only_these(
    database: Database, clinic: SmallClinic, visit: int
) -> None:
    with database.write() as session:
        protocol = clinic.protocol_version.protocol_id
        other = make_protocol(session, "Other")
        session.add(ReminderRule(protocol_id=other.protocol_id, channel=Channel.EMAIL, days_before=5))
    assert remind(database, wall(clinic, THREE_BEFORE)) == [("email", 3)]
    with database.write() as session:
        session.add(ReminderRule(protocol_id=protocol, channel=Channel.EMAIL, days_before=2, active=False))
    assert remind(database, wall(clinic, ONE_BEFORE)) == []
    with database.write() as session:
        for rule in session.scalars(select(ReminderRule).where(ReminderRule.protocol_id == protocol)):
            rule.active = True
    assert remind(database, wall(clinic, ONE_BEFORE)) == [("email", 2)]


def test_a_rule_that_is_switched_on_catches_up_with_nothing(
    database: Database, clinic: SmallClinic, visit: int
) -> None:
    with database.write() as session:
        since = wall(clinic, "2026-11-05 12:00")
        session.add(ReminderRule(channel=Channel.EMAIL, days_before=5, since=since))
    assert remind(database, wall(clinic, "2026-11-05 13:00")) == []


def test_whoever_no_message_reaches_is_called_once_for_each_visit_as_it_stands(
    database: Database, clinic: SmallClinic, visit: int
) -> None:
    with database.write() as session:
        stop_address(session, WORKER, NOW, Channel.EMAIL, clinic.patient.email or "", "bounce")
    assert remind(database, wall(clinic, THREE_BEFORE)) == []
    remind(database, wall(clinic, ONE_BEFORE))
    why = "Mail to this address came back on 2 Nov 2026. The patient has not agreed to texts."
    assert calls(database) == [(f"Needs a call. {why}", True)]
    with database.write() as session:
        task = session.scalars(select(StaffTask)).one()
        task.done_at, task.outcome = NOW, "Called."
    remind(database, wall(clinic, "2026-11-09 09:31"))
    assert [waits for _, waits in calls(database)] == [False], "somebody has called"
    with database.write() as session:
        row = session.get_one(Infusion, visit)
        row.schedule_version, row.starts_at = 2, row.starts_at + timedelta(minutes=30)
    remind(database, wall(clinic, "2026-11-09 10:00"))
    assert [waits for _, waits in calls(database)] == [False, True]


@pytest.mark.parametrize("happens", ["way opens", "visit moves"])
def test_the_call_is_settled_when_it_is_no_longer_needed(
    database: Database, clinic: SmallClinic, visit: int, happens: str
) -> None:
    address = clinic.patient.email or ""
    with database.write() as session:
        stop_address(session, WORKER, NOW, Channel.EMAIL, address, "bounce")
    now = wall(clinic, THREE_BEFORE)
    remind(database, now)
    with database.write() as session:
        assert settle_reachable(session, WORKER, now) == 0
        if happens == "way opens":
            allow_address(session, WORKER, now, Channel.EMAIL, address)
        else:
            session.get_one(Infusion, visit).schedule_version = 2
        session.flush()
        assert settle_reachable(session, WORKER, now) == 1
    assert [waits for _, waits in calls(database)] == [False]


def test_who_wants_no_reminder_mails_gets_texts_or_a_call_until_they_want_them_again(
    database: Database, clinic: SmallClinic, visit: int
) -> None:
    agree(database, clinic, Topic.REMINDERS, allowed=False)
    now = wall(clinic, THREE_BEFORE)
    assert remind(database, now) == []
    why = "Needs a call. The patient wants no reminders by e-mail. The patient has not agreed to texts."
    assert calls(database) == [(why, True)]
    with database.write() as session:
        assert settle_reachable(session, WORKER, now) == 0
    agree(database, clinic, Topic.SMS, allowed=True)
    assert remind(database, wall(clinic, ONE_BEFORE)) == [("sms", 1)]
    agree(database, clinic, Topic.REMINDERS, allowed=True, at=wall(clinic, "2026-11-09 09:31"))
    assert remind(database, wall(clinic, "2026-11-09 09:32")) == [], "nothing is caught up with"
    with database.write() as session:
        assert settle_reachable(session, WORKER, now) == 1


def test_what_is_planned_says_by_which_way(database: Database, clinic: SmallClinic, visit: int) -> None:
    agree(database, clinic, Topic.SMS, allowed=True)
    with database.read() as session:
        planned = planned_reminders(session, session.get_one(Infusion, visit).course_id, NOW)
    assert [(one.label[-12:], one.channel) for one in planned] == [
        ("3 days before"[-12:], "E-mail"),
        (" 1 day before"[-12:], "E-mail"),
        (" 1 day before"[-12:], "Text message"),
    ]


def test_texts_that_no_rule_of_the_visit_uses_reach_nobody_so_somebody_calls(
    database: Database, clinic: SmallClinic, visit: int
) -> None:
    agree(database, clinic, Topic.REMINDERS, allowed=False)
    agree(database, clinic, Topic.SMS, allowed=True)
    now = wall(clinic, THREE_BEFORE)
    assert (remind(database, now), calls(database)) == ([], []), "the text comes a day before"
    protocol = clinic.protocol_version.protocol_id
    with database.write() as session:
        for channel, active in ((Channel.EMAIL, True), (Channel.SMS, False)):
            row = ReminderRule(protocol_id=protocol, channel=channel, days_before=3, active=active)
            session.add(row)
    assert remind(database, now) == []
    said = "The patient wants no reminders by e-mail. The clinic's rules remind by e-mail alone."
    assert calls(database) == [(f"Needs a call. {said}", True)]
    with database.write() as session:
        assert settle_reachable(session, WORKER, now) == 0
        session.merge(row).active = True
        session.flush()
        assert settle_reachable(session, WORKER, now) == 1
