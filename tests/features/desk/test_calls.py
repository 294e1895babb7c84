"""The call list: whom mail does not reach and who has something to be told, until somebody says it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from scheduler.actor import WORKER
from scheduler.db import Database
from scheduler.errors import ConflictError
from scheduler.features.courses.actions.call import Call, note_call
from scheduler.features.courses.actions.cancel import cancel_visits
from scheduler.features.courses.actions.place import Placement, place_visits
from scheduler.features.courses.actions.respond import ask_change
from scheduler.features.courses.actions.undo import undo
from scheduler.features.courses.history import history_of_course
from scheduler.features.desk.calls import About, CallLine
from scheduler.features.desk.queries.calls import call_lines
from scheduler.features.outbox.actions.enqueue import enqueue
from scheduler.features.outbox.actions.webhook_endpoints import add_endpoint
from scheduler.features.outbox.contact.actions import choose
from scheduler.features.outbox.contact.reminding import UNWANTED
from scheduler.features.outbox.events import EVENTS
from scheduler.models import (
    AuditEvent,
    Channel,
    CourseChange,
    Infusion,
    Message,
    MessageStatus,
    Patient,
    Purpose,
    ReminderRule,
    StaffTask,
    Topic,
    WebhookDelivery,
)
from scheduler.rendering.discreet import find_banned
from scheduler.worker.deliver import deliver_due
from tests.features.conftest import SignedIn
from tests.support.changes import LATER, MONDAY, ROSA, booked, visits
from tests.support.clinic import NOW, SmallClinic, make_patient
from tests.support.post import Clock, Recorder, post
from tests.support.sign_in import csrf_token

SOON = NOW + timedelta(days=26)  # Two days before the first visit.


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The list is the same on both databases."""
    return sqlite


@pytest.fixture
def course(database: Database, clinic: SmallClinic) -> int:
    """Six visits of a patient who has no e-mail address; the confirmation had nowhere to go."""
    with database.write() as session:
        session.get_one(Patient, clinic.patient.id).email = None
    found = booked(database, clinic)
    sent(database, NOW)
    return found


def sent(database: Database, at: datetime) -> None:
    """The worker looks at what is due."""
    deliver_due(post(database, Recorder(), Clock(at)))


def lines(database: Database, clinic: SmallClinic, at: datetime = LATER) -> list[CallLine]:
    with database.read() as session:
        return call_lines(session, clinic.site, at)


def abouts(database: Database, clinic: SmallClinic, at: datetime = LATER) -> list[tuple[int, About]]:
    return [(point.number, point.about) for line in lines(database, clinic, at) for point in line.points]


def reached(database: Database, course: int, seen: dict[int, int], at: datetime = LATER) -> int:
    return database.attempt(lambda s: note_call(s, ROSA, at, course, Call.REACHED, seen=seen)).change_id


def test_who_has_no_mail_is_told_the_dates_once_and_asked_again_before_each_visit(
    database: Database, clinic: SmallClinic, course: int
) -> None:
    assert abouts(database, clinic) == [(number, About.DATES) for number in range(1, 7)]
    reached(database, course, dict.fromkeys(range(1, 7), 1))
    assert lines(database, clinic) == []
    assert abouts(database, clinic, SOON) == [(1, About.CONFIRM), (2, About.CONFIRM)]
    database.attempt(lambda s: note_call(s, ROSA, SOON, course, Call.REACHED, seen={1: 1, 2: 1}, comes=[1]))
    assert lines(database, clinic, SOON) == []
    with database.read() as session:
        assert [row.confirmation for row in visits(session, course)][:3] == ["confirmed", "none", "none"]


def test_whose_visit_comes_next_is_called_first(database: Database, clinic: SmallClinic, course: int) -> None:
    with database.write() as session:
        sooner = make_patient(session, clinic.site, 2, given_name="Otto", family_name="Vogel", email=None)
    booked(
        database,
        clinic,
        first=MONDAY - timedelta(days=6, hours=20),
        patient=sooner,
        key="key-of-another-page",
    )
    sent(database, NOW)
    found = lines(database, clinic)
    assert [line.patient_id for line in found] == [sooner.id, clinic.patient.id]
    assert found[1].course_id == course


