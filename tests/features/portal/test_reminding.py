"""The page behind the way out of reminders by mail: one button, a way back, and nothing about the patient."""

import io

import pytest
from werkzeug.test import TestResponse

from scheduler.features.outbox.contact.queries import choices
from scheduler.features.outbox.links import leave_address, revoke_links, visit_address
from scheduler.web.logs import configure_logs
from tests.features.portal.conftest import Phone, Ring
from tests.support.changes import LATER


def way_out(phone: Phone) -> str:
    with phone.database.write() as session:
        return leave_address(session, LATER, phone.visit(), "")


def wants(phone: Phone) -> bool:
    with phone.database.read() as session:
        return choices(session, phone.clinic.patient.id).reminders


def unnumbered(answer: TestResponse) -> list[tuple[str, str]]:
    return [(name, value) for name, value in answer.headers if name != "X-Request-ID"]


@pytest.mark.parametrize(
    ("language", "stop", "off"),
    [
        ("en", "Send me no more reminders", "You get no more reminders by e-mail"),
        ("es", "No me envíen más recordatorios", "Ya no recibirá recordatorios por correo"),
    ],
)
def test_looking_changes_nothing_pressing_does_and_there_is_a_way_back(
    ring: Ring, language: str, stop: str, off: str
) -> None:
    phone = ring(language)
    path = way_out(phone)
    shown = phone.client.get(path)
    assert stop in shown.text and f'lang="{language}"' in shown.text and wants(phone)
    assert phone.clinic.patient.given_name not in shown.text
    pressed = phone.client.post(path)
    assert off in pressed.text and not wants(phone)
    assert off in phone.client.get(path).text
    back = phone.client.post(f"{path}/again")
    assert (back.status_code, back.headers["Location"]) == (303, path)
    assert wants(phone)


def test_a_link_that_opens_nothing_is_the_same_whatever_it_once_was(phone: Phone) -> None:
    ended = way_out(phone)
    with phone.database.write() as session:
        revoke_links(session, LATER, phone.clinic.patient.id)
        other = visit_address(session, LATER, phone.visit(), "")
    answers = [phone.client.get(path) for path in (ended, "/u/wrong", other.replace("/v/", "/u/"))]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1
    assert all(unnumbered(answer) == unnumbered(answers[0]) for answer in answers)
    assert phone.client.post(ended).status_code == phone.client.post(f"{ended}/again").status_code == 404
    assert phone.client.get(way_out(phone).replace("/u/", "/v/")).status_code == 404
    assert wants(phone)


def test_the_secret_of_the_way_out_goes_nowhere(phone: Phone) -> None:
    path = way_out(phone)
    stream = io.StringIO()
    configure_logs("info", stream)
    for answer in (phone.client.get(path), phone.client.post(path), phone.client.get("/u/no")):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
    assert "/u/<token>" in stream.getvalue() and path[3:] not in stream.getvalue()
