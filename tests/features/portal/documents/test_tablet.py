"""A tablet of the clinic shows one patient what is to be signed, and nothing else opens on it."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.db import Database
from scheduler.models import ConsentSignature, ConsentVersion, Kiosk
from tests.features.conftest import SignedIn
from tests.support.clinic import NOW, SmallClinic
from tests.support.consents import add_text
from tests.support.sign_in import csrf_token


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The pages are the same on both databases."""
    return sqlite


@pytest.fixture
def text(database: Database, clinic: SmallClinic) -> ConsentVersion:
    """A consent that everybody signs."""
    with database.write() as session:
        return add_text(session)


@pytest.fixture
def tablet(as_role: SignedIn, clinic: SmallClinic, text: ConsentVersion) -> FlaskClient:
    """A tablet that the front desk has handed over."""
    client = as_role("front_desk")
    path = f"/patients/{clinic.patient.id}/consents"
    answer = client.post(f"{path}/tablet", data={"csrf_token": csrf_token(client)})
    assert answer.location == "/tablet/documents"
    return client


@pytest.mark.parametrize("path", ["/", "/today", "/patients/1/consents", "/my/documents", "/find?q=a"])
def test_every_other_address_answers_with_the_documents(tablet: FlaskClient, path: str) -> None:
    answer = tablet.get(path)
    assert (answer.status_code, answer.location) == (303, "/tablet/documents")


def test_a_signature_on_the_tablet_says_so_and_then_it_goes_back(
    tablet: FlaskClient, text: ConsentVersion, database: Database
) -> None:
    path = f"/tablet/documents/{text.id}"
    assert "Marta" not in tablet.get(path).text
    form = {"csrf_token": csrf_token(tablet), "name": "Marta Lindqvist", "language": "en"}
    for _ in range(2):
        assert tablet.post(path, data=form).location == "/tablet/documents"
    page = tablet.get("/tablet/documents").text
    assert "Give the tablet back" in page
    assert "/my/documents/signed" not in page
    with database.read() as session:
        assert session.scalars(select(ConsentSignature.source)).all() == ["tablet"]
    assert tablet.get("/kiosk/back").location.startswith("/sign-in?next=/patients/")
    assert tablet.get("/kiosk").status_code == 404


def test_a_tablet_that_was_taken_back_shows_nothing(tablet: FlaskClient, database: Database) -> None:
    with database.write() as session:
        session.scalars(select(Kiosk)).one().ended_at = NOW
    assert tablet.get("/tablet/documents").status_code == 404