def test_who_wants_no_reminder_mails_is_asked_by_phone_and_told_all_else_by_mail(
    database: Database, clinic: SmallClinic
) -> None:
    found = booked(database, clinic)
    sent(database, NOW)
    with database.write() as session:
        choose(session, WORKER, LATER, clinic.patient.id, Topic.REMINDERS, False, "patient")
    database.attempt(lambda s: cancel_visits(s, ROSA, LATER, found, [5], "Ill"))
    with database.write() as session:
        for purpose, status in ((Purpose.VISIT_CANCELLED, "sent"), (Purpose.REMINDER, "suppressed")):
            reason = UNWANTED if status == "suppressed" else ""
            message = enqueue(
                session, LATER, purpose=purpose, patient_id=clinic.patient.id, language="en",
                dedupe_key=status, facts={}, infusion_id=1, schedule_version=1,
            )  # fmt: skip
            message.status, message.reason = MessageStatus(status), reason
    assert lines(database, clinic) == []
    assert abouts(database, clinic, SOON) == [(1, About.CONFIRM), (2, About.CONFIRM)]
    assert lines(database, clinic, SOON)[0].why == "The patient wants no reminders by e-mail"
    with database.write() as session:
        choose(session, WORKER, SOON, clinic.patient.id, Topic.SMS, True, "desk")
    assert len(lines(database, clinic, SOON)) == 1, "no rule reminds by text"
    with database.write() as session:
        session.add(ReminderRule(channel=Channel.SMS, days_before=1))
    assert lines(database, clinic, SOON) == []


def test_who_was_not_reached_stays_on_the_list_with_the_last_try(
    database: Database, clinic: SmallClinic, course: int
) -> None:
    for call, note in ((Call.NO_ANSWER, ""), (Call.LEFT_MESSAGE, "With the sister")):
        database.attempt(lambda s, c=call, n=note: note_call(s, ROSA, LATER, course, c, seen={1: 1}, note=n))
    [line] = lines(database, clinic)
    assert line.last is not None
    assert (line.last.words, line.last.note, line.last.who) == (
        "Left a message by phone",
        "With the sister",
        "Rosa",
    )


def test_what_is_moved_or_cancelled_after_a_call_is_to_be_told_again(
    database: Database, clinic: SmallClinic, course: int
) -> None:
    reached(database, course, dict.fromkeys(range(1, 7), 1))
    spot = Placement(6, clinic.chairs[0].id, (MONDAY + timedelta(days=11)).replace(hour=13, minute=0), 6)
    database.attempt(lambda s: place_visits(s, ROSA, LATER, course, [spot], seen={6: 1}))
    database.attempt(lambda s: cancel_visits(s, ROSA, LATER, course, [5], "Ill"))
    sent(database, LATER)
    assert abouts(database, clinic) == [(5, About.OFF), (6, About.MOVED)]
    [line] = lines(database, clinic)
    friday = "Friday 11 December"
    assert line.say == [
        "This is Riverside Clinic.",
        f"Your appointment is on {friday} at 13:00 now, and no longer on {friday} at 09:30.",
        "Your appointment on Wednesday 9 December at 09:30 does not take place.",
    ]
    assert not any(find_banned(sentence) for sentence in line.say)
    with pytest.raises(ConflictError, match=r"Visit no. 6 was changed by Rosa at 11:00, after you opened"):
        reached(database, course, {5: 1, 6: 1})
    change = reached(database, course, {5: 1, 6: 2})
    assert lines(database, clinic) == []
    database.attempt(lambda s: undo(s, ROSA, LATER, change))
    assert abouts(database, clinic) == [(5, About.OFF), (6, About.MOVED)]
    with database.read() as session:
        assert len(visits(session, course)) == 6, "undoing a call books nothing"


def test_who_gets_mail_is_not_on_the_list_until_it_comes_back(
    database: Database, clinic: SmallClinic
) -> None:
    booked(database, clinic)
    sent(database, NOW)
    assert lines(database, clinic) == lines(database, clinic, SOON) == []
    with database.write() as session:
        for message in session.scalars(select(Message)):
            message.status = MessageStatus.DEAD
    [line] = lines(database, clinic)
    assert line.why == "Mail does not arrive"
    with database.write() as session:
        session.get_one(Patient, clinic.patient.id).archived_at = NOW
    assert lines(database, clinic) == []


def test_nobody_is_called_at_night_where_they_are(
    database: Database, clinic: SmallClinic, course: int
) -> None:
    with database.write() as session:
        session.get_one(Patient, clinic.patient.id).time_zone = "Asia/Tokyo"
    [line] = lines(database, clinic, NOW)  # Midnight in Tokyo.
    assert line.quiet_until is not None and f"{line.quiet_until:%a %H:%M}" == "Mon 18:00"


