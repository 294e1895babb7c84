"""The lock as staff meet it without the script of the pages."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from time_machine import Traveller

from scheduler.actor import COMMAND
from scheduler.db import Database
from scheduler.features.accounts.actions.access_tokens import create_token
from scheduler.features.accounts.login import POLLING
from scheduler.models import AccessRules, AuditEvent, KeptForm, StaffSession, User
from tests.features.accounts.conftest import PASSWORD, Accounts
from tests.support.clinic import NOW
from tests.support.sign_in import CHEAP, csrf_token, sign_in

MINUTE = timedelta(minutes=1)
PIN = "2580"
SENT = {"wanted": "yes", "note": "K4471 <b>\r\nnew line"}


@pytest.fixture
def moment() -> Iterator[Traveller]:
    """The clinic's clock."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def locked(moment: Traveller, sqlite: Database, accounts: Accounts, client: FlaskClient) -> FlaskClient:
    """Ada's browser, sixteen minutes after she used it last."""
    with sqlite.write() as session:
        session.get_one(User, accounts.ada.id).pin_hash = CHEAP.hash(PIN)
    sign_in(client, sqlite, accounts.ada)
    assert client.get("/today").status_code == 200
    moment.move_to(NOW + 16 * MINUTE)
    return client


def post(client: FlaskClient, path: str, **fields: str):  # type: ignore[no-untyped-def]
    """Send a form of ours from the page of tasks."""
    data = {**fields, "csrf_token": csrf_token(client)}
    return client.post(path, data=data, headers={"Referer": "http://localhost/tasks?site=1"})


def unlock(client: FlaskClient, secret: str = PIN):  # type: ignore[no-untyped-def]
    """Type the PIN."""
    return post(client, "/lock/open", secret=secret, next="/tasks")


def test_a_locked_log_in_opens_no_page_and_shows_nothing_of_the_clinic(locked: FlaskClient) -> None:
    for path in ("/today", "/patients", "/me"):
        assert locked.get(path).location == f"/lock?next={path}"
    assert locked.get("/").location == "/lock"
    assert "Ada Byron" not in locked.get("/no-such-page").text
    page = locked.get("/lock?next=/today")
    assert page.status_code == 200 and "Inbox" not in page.text
    assert unlock(locked).location == "/tasks"
    assert locked.get("/today").status_code == 200


def test_a_page_that_refreshes_itself_neither_keeps_it_open_nor_sees_anything(
    locked: FlaskClient, moment: Traveller
) -> None:
    unlock(locked)
    for _ in range(14):
        moment.shift(MINUTE)
        assert locked.get("/today", headers={POLLING: "1", "HX-Request": "true"}).status_code == 200
    moment.shift(MINUTE)
    answer = locked.get("/today", headers={POLLING: "1", "HX-Request": "true"})
    assert (answer.status_code, answer.json) == (423, {"locked": True})
    assert locked.get("/lock/state", headers={"Accept": "application/json"}).status_code == 423


def test_the_fifth_wrong_pin_signs_out_on_the_server(locked: FlaskClient, sqlite: Database) -> None:
    for left in ("4 tries are", "3 tries are", "2 tries are", "1 try is"):
        answer = unlock(locked, "1357")
        assert answer.status_code == 422 and left in answer.text
    assert unlock(locked, "1357").location == "/sign-in?next=/tasks"
    assert unlock(locked).location == "/sign-in?next=/tasks"
    with sqlite.read() as session:
        assert session.scalars(select(StaffSession.end_reason)).all() == ["too many wrong PINs"]
        told = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert told[-6:] == ["login.failed"] * 5 + ["login.ended"]


def test_the_password_opens_it_too_and_somebody_without_a_pin_is_asked_to_set_one(
    locked: FlaskClient, sqlite: Database, accounts: Accounts
) -> None:
    with sqlite.write() as session:
        session.get_one(User, accounts.ada.id).pin_hash = None
    assert unlock(locked).status_code == 422
    assert "You have no PIN yet" in locked.get("/lock").text
    unlock(locked, PASSWORD)
    assert "A PIN is quicker" in locked.get("/today").text


