"""Log-ins: how they begin, how long they last, and what ends them."""

from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.actor import COMMAND
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.accounts.actions.attempts import begin_attempt
from scheduler.features.accounts.actions.change_password import change_password
from scheduler.features.accounts.actions.disable_user import disable_user
from scheduler.features.accounts.actions.locks import touch_session
from scheduler.features.accounts.actions.sessions import end_session, open_session
from scheduler.features.accounts.actions.sign_in import Attempt, Place, finish_sign_in
from scheduler.features.accounts.login import POLLING
from scheduler.features.accounts.queries import live_session, user
from scheduler.models import AuditEvent, StaffSession
from scheduler.tokens import new_token, token_hash
from tests.features.accounts.conftest import PASSWORD, Accounts, add_accounts
from tests.support.clinic import NOW
from tests.support.sign_in import CHEAP, csrf_token, sign_in

MINUTE = timedelta(minutes=1)
IDLE = timedelta(minutes=30)


def opened(database: Database, accounts: Accounts, config: Config, at: datetime = NOW) -> str:
    """A log-in of Ada's."""
    with database.write() as session:
        return open_session(session, at, accounts.ada, "192.0.2.1", "a browser", config)


def is_live(database: Database, token: str, at: datetime) -> bool:
    """Whether the log-in still opens anything."""
    with database.read() as session:
        return live_session(session, token, at, IDLE) is not None


def test_a_secret_has_256_random_bits_and_only_its_hash_is_kept(
    sqlite: Database, accounts: Accounts, config: Config
) -> None:
    token = opened(sqlite, accounts, config)
    assert len(token) == 43 and new_token() != new_token()
    with sqlite.read() as session:
        row = session.scalars(select(StaffSession)).one()
    assert row.token_hash == token_hash(token)
    assert token not in {str(value) for value in vars(row).values()}


def test_a_log_in_says_whose_it_is(database: Database, config: Config) -> None:
    accounts = add_accounts(database)
    token = opened(database, accounts, config)
    with database.read() as session:
        found = live_session(session, token, NOW, IDLE)
        assert live_session(session, token_hash(token), NOW, IDLE) is None
    assert found is not None
    assert (found.user_id, found.roles) == (accounts.ada.id, accounts.ada.role_set)
    assert found.site_name == "Riverside"


def test_half_an_hour_without_use_ends_it(database: Database, config: Config) -> None:
    token = opened(database, add_accounts(database), config)
    assert is_live(database, token, NOW + IDLE - MINUTE)
    assert not is_live(database, token, NOW + IDLE)


def test_use_prolongs_it_up_to_twelve_hours_and_no_further(database: Database, config: Config) -> None:
    token = opened(database, add_accounts(database), config)
    for step in range(72):  # Every ten minutes, twelve hours long.
        at = NOW + step * 10 * MINUTE
        assert is_live(database, token, at)
        with database.write() as session:
            touch_session(session, at, session.scalars(select(StaffSession.id)).one(), IDLE)
    assert not is_live(database, token, NOW + timedelta(hours=12))


@pytest.mark.parametrize("end", ["sign_out", "password", "disabled"])
def test_signing_out_a_new_password_and_leaving_end_it(database: Database, config: Config, end: str) -> None:
    accounts = add_accounts(database)
    token, other = opened(database, accounts, config), opened(database, accounts, config)
    with database.write() as session:
        ada = user(session, accounts.ada.id)
        if end == "sign_out":
            end_session(session, COMMAND, NOW, token)
        elif end == "password":
            change_password(session, COMMAND, NOW, ada, "eleven grey stones there")
        else:
            disable_user(session, COMMAND, NOW, ada)
            disable_user(session, COMMAND, NOW, ada)
    assert not is_live(database, token, NOW)
    assert is_live(database, other, NOW) is (end == "sign_out")
    with database.read() as session:
        actions = list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))
    last = {"sign_out": "login.ended", "password": "user.password_changed", "disabled": "user.disabled"}
    assert actions[-1] == last[end] and actions.count(last[end]) == 1


def test_ending_it_twice_changes_nothing(sqlite: Database, accounts: Accounts, config: Config) -> None:
    token = opened(sqlite, accounts, config)
    for at in (NOW, NOW + MINUTE):
        with sqlite.write() as session:
            end_session(session, COMMAND, at, token)
    with sqlite.read() as session:
        assert session.scalars(select(StaffSession.ended_at)).one() == NOW


def last_seen(database: Database) -> datetime:
    """When the only log-in was used last."""
    with database.read() as session:
        return session.scalars(select(StaffSession.last_seen_at)).one()


def test_a_page_notes_the_use_at_most_once_a_minute(
    sqlite: Database, accounts: Accounts, client: FlaskClient
) -> None:
    with time_machine.travel(NOW, tick=False) as moment:
        sign_in(client, sqlite, accounts.ada)
        moment.move_to(NOW + timedelta(seconds=59))
        client.get("/")
        assert last_seen(sqlite) == NOW
        moment.move_to(NOW + MINUTE)
        client.get("/")
        assert last_seen(sqlite) == NOW + MINUTE


def test_a_page_that_refreshes_itself_prolongs_nothing(
    sqlite: Database, accounts: Accounts, client: FlaskClient
) -> None:
    with time_machine.travel(NOW, tick=False) as moment:
        sign_in(client, sqlite, accounts.ada)
        for minute in range(1, 30):
            moment.move_to(NOW + minute * MINUTE)
            assert client.get("/", headers={POLLING: "1"}).location != "/sign-in"
        moment.move_to(NOW + IDLE)
        assert client.get("/", headers={POLLING: "1"}).location == "/sign-in"


@pytest.mark.parametrize("wait", [IDLE, timedelta(hours=12)])
def test_an_expired_log_in_leads_to_the_sign_in_page_and_says_why(
    sqlite: Database, accounts: Accounts, client: FlaskClient, wait: timedelta
) -> None:
    with time_machine.travel(NOW, tick=False) as moment:
        sign_in(client, sqlite, accounts.ada)
        assert client.get("/sign-in").status_code == 303
        moment.move_to(NOW + wait)
        page = client.get("/sign-in")
    assert page.status_code == 200 and "Your log-in has ended" in page.text


def test_signing_out_is_a_post_that_ends_the_log_in_on_the_server(
    sqlite: Database, accounts: Accounts, client: FlaskClient, app: Flask
) -> None:
    token = sign_in(client, sqlite, accounts.ada)
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").status_code == 400
    answer = client.post("/sign-out", data={"csrf_token": csrf_token(client)})
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert thief.get("/").location == "/sign-in"
    with sqlite.read() as session:
        assert session.scalars(select(StaffSession.end_reason)).one() == "signed out"


def test_a_password_that_was_changed_while_it_was_looked_at_no_longer_opens_anything(
    sqlite: Database, accounts: Accounts, config: Config
) -> None:
    checked = CHEAP.check(accounts.ada.password_hash, PASSWORD)
    assert checked.fits
    with sqlite.write() as session:
        number = begin_attempt(session, NOW, accounts.ada.email, "192.0.2.1")
        change_password(
            session, COMMAND, NOW, user(session, accounts.ada.id), "eleven grey stones there", CHEAP
        )
    attempt = Attempt(number, accounts.ada.email, Place("192.0.2.1", "a browser"))
    with sqlite.write() as session:
        assert finish_sign_in(session, NOW, attempt, checked, config) is None
