"""What everybody on the staff sets for themselves: the digest, the password, which log-ins stay open."""

import pytest
from flask.testing import FlaskClient

from scheduler.db import Database
from scheduler.models import User
from tests.features.conftest import SignedIn, as_role, clinic
from tests.support.clinic import SmallClinic
from tests.support.sign_in import CHEAP, csrf_token

__all__ = ["as_role", "clinic"]
OLD, NEW = "quiet harbor lantern 41", "seven green umbrellas 9"


@pytest.fixture
def database(sqlite: Database) -> Database:
    """Pages ask no more of the other database."""
    return sqlite


def post(client: FlaskClient, path: str, **form: str) -> tuple[int, str]:
    answer = client.post(path, data={"csrf_token": csrf_token(client), **form})
    return answer.status_code, answer.text


def account(database: Database, clinic: SmallClinic, role: str) -> User:
    with database.read() as session:
        return session.get_one(User, clinic.users[role].id)


@pytest.mark.parametrize("role", ["front_desk", "administrator"])
def test_everybody_switches_their_own_digest(
    as_role: SignedIn, database: Database, clinic: SmallClinic, role: str
) -> None:
    client = as_role(role)
    assert "Send me the digest" in client.get("/me").text
    assert post(client, "/me/digest", wanted="yes")[0] == 303
    assert (
        account(database, clinic, role).wants_digest and not account(database, clinic, "nurse").wants_digest
    )
    assert "Stop the digest" in client.get("/me").text
    post(client, "/me/digest", wanted="no")
    assert not account(database, clinic, role).wants_digest


def test_a_new_password_needs_the_present_one_and_ends_every_log_in(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        session.get_one(User, clinic.users["nurse"].id).password_hash = CHEAP.hash(OLD)
    client, elsewhere = as_role("nurse"), as_role("nurse")
    assert "not your present password" in post(client, "/me/password", present="wrong", password=NEW)[1]
    status, page = post(client, "/me/password", present=OLD, password="short")
    assert status == 422 and 'id="password-error"' in page and OLD not in page
    assert client.get("/me").status_code == 200, "an error ends no log-in"
    assert post(client, "/me/password", present=OLD, password=NEW)[0] == 303
    assert client.get("/me").status_code == elsewhere.get("/me").status_code == 303
    assert CHEAP.check(account(database, clinic, "nurse").password_hash, NEW).fits


def test_the_present_password_can_not_be_guessed_from_an_open_screen(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        session.get_one(User, clinic.users["nurse"].id).password_hash = CHEAP.hash(OLD)
    client = as_role("nurse")
    states = [post(client, "/me/password", present=str(number), password=NEW)[0] for number in range(12)]
    assert states[0] == 422 and states[-1] == 429
    assert post(client, "/me/password", present=OLD, password=NEW)[0] == 429


def test_all_log_ins_but_this_one_are_ended(as_role: SignedIn) -> None:
    here, there, other = as_role("nurse"), as_role("nurse"), as_role("clinician")
    assert "2 log-ins" in here.get("/me").text
    post(here, "/me/log-ins")
    assert [client.get("/me").status_code for client in (here, there, other)] == [200, 303, 200]
    assert "End all but this one" not in here.get("/me").text
