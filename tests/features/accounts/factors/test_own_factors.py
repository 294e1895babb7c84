"""What members of staff change of their own second factor, and what they have to prove before."""

import re
from datetime import timedelta

import pyotp
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.accounts.actions.factors import NAME_IT
from scheduler.features.accounts.factors.queries import factors_of
from scheduler.features.accounts.views.factors import PROOF_LASTS
from scheduler.models import AuditEvent, AuthenticatorApp, Passkey, User
from tests.features.accounts.factors.conftest import Wall, give_app, send
from tests.features.accounts.factors.test_second_step import offered
from tests.features.conftest import SignedIn, as_role
from tests.support.clinic import NOW, SmallClinic, small_clinic
from tests.support.sign_in import CHEAP

__all__ = ["as_role"]
HERE = "/me/factor"
PASSWORD = "quiet harbor lantern 41"


@pytest.fixture
def database(sqlite: Database) -> Database:
    """Pages ask no more of the other database."""
    return sqlite


@pytest.fixture
def clinic(database: Database, wall: Wall) -> SmallClinic:
    """The small clinic, whose people all have the same password."""
    with database.write() as session:
        found = small_clinic(session)
        for user in session.scalars(select(User)):
            user.password_hash = CHEAP.hash(PASSWORD)
    return found


def add_app(client: FlaskClient) -> list[str]:
    """Set up the app that the page offers; the recovery codes that are shown."""
    secret = offered(client.get(HERE).text)
    page = send(client, HERE, do="app", code=pyotp.TOTP(secret).at(NOW))
    return re.findall(r"\b[a-z2-7]{4}(?:-[a-z2-7]{4}){3}\b", page.text)


def test_a_log_in_that_was_left_open_puts_no_key_on_the_door(
    as_role: SignedIn, database: Database, clinic: SmallClinic, wall: Wall
) -> None:
    client = as_role("nurse")
    secret = offered(client.get(HERE).text)
    wall.shift(PROOF_LASTS)
    code = pyotp.TOTP(secret).at(NOW + PROOF_LASTS)
    assert send(client, HERE, do="app", code=code).status_code == 422
    with database.read() as session:
        assert session.scalars(select(AuthenticatorApp)).all() == []
    assert "Present password" in client.get(HERE).text and secret[:4] not in client.get(HERE).text
    assert send(client, HERE, do="prove", present="not this one").status_code == 422
    assert send(client, HERE, do="prove", present=PASSWORD).status_code == 303
    assert len(re.findall("-", "".join(send(client, HERE, do="app", code=code).text))) > 0
    with database.read() as session:
        assert factors_of(session, clinic.users["nurse"].id).has_any


def test_new_codes_take_the_place_of_the_old_ones(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    client = as_role("nurse")
    assert send(client, HERE, do="codes").status_code == 409, "codes stand in for something"
    first = add_app(client)
    again = send(client, HERE, do="codes").text
    assert len(first) == 10 and not any(code in again for code in first)
    with database.read() as session:
        assert factors_of(session, clinic.users["nurse"].id).codes_left == 10


@pytest.mark.parametrize(("role", "may"), [("nurse", True), ("clinician", False)])
def test_who_must_have_a_factor_keeps_the_last_one(
    as_role: SignedIn, database: Database, clinic: SmallClinic, role: str, may: bool
) -> None:
    client = as_role(role)
    add_app(client)
    answer = send(client, HERE, do="drop-app")
    assert answer.status_code == (303 if may else 409)
    with database.read() as session:
        left = factors_of(session, clinic.users[role].id)
    assert left.has_any is not may and left.codes_left == (0 if may else 10)


def test_nobody_takes_away_another_s_passkey_or_ends_another_s_log_in(
    as_role: SignedIn, database: Database, config: Config, clinic: SmallClinic
) -> None:
    other = as_role("clinician")
    with database.write() as session:
        session.add(
            Passkey(
                user_id=clinic.users["clinician"].id, credential_id=b"x", public_key=b"x", sign_count=0,
                name="Phone", added_at=NOW - timedelta(days=1),
            )
        )  # fmt: skip
    give_app(database, config, clinic.users["nurse"])
    client = as_role("nurse")
    assert send(client, HERE, do="drop-passkey", passkey="1").status_code == 404
    assert send(client, "/me/log-ins/1").status_code == 404
    assert other.get("/me").status_code == 200 and "Phone" in other.get(HERE).text


def test_one_log_in_of_several_is_ended(as_role: SignedIn) -> None:
    here, there = as_role("nurse"), as_role("nurse")
    assert send(here, "/me/log-ins/2").location == "/me"
    assert [client.get("/me").status_code for client in (here, there)] == [200, 303]
    assert send(here, "/me/log-ins/1").location == "/sign-in"
    assert here.get("/me").status_code == 303


@pytest.fixture
def two_keys(database: Database, clinic: SmallClinic) -> None:
    """The nurse has a phone and a ring."""
    with database.write() as session:
        session.add_all(
            Passkey(
                user_id=clinic.users["nurse"].id, credential_id=name.encode(), public_key=b"x", sign_count=0,
                name=name, added_at=NOW - timedelta(days=1),
            )
            for name in ("Phone", "Ring")
        )  # fmt: skip


def names(database: Database) -> list[str]:
    """What the passkeys are called, and how often the trail tells of a change."""
    with database.read() as session:
        told = session.scalars(select(AuditEvent.id).where(AuditEvent.action == "factor.passkey_renamed"))
        return [*session.scalars(select(Passkey.name).order_by(Passkey.id)), str(len(told.all()))]


@pytest.mark.usefixtures("two_keys")
def test_a_passkey_gets_another_name_by_its_owner_alone(as_role: SignedIn, database: Database) -> None:
    nurse = as_role("nurse")
    assert send(as_role("clinician"), HERE, do="rename-passkey", passkey="1", name="Mine").status_code == 404
    assert send(nurse, HERE, do="rename-passkey", passkey="1", name="Phone").status_code == 303
    assert names(database) == ["Phone", "Ring", "0"]
    assert send(nurse, HERE, do="rename-passkey", passkey="1", name=" Old   phone ").status_code == 303
    assert names(database) == ["Old phone", "Ring", "1"]


@pytest.mark.usefixtures("two_keys")
@pytest.mark.parametrize("name", ["", "  ", "ring", "x" * 61])
def test_a_name_that_tells_no_passkey_from_another_is_asked_again(
    as_role: SignedIn, database: Database, name: str
) -> None:
    answer = send(as_role("nurse"), HERE, do="rename-passkey", passkey="1", name=name)
    assert answer.status_code == 422 and answer.text.count(NAME_IT) == 1
    assert f'id="name-1" name="name" type="text" value="{name}"' in answer.text, "what was typed stays"
    assert names(database) == ["Phone", "Ring", "0"]
