"""A link opens its one visit or nothing, and whoever tries one that opens nothing learns nothing."""

import io
from datetime import timedelta

import icalendar
import pytest
import vobject

from scheduler.features.accounts import link_throttle
from scheduler.features.outbox.links import make_link, revoke_links
from scheduler.web.logs import configure_logs
from tests.features.portal.conftest import Phone
from tests.support.changes import LATER, visits
from tests.support.sign_in import csrf_token

WAYS = ("", "/appointment.ics")


def test_wrong_expired_and_revoked_links_give_the_same_bytes(phone: Phone) -> None:
    with phone.database.write() as session:
        row = visits(session, phone.course)[0]
        over = make_link(session, LATER, row.patient_id, row.id, LATER)
        ended = make_link(session, LATER, row.patient_id, row.id, row.ends_at)
        revoke_links(session, LATER, row.patient_id)
    wrong = "x" * 43
    for way in WAYS:
        answers = [
            phone.client.get(f"/v/{raw}{way}") for raw in (over, ended, wrong, "short", phone.path[3:])
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.data for answer in answers}) == 1
        headers = [{k: v for k, v in answer.headers if k != "X-Request-ID"} for answer in answers]
        assert all(each == headers[0] for each in headers)
    said = answers[0].text
    assert 'lang="en"' in said and 'lang="es"' in said and "Llame a la clínica" in said
    assert "Riverside" not in said and "Sixfold" not in said


@pytest.mark.parametrize("what", ["confirm", "ask", "ready/1"])
def test_a_dead_link_takes_no_answer(phone: Phone, what: str) -> None:
    phone.now[0] = phone.visit().ends_at + timedelta(days=1)
    assert phone.send(what, time="call", ready="1").status_code == 404
    phone.now[0] -= timedelta(seconds=1)
    assert phone.look().status_code == 200


def test_the_secret_goes_nowhere(phone: Phone) -> None:
    stream = io.StringIO()
    configure_logs("info", stream)
    answers = [phone.look(), phone.look("/appointment.ics"), phone.send("confirm"), phone.client.get("/v/no")]
    for answer in answers:
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["Cache-Control"] == "no-store"
    lines = stream.getvalue()
    assert "/v/<token>" in lines and phone.path[3:] not in lines


def test_answers_are_taken_over_https_from_a_page_that_sends_no_referrer(phone: Phone) -> None:
    data = {"version": "1", "csrf_token": csrf_token(phone.client)}
    secure = {"base_url": "https://localhost", "data": data}
    strange = phone.client.post(f"{phone.path}/confirm", headers={"Sec-Fetch-Site": "cross-site"}, **secure)
    assert (strange.status_code, phone.visit().confirmation) == (400, "none")
    own = phone.client.post(f"{phone.path}/confirm", headers={"Sec-Fetch-Site": "same-origin"}, **secure)
    assert (own.status_code, phone.visit().confirmation) == (303, "confirmed")


def test_whoever_tries_many_links_has_to_wait_and_a_true_link_still_opens(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_throttle, "DEAD_LINKS", 3)
    statuses = [phone.client.get(f"/v/{number}").status_code for number in range(5)]
    assert statuses == [404, 404, 404, 429, 429]
    assert phone.look().status_code == 200
    phone.now[0] += timedelta(minutes=16)
    assert phone.client.get("/v/6").status_code == 404


def test_whoever_answers_without_end_has_to_wait(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_throttle, "ANSWERS", 2)
    assert [phone.send("ready/1", ready="1").status_code for _ in range(3)] == [303, 303, 429]


def test_the_calendar_file_is_the_visit_and_names_no_attendee(phone: Phone) -> None:
    answer = phone.look("/appointment.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="appointment.ics"'
    event = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")[0]
    other = vobject.readOne(answer.text).vevent
    visit = phone.visit()
    assert event["UID"] == visit.ics_uid and event["DTSTART"].dt == other.dtstart.value == visit.starts_at
    assert "ATTENDEE" not in event and str(event["SUMMARY"]) == "Appointment"
    assert phone.path[3:] not in answer.text
