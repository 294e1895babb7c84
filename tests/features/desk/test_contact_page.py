"""How a patient may be reached is written down at the desk, with when and by whom, and followed at once."""

import re

from sqlalchemy import select

from scheduler.actor import WORKER
from scheduler.db import Database
from scheduler.features.outbox.contact.actions import choose, stop_address
from scheduler.features.outbox.contact.queries import choices
from scheduler.models import Channel, ContactChoice, Message, Patient, Purpose, StoppedAddress, Topic
from tests.features.conftest import SignedIn
from tests.support.booked import make_course, wall
from tests.support.clinic import NOW, SmallClinic, make_patient
from tests.support.sign_in import csrf_token

PAGE, CONTACT = "/patients/1", "/patients/1/contact"
USUAL = ["email", "invitations", "reminders"]


def save(as_role: SignedIn, allow: list[str], note: str = "", seen: str | None = None) -> tuple[int, str]:
    client = as_role("front_desk")
    shown = client.get(CONTACT)
    found = re.search(r'name="seen" value="(\d+)"', shown.text)
    assert found is not None
    form = {"allow": allow, "note": note, "seen": seen or found[1], "csrf_token": csrf_token(client)}
    answer = client.post(CONTACT, data=form)
    return answer.status_code, answer.text


def test_what_the_patient_said_is_written_with_time_and_source_and_nothing_twice(
    as_role: SignedIn, database: Database
) -> None:
    assert save(as_role, [*USUAL, "sms"], "On the phone")[0] == 303
    assert save(as_role, [*USUAL, "sms"])[0] == 303
    with database.read() as session:
        (row,) = session.scalars(select(ContactChoice)).all()
        assert (row.topic, row.allowed, row.source, row.at, row.note) == (
            Topic.SMS, True, "desk", NOW, "On the phone",
        )  # fmt: skip
    page = as_role("front_desk").get(CONTACT).text
    assert "Text messages: yes" in page
    assert "At the desk, Front Desk" in page
    assert "On the phone" in page
    assert "Wrote down: text messages, yes" in as_role("front_desk").get(PAGE).text


def test_who_chose_meanwhile_is_not_overruled_and_what_was_chosen_stays_in_the_form(
    as_role: SignedIn, database: Database
) -> None:
    with database.write() as session:
        choose(session, WORKER, NOW, 1, Topic.EMAIL, False, "patient")
    status, text = save(as_role, ["email", "sms"], "Asked", seen="0")
    assert status == 409
    assert "Something was changed here" in text
    assert re.search(r'value="sms" checked', text)
    assert 'value="Asked"' in text
    with database.read() as session:
        assert not choices(session, 1).sms


def test_whoever_wants_invitations_from_now_on_gets_one_for_each_visit_to_come(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        make_course(session, clinic, [wall(clinic, "2026-11-10 09:30"), wall(clinic, "2026-11-12 09:30")])
    save(as_role, ["email"])
    save(as_role, USUAL)
    with database.read() as session:
        purposes = session.scalars(select(Message.purpose)).all()
    assert list(purposes) == [Purpose.INVITATION, Purpose.INVITATION]


def test_an_address_that_came_back_is_shown_and_can_be_used_again(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        stop_address(session, WORKER, NOW, Channel.EMAIL, clinic.patient.email or "", "bounce")
    client = as_role("front_desk")
    assert "Reachable by no message: needs a call" in client.get(PAGE).text
    page = client.get(CONTACT)
    assert "Mail to this address came back on 2 Nov 2026." in page.text
    form = {"channel": "email", "csrf_token": csrf_token(client)}
    assert client.post(f"{CONTACT}/allow", data=form).status_code == 303
    assert "needs a call" not in client.get(PAGE).text
    with database.read() as session:
        assert session.scalars(select(StoppedAddress)).all() == []


def test_who_wants_no_reminder_mails_is_seen_to_be_reminded_by_a_call(
    as_role: SignedIn, database: Database
) -> None:
    with database.write() as session:
        choose(session, WORKER, NOW, 1, Topic.REMINDERS, False, "patient")
    page = " ".join(as_role("front_desk").get(PAGE).text.split())
    assert (
        "Wants none by e-mail: by the patient, 2 Nov 2026. Stands on the call list before each visit." in page
    )
    assert save(as_role, [*USUAL, "sms"])[0] == 303
    assert "Wants none by e-mail" not in as_role("front_desk").get(PAGE).text


def test_the_list_shows_whom_no_message_reaches(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        names = ["Texts", "Nothing", "Stopped", "Refused"]
        people = [
            make_patient(session, clinic.site, at, family_name=name, phone=f"+1212555020{at}")
            for at, name in enumerate(names, 2)
        ]
        people[0].email = people[1].email = people[2].email = None
        for person in (people[0], people[2]):
            choose(session, WORKER, NOW, person.id, Topic.SMS, True, "desk")
        stop_address(session, WORKER, NOW, Channel.SMS, people[2].phone or "", "stop")
        choose(session, WORKER, NOW, people[3].id, Topic.EMAIL, False, "patient")
    page = as_role("front_desk").get("/patients?reach=none").text
    assert [name for name in names if f"{name}, " in page] == ["Nothing", "Stopped", "Refused"]
    assert "3 patients" in page


def test_a_new_patient_is_asked_about_texts_at_once(as_role: SignedIn, database: Database) -> None:
    client = as_role("front_desk")
    form = {
        "given_name": "Ana", "family_name": "Ruiz", "birth_date": "14 March 1986", "phone": "212 555 0177",
        "language": "en", "site_id": "1", "can": ["0a"], "texts": "1",
        "csrf_token": csrf_token(client),
    }  # fmt: skip
    assert client.post("/patients/new", data=form).status_code == 303
    with database.read() as session:
        ana = session.scalars(select(Patient).where(Patient.family_name == "Ruiz")).one()
        assert choices(session, ana.id).sms
