"""A password alone opens no log-in of somebody who has, or must have, a second factor."""

import re
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.actor import COMMAND
from scheduler.config import Config
from scheduler.db import Database
from scheduler.errors import ConflictError
from scheduler.features.accounts.actions.access_rules import save_times
from scheduler.features.accounts.actions.change_password import change_password
from scheduler.features.accounts.actions.factors import renew_codes
from scheduler.features.accounts.actions.half_log_in import LASTS, begin_half
from scheduler.features.accounts.actions.second_step import set_up_second
from scheduler.features.accounts.actions.sign_in import Place
from scheduler.features.accounts.factors.queries import half_of
from scheduler.features.accounts.throttle import PER_ACCOUNT
from scheduler.models import AuditEvent, AuthenticatorApp, RecoveryCode, StaffSession, User
from tests.features.accounts.conftest import PASSWORD, Accounts
from tests.features.accounts.factors.conftest import Vera, Wall, code_at, give_app, send
from tests.support.clinic import NOW
from tests.support.sign_in import CHEAP

SECOND = "/sign-in/second"


@pytest.fixture
def with_app(sqlite: Database, config: Config, vera: Vera) -> Vera:
    """The clinician, with an app."""
    give_app(sqlite, config, vera.user)
    return vera


def offered(page: str) -> str:
    """The secret that a page shows for an app."""
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert found
    return found[1].replace(" ", "")


def is_in(client: FlaskClient) -> bool:
    """Whether this browser is signed in."""
    return client.get("/me").status_code == 200


def test_a_clinician_sets_up_an_app_before_anything_opens(
    client: FlaskClient, sqlite: Database, vera: Vera
) -> None:
    answer = vera.sign_in(client, next="/today?day=2026-11-02")
    assert answer.location == f"{SECOND}?next=/today?day%3D2026-11-02"
    assert not is_in(client) and client.get("/today").status_code == 303
    page = client.get(answer.location).text
    secret = offered(page)
    wrong = send(client, SECOND, code="000000")
    assert wrong.status_code == 422 and secret in wrong.text.replace(" ", ""), "the same secret stands there"
    done = send(client, SECOND, code=pyotp.TOTP(secret).at(NOW), next="/today?day=2026-11-02")
    assert done.status_code == 200 and 'href="/today?day=2026-11-02"' in done.text
    codes = re.findall(r"\b[a-z2-7]{4}(?:-[a-z2-7]{4}){3}\b", done.text)
    assert len(set(codes)) == 10 and is_in(client)
    with sqlite.read() as session:
        stored = [
            *session.scalars(select(RecoveryCode.code_hash)),
            session.scalars(select(AuthenticatorApp)).one().secret,
        ]
    assert not any(code in str(each) for code in codes for each in stored)


def test_who_need_not_is_asked_only_once_the_clinic_asks_all(
    app: Flask, sqlite: Database, accounts: Accounts, wall: Wall
) -> None:
    def location() -> str:
        email = "ada@riverside.example.org"
        return send(app.test_client(), "/sign-in", email=email, password=PASSWORD).location

    assert location() == "/"
    with sqlite.write() as session:
        save_times(session, COMMAND, NOW, 15, 60, 0, 30, factor_for_all=True)
    assert location() == SECOND


def test_the_code_of_the_app_opens_the_log_in_once(
    app: Flask, client: FlaskClient, with_app: Vera, sqlite: Database
) -> None:
    with_app.sign_in(client)
    assert send(client, SECOND, code=f" {code_at(NOW)[:3]} {code_at(NOW)[3:]} ").location == "/"
    assert is_in(client)
    other = app.test_client()
    with_app.sign_in(other)
    assert send(other, SECOND, code=code_at(NOW)).status_code == 422, "the same code again"
    assert send(other, SECOND, code=code_at(NOW + timedelta(seconds=30))).location == "/"


def test_five_wrong_codes_send_back_to_the_password_and_ten_make_wait(
    client: FlaskClient, with_app: Vera
) -> None:
    with_app.sign_in(client)
    states = [send(client, SECOND, code="000000").status_code for _ in range(5)]
    assert states == [422] * 4 + [303]
    assert send(client, SECOND, code=code_at(NOW)).location == "/sign-in" and not is_in(client)
    with_app.sign_in(client)
    for _ in range(4):
        send(client, SECOND, code="000000")
    with_app.sign_in(client)
    states = [send(client, SECOND, code="000000").status_code for _ in range(PER_ACCOUNT - 8)]
    assert states == [422, 429]
    assert send(client, SECOND, code=code_at(NOW)).status_code == 429 and not is_in(client)


def test_the_second_step_ends_after_a_quarter_of_an_hour(
    client: FlaskClient, with_app: Vera, wall: Wall
) -> None:
    with_app.sign_in(client)
    wall.shift(LASTS)
    assert send(client, SECOND, code=code_at(NOW + LASTS)).location == "/sign-in"
    assert not is_in(client)


def test_a_recovery_code_opens_one_log_in_and_says_how_many_are_left(
    app: Flask, client: FlaskClient, with_app: Vera, sqlite: Database
) -> None:
    with sqlite.write() as session:
        codes = renew_codes(session, COMMAND, NOW, with_app.user.id)
    with_app.sign_in(client)
    assert send(client, SECOND, code=codes[3].upper().replace("-", " ")).location == "/"
    assert "9 codes left" in client.get("/me").text
    other = app.test_client()
    with_app.sign_in(other)
    assert send(other, SECOND, code=codes[3]).status_code == 422
    with sqlite.read() as session:
        actions = set(session.scalars(select(AuditEvent.action)))
    assert {"factor.code_used", "login.failed"} <= actions


def test_a_password_alone_puts_no_other_app_in_the_place_of_one(
    sqlite: Database, config: Config, vera: Vera
) -> None:
    """Two browsers stand at the set-up; the slower one can't replace what the faster one has set up."""
    with sqlite.write() as session:
        slow = half_of(session, begin_half(session, NOW, vera.user), NOW)
    assert slow is not None and not slow.factors.has_any
    give_app(sqlite, config, vera.user)
    with sqlite.write() as session, pytest.raises(ConflictError):
        set_up_second(session, NOW, slow, Place("", ""), config, list)


def test_a_new_password_ends_who_stands_at_the_second_step(
    client: FlaskClient, with_app: Vera, sqlite: Database
) -> None:
    with_app.sign_in(client)
    with sqlite.write() as session:
        user = session.get_one(User, with_app.user.id)
        change_password(session, COMMAND, NOW, user, "seven green umbrellas 9", CHEAP)
    assert send(client, SECOND, code=code_at(NOW)).location == "/sign-in"
    with sqlite.read() as session:
        assert list(session.scalars(select(StaffSession))) == []
