"""Administrators say which programs are told of what, see how it went, and send again."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.actor import COMMAND
from scheduler.db import Database
from scheduler.features.courses.actions.call import Call
from scheduler.features.courses.history import DEEDS
from scheduler.features.outbox.actions.webhook_endpoints import add_endpoint
from scheduler.features.outbox.events import EVENTS
from scheduler.models import EndpointState, WebhookDelivery, WebhookEndpoint
from tests.features.conftest import as_role, clinic
from tests.support.clinic import NOW
from tests.support.sign_in import csrf_token

__all__ = ["as_role", "clinic"]

PAGE = "/settings/api/webhooks"
URL = "https://lab.example.org/sixfold"


@pytest.fixture
def database(sqlite: Database) -> Database:
    """Pages ask no more of the other database."""
    return sqlite


@pytest.fixture
def client(as_role: Callable[[str], FlaskClient]) -> FlaskClient:
    return as_role("administrator")


def post(client: FlaskClient, path: str = "", **form: object) -> tuple[int, str]:
    answer = client.post(PAGE + path, data={"csrf_token": csrf_token(client), **form}, follow_redirects=True)
    return answer.status_code, answer.text


def endpoints(database: Database) -> list[WebhookEndpoint]:
    with database.read() as session:
        return list(session.scalars(select(WebhookEndpoint)))


def test_the_secret_is_shown_once(client: FlaskClient, database: Database) -> None:
    _status, text = post(client, url=URL, events=["course.booked"])
    (made,) = endpoints(database)
    assert made.events == ["course.booked"]
    assert text.count(made.secret) == 1
    assert made.secret not in client.get(PAGE).text


@pytest.mark.parametrize(
    "url",
    ["", "lab.example.org", "http://lab.example.org/", "https://", "https://a b.example/", "https://[::1",
     "https://user:word@lab.example.org/", "https://lab.example.org/#x", "https://lab.example.org:99999/",
     "ftp://lab.example.org/", "javascript:alert(1)", f"https://{'a' * 600}.example/", "https://l\u00e4b.example/"],
)  # fmt: skip
def test_what_is_no_address_is_said_and_stays_in_the_field(
    client: FlaskClient, database: Database, url: str
) -> None:
    status, text = post(client, url=url, events=["course.booked"])
    assert status == 422 and 'id="url-error"' in text
    assert endpoints(database) == []


def test_events_must_be_chosen_from_the_list(client: FlaskClient, database: Database) -> None:
    for events in ([], ["patient.born"], ["course.booked", "patient.born"]):
        status, text = post(client, url=URL, events=events)
        assert status == 422 and "Choose at least one event" in text and URL in text
    assert endpoints(database) == []


def test_a_test_event_waits_and_can_be_seen(client: FlaskClient, database: Database) -> None:
    post(client, url=URL, events=["course.booked"])
    _status, text = post(client, "/1/test")
    assert "The test event goes out within a minute" in text and "Queued" in text
    with database.read() as session:
        assert session.scalars(select(WebhookDelivery.event)).all() == ["test"]


def test_a_paused_webhook_says_why_and_is_switched_on_again(client: FlaskClient, database: Database) -> None:
    with database.write() as session:
        made = add_endpoint(session, COMMAND, NOW, URL, EVENTS, private=False)
        made.state, made.reason = EndpointState.PAUSED, "It has taken nothing for a day."
    assert "It has taken nothing for a day." in client.get(PAGE).text
    _status, text = post(client, "/1/switch", to="on")
    assert re.search(r"On\s*</span>", text) and "nothing for a day" not in text


def test_a_webhook_is_removed_only_after_it_was_asked(client: FlaskClient, database: Database) -> None:
    post(client, url=URL, events=["course.booked"])
    post(client, "/1/test")
    assert "1 event that waits is not sent." in client.get(f"{PAGE}/1/remove").text
    post(client, "/1/remove")
    assert endpoints(database) == []


def test_every_deed_in_a_course_s_history_is_an_event_but_for_phone_calls() -> None:
    told = {name.partition(".")[2] for name in EVENTS}
    assert set(DEEDS) - told == {each.value for each in Call}
