"""A tablet comes back from a patient's hands only through somebody of the staff."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from scheduler.db import Database
from scheduler.models import AuditEvent, Infusion, Kiosk, User
from tests.features.ratings.test_kiosk import database, tablet, visit  # noqa: F401 - fixtures
from tests.support.clinic import NOW, SmallClinic
from tests.support.sign_in import CHEAP, csrf_token

PIN = "2580"


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
