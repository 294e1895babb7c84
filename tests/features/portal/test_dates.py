"""All dates of a course behind one link: what still stands, for a calendar, and an address that follows."""

import re
from datetime import timedelta
from email import message_from_bytes, policy

import icalendar
import pytest
import vobject
from sqlalchemy import select

from scheduler.features.accounts import link_throttle
from scheduler.features.calendars.feeds.change import make_feed
from scheduler.features.calendars.feeds.owners import Owner, find
from scheduler.features.outbox.actions import Ready, claim_next, prepare
from scheduler.features.outbox.contact.actions import choose
from scheduler.features.outbox.links import AFTER, course_address, course_holder, revoke_links
from scheduler.models import AuditEvent, InfusionStatus, Message, PatientLink, Topic
from tests.features.portal.conftest import Phone, Ring
from tests.support.changes import LATER, MONDAY, ROSA, visits
from tests.support.clinic import make_patient
from tests.support.post import BASE
from tests.support.sign_in import csrf_token

LINK = re.compile(r"https://clinic\.example(/c/[A-Za-z0-9_-]{43})")


def all_dates(phone: Phone) -> str:
    with phone.database.write() as session:
        return course_address(session, LATER, phone.visit(), "")


def make(phone: Phone, path: str) -> str:
    """Press the button; the token of the address on the page."""
    shown = phone.client.post(f"{path}/calendar", data={"csrf_token": csrf_token(phone.client)})
    assert shown.status_code == 200
    [token] = set(re.findall(r"/feeds/([A-Za-z0-9_-]+)\.ics", shown.text))
    assert 'href="webcal://' in shown.text and shown.text.count("/feeds/") == 2
    return token


@pytest.mark.parametrize(
    ("language", "words", "title"),
    [
        ("en", "All dates, for your calendar", "Add all to my calendar"),
        ("es", "Todas las fechas, para su calendario", "Añadir todas a mi calendario"),
    ],
)
def test_the_summary_of_a_booking_leads_to_all_dates(
    ring: Ring, language: str, words: str, title: str
) -> None:
    phone = ring(language)
    with phone.database.write() as session:
        choose(session, ROSA, LATER, phone.clinic.patient.id, Topic.INVITATIONS, False, "desk", "")
    with phone.database.write() as session:
        claim = claim_next(session, LATER, "w")
        assert claim is not None
        session.get_one(Message, claim.message_id).language = language
        ready = prepare(session, LATER, "w", claim, BASE)
        assert isinstance(ready, Ready)
    mail = message_from_bytes(ready.body, policy=policy.default)
    bodies = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    assert len(bodies) == 2 and all(len(LINK.findall(body)) == 1 for body in bodies)
    [path] = {path for body in bodies for path in LINK.findall(body)}
    shown = phone.client.get(path).text
    assert f'lang="{language}"' in shown and title in shown
    assert phone.clinic.patient.given_name not in shown


def test_what_is_cancelled_is_gone_and_what_was_moved_has_its_new_time(phone: Phone) -> None:
    path = all_dates(phone)
    phone.move(MONDAY.replace(month=12, day=4, hour=13))
    with phone.database.write() as session:
        visits(session, phone.course)[3].status = InfusionStatus.CANCELLED
    phone.now[0] = phone.visit().starts_at - timedelta(days=1)  # The first two are over.
    shown = phone.client.get(path).text
    days = re.findall(r'<time class="big" datetime="[^"]+">([^<]+)</time> (\d\d:\d\d)', shown)
    assert [day for day, _ in days] == [
        "Friday 4 December 2026", "Wednesday 9 December 2026", "Friday 11 December 2026",
    ]  # fmt: skip
    assert days[0][1] == "13:30"


def test_the_file_holds_the_dates_and_names_no_attendee(phone: Phone) -> None:
    answer = phone.client.get(f"{all_dates(phone)}/appointments.ics")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="appointments.ics"'
    assert answer.content_type == "text/calendar; charset=utf-8"
    calendar, other = icalendar.Calendar.from_ical(answer.data), vobject.readOne(answer.text)
    assert calendar["METHOD"] == "PUBLISH" and "ATTENDEE" not in answer.text
    with phone.database.read() as session:
        rows = visits(session, phone.course)
    assert [each.dtstart.value for each in other.vevent_list] == [row.starts_at for row in rows]


def test_an_address_is_made_by_the_patient_shown_once_and_ends_the_one_before(phone: Phone) -> None:
    path, patient = all_dates(phone), phone.clinic.patient.id
    warning = "A new one ends it"
    assert warning not in phone.client.get(path).text
    with phone.database.write() as session:
        earlier = make_feed(session, ROSA, LATER, Owner("patient", patient))
    assert warning in phone.client.get(path).text
    token = make(phone, path)
    with phone.database.read() as session:
        live = find(session, token, LATER)
        assert live is not None and live.owner == Owner("patient", patient)
        assert find(session, earlier, LATER) is None
        query = select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)
        event = session.scalars(query).one()
        assert (event.action, event.actor, event.patient_id) == ("feed.rotated", "patient", patient)
    assert phone.client.get(f"/feeds/{token}.ics").status_code == 200
    assert token not in phone.client.get(path).text


def test_the_link_ends_a_day_after_the_last_visit_as_it_stands_now(phone: Phone) -> None:
    path = all_dates(phone)
    with phone.database.write() as session:
        last = visits(session, phone.course)[-1]
        for each in ("starts_at", "ends_at", "chair_until"):
            setattr(last, each, getattr(last, each) + timedelta(days=2))
    end = last.ends_at + AFTER
    phone.now[0] = end - timedelta(seconds=1)
    shown = phone.client.get(path)
    assert (shown.status_code, "No appointment is ahead" in shown.text) == (200, True)
    phone.now[0] = end
    assert phone.client.get(path).status_code == 404


def test_a_link_that_opens_nothing_is_the_same_whatever_it_once_was(phone: Phone) -> None:
    other = all_dates(phone)
    ended = all_dates(phone)
    with phone.database.write() as session:
        stranger = make_patient(session, phone.clinic.site, 2)
        link = course_holder(session, other[3:], LATER)
        assert link is not None
        session.get_one(PatientLink, link.id).patient_id = stranger.id  # As a merge leaves it.
        # Also where it was made so long ago that nothing but the dates keeps it open.
        session.query(PatientLink).update({"expires_at": LATER})
        revoke_links(session, LATER, phone.clinic.patient.id)
    paths = [ended, other, "/c/wrong", phone.path.replace("/v/", "/c/"), ended.replace("/c/", "/v/")]
    for more in ("", "/appointments.ics"):
        answers = [
            phone.client.get(path + more.replace("s.", "." if "/v/" in path else "s.")) for path in paths
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.data for answer in answers}) == 1
    form = {"csrf_token": csrf_token(phone.client)}
    assert phone.client.post(f"{ended}/calendar", data=form).status_code == 404


def test_looks_are_noted_answers_are_counted_and_nothing_is_kept(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_throttle, "ANSWERS", 1)
    path = all_dates(phone)
    answer = phone.client.get(path)
    headers = {name: answer.headers[name] for name in ("Referrer-Policy", "Cache-Control", "X-Robots-Tag")}
    assert list(headers.values()) == ["no-referrer", "no-store", "noindex"]
    with phone.database.read() as session:
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
        assert (event.action, event.actor, event.entity_id) == ("course.read", "patient", phone.course)
    make(phone, path)
    form = {"csrf_token": csrf_token(phone.client)}
    assert phone.client.post(f"{path}/calendar", data=form).status_code == 429