def test_a_form_sent_from_a_locked_page_is_kept_unreadable_and_sent_on_after_the_pin(
    locked: FlaskClient, sqlite: Database
) -> None:
    answer = post(locked, "/settings/charting/1/discharge?x=1", **SENT)
    assert answer.location == "/lock?next=/tasks?site%3D1"
    with sqlite.read() as session:
        assert b"K4471" not in session.scalars(select(KeptForm)).one().body
    assert "K4471" not in locked.get("/lock").text
    assert unlock(locked).location == "/kept?next=/tasks"
    page = locked.get("/kept?next=/tasks")
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text))
    assert fields["note"] == "K4471 &lt;b&gt;\r\nnew line"
    assert post(locked, "/kept/1/send", **SENT).location == "/settings/charting/1/discharge?x=1"
    assert locked.get("/kept?next=/tasks").location == "/tasks"


def test_nobody_else_gets_the_form_by_signing_in_and_its_sender_does(
    locked: FlaskClient, sqlite: Database, accounts: Accounts
) -> None:
    post(locked, "/settings/charting/1/discharge", **SENT)
    for _ in range(5):
        unlock(locked, "1357")
    mine = post(locked, "/sign-in", email="ada@riverside.example.org", password=PASSWORD)
    assert mine.location == "/kept"
    assert "K4471" in locked.get("/kept").text
    with sqlite.write() as session:
        nurse = session.get_one(User, accounts.clinic.users["nurse"].id)
        nurse.password_hash = CHEAP.hash(PASSWORD)
        email = nurse.email
    assert post(locked, "/sign-in", email=email, password=PASSWORD).location == "/"
    assert locked.get("/kept").location == "/"
    assert post(locked, "/kept/1/send").status_code == 404
    with locked.session_transaction() as cookie:
        assert "kept" not in cookie


def test_what_a_person_locks_is_locked_at_once_in_all_tabs(locked: FlaskClient) -> None:
    unlock(locked)
    assert post(locked, "/lock").location == "/lock?next=/tasks?site%3D1"
    assert locked.get("/today").location == "/lock?next=/today"
    assert post(locked, "/sign-out").location == "/sign-in"
    assert locked.get("/today").location == "/sign-in?next=/today"


def test_passwords_and_files_are_not_kept(locked: FlaskClient, sqlite: Database) -> None:
    post(locked, "/me/password", present=PASSWORD, password="eleven grey stones there")
    with sqlite.read() as session:
        assert session.scalars(select(KeptForm)).all() == []


def test_the_clinic_decides_when_it_locks(locked: FlaskClient, sqlite: Database) -> None:
    with sqlite.write() as session:
        session.add(AccessRules(id=1, lock_minutes=20, emergency_minutes=60))
    assert locked.get("/today").status_code == 200


def test_programs_and_patients_are_not_locked(locked: FlaskClient, sqlite: Database, app: Flask) -> None:
    with sqlite.write() as session:
        _, raw = create_token(session, COMMAND, NOW, kind="api", name="Lab", scopes=["patients:read"])
    assert locked.get("/api/v1/patients", headers={"Authorization": f"Bearer {raw}"}).status_code == 200
    assert locked.get("/v/nothing").status_code == app.test_client().get("/v/nothing").status_code == 404


def test_a_pin_is_set_with_the_password_and_kept_as_argon2(
    moment: Traveller, sqlite: Database, accounts: Accounts, client: FlaskClient
) -> None:
    sign_in(client, sqlite, accounts.ada)
    for pin, password, said in (
        (PIN, "wrong", "not your present password"),
        ("1234", PASSWORD, "among the first"),
        ("", PASSWORD, "4 to 8 digits"),
    ):
        answer = post(client, "/me/pin", pin=pin, pin_password=password)
        assert answer.status_code == 422 and said in answer.text
    assert post(client, "/me/pin", pin=PIN, pin_password=PASSWORD).status_code == 303
    with sqlite.read() as session:
        assert str(session.get_one(User, accounts.ada.id).pin_hash).startswith("$argon2id$")
    assert post(client, "/me/pin", remove="1", pin_password=PASSWORD).status_code == 303
    with sqlite.read() as session:
        assert session.get_one(User, accounts.ada.id).pin_hash is None
