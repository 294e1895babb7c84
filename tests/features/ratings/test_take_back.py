"""A tablet comes back from a patient's hands only through somebody of the staff."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from scheduler.actor import COMMAND, Actor
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.accounts.actions.change_password import change_password
from scheduler.features.accounts.actions.disable_user import disable_user
from scheduler.features.accounts.actions.edit_user import enable_user
from scheduler.features.accounts.actions.locks import begin_try, end_try
from scheduler.features.accounts.actions.own import end_other_sessions
from scheduler.features.accounts.locking.watch import MOST_WRONG
from scheduler.features.accounts.passwords import Checked
from scheduler.features.ratings.actions.take_back import count_try, take_back
from scheduler.models import AuditEvent, Infusion, Kiosk, StaffSession, User
from tests.features.accounts.factors.conftest import code_at, give_app, send
from tests.features.ratings.test_kiosk import database, tablet, visit  # noqa: F401 - fixtures
from tests.support.clinic import NOW, SmallClinic
from tests.support.sign_in import CHEAP, csrf_token

PIN = "2580"
HOUR = timedelta(hours=1)


def enter(client: FlaskClient, pin: str) -> TestResponse:
    """Type a PIN on the tablet."""
    return client.post("/kiosk/back", data={"pin": pin, "csrf_token": csrf_token(client)})


@pytest.fixture
def handed(database: Database, clinic: SmallClinic, tablet: FlaskClient) -> FlaskClient:  # noqa: F811
    """The tablet of a nurse who has a PIN."""
    with database.write() as session:
        session.get_one(User, clinic.users["nurse"].id).pin_hash = CHEAP.hash(PIN)
    return tablet


def test_the_pin_of_whoever_handed_it_over_opens_the_visit_and_ends_the_tablet(
    handed: FlaskClient,
    database: Database,  # noqa: F811
    visit: Infusion,  # noqa: F811
) -> None:
    assert "PIN of" in handed.get("/kiosk/back").text
    assert enter(handed, PIN).location == f"/infusions/{visit.id}"
    assert handed.get(f"/infusions/{visit.id}").status_code == 200
    with database.read() as session:
        assert session.scalars(select(Kiosk.ended_at)).all() == [NOW]
        assert "kiosk.ended" in session.scalars(select(AuditEvent.action)).all()


def test_a_patient_who_guesses_stays_in_and_after_five_tries_no_pin_opens_it(
    handed: FlaskClient,
    visit: Infusion,  # noqa: F811
) -> None:
    for left in (4, 3, 2, 1, 0):
        assert enter(handed, "1357").status_code == (422 if left else 303)
        assert handed.get("/today").location == "/kiosk"
    back = f"/sign-in?next=/infusions/{visit.id}"
    assert enter(handed, PIN).location == back
    assert handed.get("/kiosk/back").location == back
    assert handed.get("/today").location == "/kiosk"


def test_without_a_pin_a_password_takes_it_back(
    tablet: FlaskClient,  # noqa: F811
    visit: Infusion,  # noqa: F811
) -> None:
    assert tablet.get("/kiosk/back").location == f"/sign-in?next=/infusions/{visit.id}"


def new_password(session: Session, nurse: User) -> None:
    """Somebody gives the nurse another password."""
    change_password(session, COMMAND, NOW, nurse, "four quiet harbor lanterns", CHEAP)


def closed(session: Session, nurse: User) -> None:
    """An administrator closes the account."""
    disable_user(session, COMMAND, NOW, nurse)


def closed_and_back(session: Session, nurse: User) -> None:
    """The account is closed, and opened again while the tablet is still out."""
    closed(session, nurse)
    enable_user(session, COMMAND, NOW, nurse)


def ended_elsewhere(session: Session, nurse: User) -> None:
    """The nurse ends all log-ins but the one at the desk."""
    end_other_sessions(session, COMMAND, NOW, nurse.id, "the desk's")


def guessed_away(session: Session, nurse: User) -> None:
    """Somebody guesses at the lock of another log-in of the nurse until it is over."""
    other = StaffSession(
        token_hash="another", user_id=nurse.id, created_at=NOW, last_seen_at=NOW, locked_at=NOW,
        ends_at=NOW + HOUR, address="", agent="",
    )  # fmt: skip
    session.add(other)
    session.flush()
    for _ in range(MOST_WRONG):
        begin_try(session, NOW, other.id, HOUR)
        end_try(session, COMMAND, NOW, other.id, HOUR, Checked(fits=False))


@pytest.mark.parametrize("ends", [new_password, closed, closed_and_back, ended_elsewhere, guessed_away])
def test_what_ends_the_log_ins_of_its_owner_ends_the_pin_and_the_page_says_what_to_do(
    handed: FlaskClient,
    database: Database,  # noqa: F811
    clinic: SmallClinic,
    visit: Infusion,  # noqa: F811
    ends: Callable[[Session, User], None],
) -> None:
    with database.write() as session:
        ends(session, session.get_one(User, clinic.users["nurse"].id))
    answer = enter(handed, PIN)
    assert answer.status_code == 422 and f'href="/sign-in?next=/infusions/{visit.id}"' in answer.text
    assert "No PIN takes this tablet back any more" in handed.get("/kiosk/back").text
    assert handed.get("/today").location == "/kiosk"


def test_a_pin_that_is_looked_at_while_the_password_is_reset_opens_nothing(
    handed: FlaskClient,
    database: Database,  # noqa: F811
    clinic: SmallClinic,
    config: Config,
) -> None:
    nurse = clinic.users["nurse"].id
    with database.write() as session:
        keeper = count_try(session, 1)
        new_password(session, session.get_one(User, nurse))
    assert keeper is not None
    checked = CHEAP.check(keeper.pin_hash, PIN)
    with database.write() as session:
        assert take_back(session, Actor(nurse, keeper.name), NOW, 1, checked, "a browser", config) is None


def test_who_proves_more_than_a_password_takes_it_back_too(
    handed: FlaskClient,
    database: Database,  # noqa: F811
    clinic: SmallClinic,
    config: Config,
    visit: Infusion,  # noqa: F811
) -> None:
    nurse, words = clinic.users["nurse"], "four quiet harbor lanterns"
    give_app(database, config, nurse)
    with database.write() as session:
        new_password(session, session.get_one(User, nurse.id))
    onward = f"/infusions/{visit.id}"
    first = send(handed, "/sign-in", email=nurse.email, password=words, next=onward)
    assert handed.get(first.location).status_code == 200
    assert send(handed, first.location, code=code_at(NOW), next=onward).location == onward
    assert handed.get(onward).status_code == 200