def test_a_call_is_made_from_the_page_and_undone_there(
    database: Database, clinic: SmallClinic, course: int, as_role: SignedIn
) -> None:
    desk = as_role("front_desk")
    page = desk.get("/calls").text
    assert "+12125550123" in page and "Tell the dates" in page and "1 call to make" in page
    form = {"call": "reached", "seen": [f"{number}.1" for number in range(1, 7)], "comes": ["2"]}
    told = desk.post(
        f"/courses/{course}/calls",
        data={**form, "note": "Will bring a friend", "csrf_token": csrf_token(desk)},
    )
    assert told.status_code == 303
    page = desk.get(told.headers["Location"]).text
    assert "Reached: it is noted." in page and "Nobody has to be called" in page
    with database.read() as session:
        change = session.scalars(select(CourseChange).where(CourseChange.kind == "reached")).one()
        newest = history_of_course(session, course, clinic.site.tz)[0]
        assert newest.words.startswith("Reached by phone") and newest.reason == "Will bring a friend"
        assert (
            len(session.scalars(select(AuditEvent).where(AuditEvent.action == "infusion.reached")).all()) == 6
        )
    undone = desk.post(f"/changes/{change.id}/undo", data={"csrf_token": csrf_token(desk)})
    assert undone.status_code == 303
    assert "1 call to make" in desk.get("/calls").text
    with database.read() as session:
        assert session.get_one(Infusion, 2).confirmation == "none"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"call": "shouted", "seen": "1.1"}, "could not be read"),
        ({"call": "reached"}, "names no visit"),
        ({"call": "reached", "seen": "1.1", "comes": "2"}, "could not be read"),
        ({"call": "no_answer", "seen": "1.1", "comes": "1"}, "was reached"),
        ({"call": "reached", "seen": "1.1", "note": "x" * 501}, "at most 500"),
        ({"call": "reached", "seen": "1.7"}, "was changed by"),
    ],
)
def test_a_call_that_can_not_be_noted_is_said_and_keeps_what_was_typed(
    course: int, as_role: SignedIn, form: dict[str, str], said: str
) -> None:
    desk = as_role("front_desk")
    typed = {"note": "Ask again", **form, "csrf_token": csrf_token(desk)}
    answer = desk.post(f"/courses/{course}/calls", data=typed)
    assert answer.status_code in (409, 422)
    assert said in answer.text
    assert f'value="{form.get("note", "Ask again")}"' in answer.text


def test_who_says_on_the_phone_that_they_come_is_confirmed_like_any_other(
    database: Database, clinic: SmallClinic, course: int
) -> None:
    """With time and source; other programs are told of that and not of the call."""
    with database.write() as session:
        first = visits(session, course)[0]
        add_endpoint(session, ROSA, NOW, "https://lab.example.org/", list(EVENTS), private=False)
        ask_change(session, ROSA, NOW, first.id, "page", seen_version=first.schedule_version)
    note = {"seen": {first.id: first.schedule_version}, "comes": [first.id]}
    database.attempt(lambda s: note_call(s, ROSA, LATER, course, Call.REACHED, **note))
    with database.read() as session:
        row = session.get_one(Infusion, first.id)
        told = session.scalars(select(WebhookDelivery.event).order_by(WebhookDelivery.id)).all()
        assert session.scalars(select(StaffTask.outcome)).all() == ["The patient comes after all."]
    assert (row.confirmation, row.confirmation_at, row.confirmation_source) == ("confirmed", LATER, "desk")
    assert told == ["infusion.change_asked", "infusion.confirmed"]


def test_a_wish_for_another_time_waits_again_when_the_call_that_ended_it_is_undone(
    database: Database, clinic: SmallClinic, course: int
) -> None:
    with database.write() as session:
        first = visits(session, course)[0]
        ask_change(session, ROSA, NOW, first.id, "page", "After work.", seen_version=first.schedule_version)
    seen = {first.id: first.schedule_version}
    call = {"seen": seen, "comes": [first.id]}
    done = database.attempt(lambda s: note_call(s, ROSA, LATER, course, Call.REACHED, **call))
    database.attempt(lambda s: undo(s, ROSA, LATER, done.change_id))
    with database.read() as session:
        task = session.scalars(select(StaffTask)).one()
        row = session.get_one(Infusion, first.id)
    assert (task.done_at, task.outcome, task.facts, task.raised_at) == (
        None,
        None,
        {"why": "After work."},
        NOW,
    )
    assert row.confirmation == "change_asked"
