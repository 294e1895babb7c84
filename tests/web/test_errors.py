"""What people see when something fails, and that it costs no second failure."""

from pathlib import Path

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from scheduler.config import Config
from scheduler.db import Database
from scheduler.errors import BusyError, ConflictError, NotFoundError, RuleError
from scheduler.models import Role, Site
from scheduler.web import EVERYONE, access, reading, writing
from tests.support.clinic import SmallClinic
from tests.support.read_only import refuse_writing
from tests.support.sign_in import csrf_token, own_app, sign_in
from tests.web.conftest import AsRole

SENTENCES = {
    NotFoundError: (404, "This patient was removed. Find another one."),
    ConflictError: (409, "That chair was taken a moment ago."),
    RuleError: (422, "The last day comes before the first."),
    BusyError: (503, "The database is busy. Nothing was saved. Try again."),
}


@pytest.fixture
def app(config: Config, sqlite: Database, clinic: SmallClinic) -> Flask:
    """An application of the test's own, because these tests add routes to it."""
    return own_app(config, sqlite)


def raising(app: Flask, error: Exception) -> FlaskClient:
    """A browser of an application whose `/fail` raises `error`."""

    @app.get("/fail")
    @access(EVERYONE)
    def fail() -> str:
        raise error

    return app.test_client()


@pytest.mark.parametrize("kind", SENTENCES)
def test_an_error_of_the_clinic_is_its_sentence_with_its_status(app: Flask, kind: type) -> None:
    status, sentence = SENTENCES[kind]
    client = raising(app, kind(sentence))
    page, part = client.get("/fail"), client.get("/fail", headers={"HX-Request": "true"})
    assert page.status_code == part.status_code == status
    assert sentence in page.text and sentence in part.text
    assert "<!doctype html>" in page.text and "<!doctype html>" not in part.text


def test_a_mistake_of_ours_shows_a_number_and_nothing_of_the_inside(app: Flask) -> None:
    answer = raising(app, ZeroDivisionError("secret inside")).get("/fail")
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] in answer.text
    assert "secret inside" not in answer.text and "Traceback" not in answer.text


@pytest.mark.parametrize(("path", "method", "status"), [("/nothing", "GET", 404), ("/sign-out", "GET", 405)])
def test_wrong_addresses_and_methods_have_pages(app: Flask, path: str, method: str, status: int) -> None:
    answer = app.test_client().open(path, method=method)
    assert answer.status_code == status and "<h1>" in answer.text


def test_a_stale_form_says_what_to_do(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"email": "a", "csrf_token": "old"})
    assert answer.status_code == 400 and "reload the page, and send it again" in answer.text


def lose(database: Database, how: str) -> None:
    """Make the database fail for whoever connects from now on."""
    path = Path(str(database.engine.url.database))
    database.dispose()
    if how == "gone":
        path.unlink()
        path.parent.chmod(0o700)
        path.mkdir()  # Nothing can be opened, or made anew, under this name.
    elif how == "empty":
        path.unlink()
    else:
        path.write_bytes(b"this is no database at all, " * 400)


@pytest.mark.parametrize("how", ["gone", "empty", "broken"])
@pytest.mark.parametrize("path", ["/", "/sign-in", "/nothing-here"])
def test_without_a_database_every_page_is_a_calm_503(
    app: Flask, sqlite: Database, as_role: AsRole, how: str, path: str
) -> None:
    client = as_role("nurse")
    lose(sqlite, how)
    answer = client.get(path)
    assert answer.status_code == (404 if path == "/nothing-here" else 503)
    assert "<h1>" in answer.text
    if answer.status_code == 503:
        assert "Nothing was saved" in answer.text


def test_a_read_only_database_takes_no_change_and_says_so(
    config: Config, sqlite: Database, clinic: SmallClinic
) -> None:
    app = own_app(config, sqlite)
    client = app.test_client()
    sign_in(client, sqlite, clinic.users["nurse"])

    @app.post("/change")
    @access(EVERYONE)
    def change() -> str:
        with writing() as session:
            session.execute(text("UPDATE sites SET name = 'Elsewhere'"))
        return "changed"

    refuse_writing(sqlite)
    assert client.get("/sign-in").status_code == 303
    answer = client.post("/change", data={"csrf_token": csrf_token(client)})
    assert answer.status_code == 503 and "can&#39;t be written" in answer.text
    with sqlite.read() as session:
        assert session.execute(text("SELECT name FROM sites")).scalar() == "Riverside"


def test_a_failing_log_line_for_the_denied_does_not_break_their_page(
    app: Flask, as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_role("front_desk")

    def closed() -> None:
        raise BusyError("The database is busy. Nothing was saved. Try again.")

    @app.get("/clinicians-only")
    @access(frozenset({Role.CLINICIAN}))
    def only() -> str:
        return "x"

    monkeypatch.setattr("scheduler.features.accounts.denials.writing", closed)
    with structlog.testing.capture_logs() as lines:
        assert client.get("/clinicians-only").status_code == 403
    assert "denial not recorded" in [line["event"] for line in lines]


def test_what_was_read_can_be_shown_after_the_transaction(app: Flask, client: FlaskClient) -> None:
    @app.get("/site")
    @access(EVERYONE)
    def site() -> str:
        with reading() as session:
            found = session.get_one(Site, 1)
        return found.name

    assert client.get("/site").text == "Riverside"
