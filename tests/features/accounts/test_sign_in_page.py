"""The sign-in page: who gets in, what the others are told, and where it leads."""

import dataclasses
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from scheduler.actor import COMMAND
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.accounts.actions.create_user import create_user
from scheduler.features.accounts.actions.disable_user import disable_user
from scheduler.features.accounts.demo_logins import DEMO_PASSWORD
from scheduler.features.accounts.passwords import Hasher
from scheduler.features.accounts.queries import user
from scheduler.features.accounts.throttle import PER_ACCOUNT
from scheduler.models import AuditEvent, Role, StaffSession, User
from tests.features.accounts.conftest import PASSWORD, Accounts
from tests.support.clinic import NOW
from tests.support.sign_in import CHEAP, cheap_app, csrf_token, sign_in

EMAIL = "ada@riverside.example.org"


def send(client: FlaskClient, **fields: Any) -> TestResponse:
    """Send the form as a browser would."""
    values = {"email": EMAIL, "password": PASSWORD, "csrf_token": csrf_token(client), **fields}
    return client.post("/sign-in", data=values)


def audit(database: Database) -> list[AuditEvent]:
    """The trail, oldest first."""
    with database.read() as session:
        return list(session.scalars(select(AuditEvent).order_by(AuditEvent.id)))


def without_tokens(page: str) -> str:
    """A page without what differs in every answer."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page)


@pytest.mark.usefixtures("accounts")
def test_the_right_password_opens_a_log_in_and_leads_on(sqlite: Database, client: FlaskClient) -> None:
    answer = send(client, email="  ADA@riverside.example.org ")
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/sign-in").status_code == 303
    assert audit(sqlite)[-1].action == "login.opened"


def test_a_wrong_password_keeps_the_address_and_nothing_else(sqlite: Database, client: FlaskClient) -> None:
    answer = send(client, password="not this one, surely")
    assert answer.status_code == 422
    assert "do not go together" in answer.text and f'value="{EMAIL}"' in answer.text
    assert "not this one" not in answer.text
    assert client.get("/").location == "/sign-in"
    assert (audit(sqlite)[-1].action, audit(sqlite)[-1].detail) == ("login.failed", {})


def test_an_unknown_person_is_told_exactly_what_a_known_one_is(app: Flask, sqlite: Database) -> None:
    known = send(app.test_client(), email=EMAIL, password="not this one, surely")
    unknown = send(app.test_client(), email="bob@riverside.example.org", password="not this one, surely")
    assert known.status_code == unknown.status_code
    assert without_tokens(known.text).replace(EMAIL, "") == without_tokens(unknown.text).replace(
        "bob@riverside.example.org", ""
    )
    assert [event.action for event in audit(sqlite)[-2:]] == ["login.failed"] * 2


def test_somebody_disabled_is_told_the_same(
    sqlite: Database, client: FlaskClient, accounts: Accounts
) -> None:
    with sqlite.write() as session:
        disable_user(session, COMMAND, NOW, user(session, accounts.ada.id))
    answer = send(client)
    assert answer.status_code == 422 and "do not go together" in answer.text


@pytest.mark.parametrize("email", [EMAIL, "bob@riverside.example.org"])
def test_after_ten_wrong_guesses_even_the_right_one_has_to_wait(client: FlaskClient, email: str) -> None:
    with time_machine.travel(NOW, tick=False) as moment:
        for _ in range(PER_ACCOUNT):
            assert send(client, email=email, password="wrong").status_code == 422
        answer = send(client, email=email)
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "900"
        assert "Wait 15 minutes" in answer.text and f'value="{email}"' in answer.text
        moment.move_to(NOW + timedelta(minutes=15))
        assert send(client, email=email).status_code == (303 if email == EMAIL else 422)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"email": " "}, "Write your e-mail address."),
        ({"password": ""}, "Write your password."),
        ({"email": "a" * 300}, "at most 254"),
        ({"password": "a" * 300}, "at most 256"),
    ],
)
def test_what_is_missing_or_too_long_is_said_beside_its_field(
    client: FlaskClient, fields: dict[str, str], says: str
) -> None:
    answer = send(client, **fields)
    assert answer.status_code == 422
    assert says in answer.text and 'aria-invalid="true"' in answer.text


def test_signing_in_throws_away_what_the_cookie_held_before(
    sqlite: Database, client: FlaskClient, accounts: Accounts
) -> None:
    planted = sign_in(client, sqlite, accounts.clinic.users["nurse"])
    before = csrf_token(client)
    with client.session_transaction() as cookie:
        cookie["left by a thief"] = "1"
        raw_before = cookie["csrf_token"]
    assert send(client).status_code == 303
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != planted
        assert "left by a thief" not in cookie and cookie.get("csrf_token") != raw_before
    client.get("/sign-in")
    assert client.post("/sign-out", data={"csrf_token": before}).status_code == 400
    with sqlite.read() as session:
        ended = session.scalars(select(StaffSession.ended_at).order_by(StaffSession.id)).all()
    assert ended[0] is not None and ended[1] is None


def test_a_hash_of_older_parameters_is_renewed_at_sign_in(
    sqlite: Database, client: FlaskClient, app: Flask, accounts: Accounts
) -> None:
    app.extensions["hasher"] = Hasher(memory_kib=128, passes=1, lanes=1)
    assert send(client).status_code == 303
    with sqlite.read() as session:
        assert "m=128" in session.get_one(User, accounts.ada.id).password_hash


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/patients?q=lin", "/patients?q=lin"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("patients", "/"),
        ("/sign-out", "/"),
        ("", "/"),
    ],
)
def test_signing_in_leads_to_a_page_of_our_own_only(client: FlaskClient, wanted: str, leads_to: str) -> None:
    assert send(client, next=wanted).location == leads_to
    assert client.get("/sign-in", query_string={"next": wanted}).location == leads_to


def test_the_way_back_survives_a_wrong_password(client: FlaskClient) -> None:
    assert 'name="next" value="/patients"' in client.get("/sign-in?next=/patients").text
    assert 'name="next" value="/patients"' in send(client, password="wrong", next="/patients").text
    assert "evil" not in client.get("/sign-in?next=//evil.example").text


def add_demo(database: Database) -> None:
    """A log-in of the demo clinic."""
    with database.write() as session:
        create_user(
            session, COMMAND, NOW, email="rosa@demo.example.org", name="Rosa Alvarez", password=DEMO_PASSWORD,
            roles=[Role.FRONT_DESK], is_demo=True, hasher=CHEAP,
        )  # fmt: skip


def test_a_demo_clinic_shows_its_log_ins_and_a_real_one_shows_none(
    sqlite: Database, client: FlaskClient
) -> None:
    assert "Demo log-ins" not in client.get("/sign-in").text
    add_demo(sqlite)
    page = client.get("/sign-in").text
    assert "rosa@demo.example.org" in page and DEMO_PASSWORD in page and EMAIL not in page
    assert send(client, email="rosa@demo.example.org", password=DEMO_PASSWORD).status_code == 303


@pytest.mark.parametrize(
    "changes",
    [{"host": "0.0.0.0"}, {"base_url": "http://book.example.org"}],  # noqa: S104
)
def test_demo_log_ins_are_refused_off_loopback(
    sqlite: Database, config: Config, accounts: Accounts, changes: dict[str, str]
) -> None:
    add_demo(sqlite)
    moved = dataclasses.replace(config, **changes)
    client = cheap_app(moved, sqlite).test_client()
    base = moved.base_url
    assert DEMO_PASSWORD not in client.get("/sign-in", base_url=base).text
    with client.session_transaction(base_url=base) as cookie:
        cookie["csrf_token"] = "a" * 40
    token = csrf_token(cheap_app(moved, sqlite).test_client())
    fields = {"email": "rosa@demo.example.org", "password": DEMO_PASSWORD, "csrf_token": token}
    answer = client.post("/sign-in", data=fields, base_url=base)
    assert answer.status_code == 403
    assert "only on the machine that Sixfold runs on" in answer.text
    assert audit(sqlite)[-1].action == "login.failed"
    with client.session_transaction(base_url=base) as cookie:
        assert "_user_id" not in cookie
    assert (
        client.post(
            "/sign-in", data={**fields, "email": EMAIL, "password": PASSWORD}, base_url=base
        ).status_code
        == 303
    )


def test_demo_log_ins_are_refused_to_other_machines_and_open_ones_close(
    sqlite: Database, client: FlaskClient
) -> None:
    add_demo(sqlite)
    with sqlite.read() as session:
        rosa = session.scalars(select(User).where(User.is_demo)).one()
    sign_in(client, sqlite, rosa)
    away = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get("/", environ_base=away).location == "/sign-in"
    page = client.get("/sign-in", environ_base=away)
    assert page.status_code == 200 and DEMO_PASSWORD not in page.text
