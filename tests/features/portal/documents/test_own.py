"""A patient's documents on their own phone: behind the link and the birth date, and nobody else's."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.outbox.links import make_link, papers_holder
from scheduler.models import ConsentSignature, ConsentVersion
from tests.support.clinic import NOW, SmallClinic, make_patient
from tests.support.consents import add_text, add_version, signed
from tests.support.sign_in import cheap_app, csrf_token

BORN = {"day": "14", "month": "3", "year": "1986"}


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
def link(database: Database, clinic: SmallClinic) -> str:
    """The address in the message."""
    with database.write() as session:
        return "/d/" + make_link(session, NOW, clinic.patient.id, None, NOW.replace(day=28), "consents")


@pytest.fixture
def phone(config: Config, database: Database, text: ConsentVersion) -> FlaskClient:
    """The patient's phone."""
    return cheap_app(config, database).test_client()


def post(client: FlaskClient, path: str, **form: str):  # type: ignore[no-untyped-def]
    """Send a form of ours."""
    return client.post(path, data={"csrf_token": csrf_token(client), **form})


def test_a_link_alone_shows_nothing_and_with_the_birth_date_the_documents(
    phone: FlaskClient, link: str, text: ConsentVersion
) -> None:
    assert phone.get("/my/documents").status_code == 401
    assert "Your treatment" not in phone.get(link).text
    assert post(phone, link, **{**BORN, "day": "15"}).status_code == 403
    assert phone.get(f"/my/documents/{text.id}").status_code == 401
    answer = post(phone, link, **BORN)
    assert (answer.status_code, answer.location) == (303, "/my/documents")
    page = phone.get("/my/documents").text
    assert "Your treatment" in page
    assert "Marta" not in page


def test_a_text_is_read_signed_and_kept_and_the_back_button_signs_nothing_more(
    phone: FlaskClient, link: str, text: ConsentVersion, database: Database
) -> None:
    post(phone, link, **BORN)
    path = f"/my/documents/{text.id}"
    page = phone.get(path).text
    assert "<h2>What it is</h2>" in page
    assert "<li>You rest.</li>" in page
    wrong = post(phone, path, name="Otto Vogel", language="en")
    assert wrong.status_code == 422
    assert 'value="Otto Vogel"' in wrong.text
    assert "autofocus" in wrong.text  # The line to sign on is at the end of a long text.
    for _ in range(2):
        assert post(phone, path, name="Marta Lindqvist", language="en").location == "/my/documents"
    assert phone.get(path).location == "/my/documents"
    assert "Everything is signed" in phone.get("/my/documents").text
    with database.read() as session:
        paper = session.scalars(select(ConsentSignature)).one()
    assert paper.digest in phone.get(f"/my/documents/signed/{paper.id}").text
    copy = phone.get(f"/my/documents/signed/{paper.id}.pdf")
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(copy.data)).pages)
    assert "You rest." in words
    assert "Marta Lindqvist" in words


def test_a_text_that_changed_meanwhile_is_shown_as_it_is_now(
    phone: FlaskClient, link: str, text: ConsentVersion, database: Database
) -> None:
    post(phone, link, **BORN)
    with database.write() as session:
        add_version(session, text, asks_again=True)
    answer = post(phone, f"/my/documents/{text.id}", name="Marta Lindqvist", language="en")
    assert answer.status_code == 409
    assert "has changed while you read" in answer.text


def test_a_consent_is_withdrawn_as_easily_as_it_was_given(
    phone: FlaskClient, link: str, text: ConsentVersion, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        paper = signed(session, clinic.patient.id, text)
    post(phone, link, **BORN)
    path = f"/my/documents/signed/{paper.id}/withdraw"
    assert "Withdraw this consent?" in phone.get(path).text
    for _ in range(2):
        assert post(phone, path, reason="").location == "/my/documents"
    page = phone.get("/my/documents").text
    assert "Withdrawn on" in page
    assert "To read and sign" in page
    assert "You withdrew it." in page
    assert "has changed" not in page


def test_nobody_sees_what_another_person_with_the_same_mail_address_signed(
    phone: FlaskClient, link: str, text: ConsentVersion, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        twin = make_patient(session, clinic.site, 60, given_name="Otto", email=clinic.patient.email)
        paper = signed(session, twin.id, text, "Otto Lindqvist")
    post(phone, link, **BORN)
    for path in ("", ".pdf", "/withdraw"):
        assert phone.get(f"/my/documents/signed/{paper.id}{path}").status_code == 404
    post(phone, f"/my/documents/signed/{paper.id}/withdraw", reason="")
    with database.read() as session:
        assert session.get_one(ConsentSignature, paper.id).withdrawn_at is None


def test_a_link_to_documents_opens_no_other_door(
    database: Database, clinic: SmallClinic, link: str, phone: FlaskClient
) -> None:
    token = link.removeprefix("/d/")
    assert phone.get(f"/p/{token}").status_code == 404
    assert phone.get(f"/v/{token}").status_code == 404
    with database.read() as session:
        assert papers_holder(session, "x" + token, NOW) is None
