"""The link goes out after a booking or from the desk, and one click closes everything again."""

import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler import clock
from scheduler.db import Database
from scheduler.features.calendars.feeds.change import make_feed
from scheduler.features.calendars.feeds.owners import Owner, line_of
from scheduler.features.outbox.actions import Ready, claim_next, prepare
from scheduler.features.outbox.contact.actions import choose
from scheduler.features.outbox.page_links import due_sendings, write_sendings
from scheduler.models import Channel, Course, CourseStatus, Message, MessageStatus, Patient, Purpose, Topic
from tests.features.conftest import SignedIn
from tests.features.portal.pages.conftest import Door
from tests.support.changes import LATER, ROSA, booked
from tests.support.clinic import NOW, SmallClinic
from tests.support.post import BASE
from tests.support.sign_in import csrf_token, sign_in

LINK = re.compile(r"https://clinic\.example(/p/[A-Za-z0-9_-]{43})")


def messages(database: Database) -> list[Message]:
    with database.read() as session:
        return list(
            session.scalars(select(Message).where(Message.purpose == Purpose.PAGES).order_by(Message.id))
        )


def words(ready: Ready) -> str:
    """All that a mail says, in either form."""
    parts = message_from_bytes(ready.body, policy=policy.default).walk()
    return " ".join(part.get_content() for part in parts if part.get_content_maintype() == "text")


def due(database: Database, **later: float) -> list[Channel]:
    """By which ways links would go out so much later than the booking."""
    with database.read() as session:
        return [one.channel for one in due_sendings(session, NOW + timedelta(**later))]


def test_after_a_booking_the_link_goes_out_once_and_behind_the_summary(
    database: Database, clinic: SmallClinic
) -> None:
    booked(database, clinic)
    assert due(database, minutes=9) == []  # A booking that is undone at once sends nothing.
    assert due(database, minutes=10) == [Channel.EMAIL]
    assert due(database, hours=25) == []  # What a sleeping worker missed is not caught up with.
    for _ in range(2):
        with database.write() as session:
            at = NOW + timedelta(minutes=10)
            write_sendings(session, at, due_sendings(session, at))
    assert [one.patient_id for one in messages(database)] == [clinic.patient.id]
    assert due(database, minutes=20) == []


def test_a_patient_who_takes_texts_alone_gets_the_link_a_day_later(
    database: Database, clinic: SmallClinic
) -> None:
    booked(database, clinic)
    with database.write() as session:
        choose(session, ROSA, NOW, clinic.patient.id, Topic.EMAIL, False, "desk")
        choose(session, ROSA, NOW, clinic.patient.id, Topic.SMS, True, "desk")
    assert due(database, minutes=10) == []
    assert due(database, days=1, minutes=10) == [Channel.SMS]


@pytest.mark.parametrize("gone", ["course", "patient"])
def test_what_was_called_off_sends_no_link(database: Database, clinic: SmallClinic, gone: str) -> None:
    course = booked(database, clinic)
    with database.write() as session:
        if gone == "course":
            session.get_one(Course, course).status = CourseStatus.DISCONTINUED
        else:
            session.get_one(Patient, clinic.patient.id).archived_at = NOW
    assert due(database, minutes=10) == []


def test_the_desk_sends_the_link_with_one_click_and_twice_is_one_message(
    as_role: SignedIn, database: Database, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(as_role("front_desk"), clinic, "pages")
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=1))
    answer = press(as_role("front_desk"), clinic, "pages")
    assert "goes out by mail" in answer
    [message] = messages(database)
    with database.write() as session:
        claim = claim_next(session, LATER, "w")
        assert claim is not None and claim.message_id == message.id
        ready = prepare(session, LATER, "w", claim, BASE)
    assert isinstance(ready, Ready)
    assert "Marta" not in words(ready) and "1986" not in words(ready)
    with database.write() as session:
        choose(session, ROSA, NOW, clinic.patient.id, Topic.EMAIL, False, "desk")
    assert "No way to the patient is open" in press(as_role("front_desk"), clinic, "pages")


def test_the_link_in_the_mail_leads_to_the_door(door: Door) -> None:
    database = door.phone.database
    with database.write() as session:
        for message in session.scalars(select(Message)):
            message.status = MessageStatus.SENT
        at = door.phone.now[0] + timedelta(minutes=10)
        write_sendings(session, at, due_sendings(session, at))
        claim = claim_next(session, at, "w")
        assert claim is not None
        ready = prepare(session, at, "w", claim, BASE)
    assert isinstance(ready, Ready)
    [path] = set(LINK.findall(words(ready)))
    assert "say when you were born" in door.get(path).text


def test_a_lost_phone_is_closed_with_one_click_and_with_it_all_that_lies_in_the_mailbox(door: Door) -> None:
    database, clinic = door.phone.database, door.phone.clinic
    owner = Owner("patient", clinic.patient.id)
    door.enter()
    with database.write() as session:
        make_feed(session, ROSA, LATER, owner)
    client = door.client.application.test_client()
    sign_in(client, database, clinic.users["front_desk"])
    assert "Open on 1 device" in client.get(f"/patients/{clinic.patient.id}").text
    said = press(client, clinic, "pages/end")
    assert "Closed: 1 device, 2 links and the calendar address." in said
    assert "Open on no device" in said
    assert (door.get("/my").status_code, door.look().status_code) == (401, 404)
    assert door.phone.look().status_code == 404  # The link to a single visit.
    with database.read() as session:
        assert line_of(session, owner, LATER) is None


def press(client: FlaskClient, clinic: SmallClinic, what: str) -> str:
    """Press a button on the patient's page; the page that follows."""
    data = {"csrf_token": csrf_token(client)}
    return client.post(f"/patients/{clinic.patient.id}/{what}", data=data, follow_redirects=True).text
