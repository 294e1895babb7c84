"""Who may open what, and what becomes of those who may not."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.config import Config
from scheduler.db import Database
from scheduler.models import AuditEvent, Role
from scheduler.web import access
from tests.support.clinic import SmallClinic
from tests.support.sign_in import csrf_token, own_app
from tests.web.conftest import AsRole

HTMX = {"HX-Request": "true"}


@pytest.fixture
def app(config: Config, sqlite: Database, clinic: SmallClinic) -> Flask:
    """An application of the test's own, because these tests add routes to it."""
    return own_app(config, sqlite)


@pytest.fixture
def guarded(app: Flask) -> Flask:
    """An application with a page for clinicians and one that says nothing."""

    @app.route("/clinicians", methods=["GET", "POST"])
    @access(frozenset({Role.CLINICIAN}))
    def clinicians() -> str:
        return "for clinicians"

    @app.get("/forgotten")
    def forgotten() -> str:
        return "open to all by mistake"

    return app


def test_a_page_that_says_nothing_is_closed_to_everybody(guarded: Flask, as_role: AsRole) -> None:
    for browser in (guarded.test_client(), *(as_role(role) for role in Role)):
        answer = browser.get("/forgotten")
        assert answer.status_code == 403 and "by mistake" not in answer.text


def test_a_role_opens_its_pages_and_the_others_do_not(guarded: Flask, as_role: AsRole) -> None:
    assert as_role("clinician").get("/clinicians").text == "for clinicians"
    for role in ("front_desk", "nurse", "administrator"):
        assert as_role(role).get("/clinicians").status_code == 403


def test_a_denial_is_written_down_with_who_and_which_page(
    guarded: Flask, as_role: AsRole, sqlite: Database, clinic: SmallClinic
) -> None:
    as_role("front_desk").get("/clinicians?secret=1")
    with sqlite.read() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "access.denied")).one()
    assert event.actor_id == clinic.users["front_desk"].id
    assert (event.detail, event.address) == ({"route": "/clinicians"}, "127.0.0.1")


def test_a_visitor_is_sent_to_the_sign_in_page_and_back(guarded: Flask, client: FlaskClient) -> None:
    answer = client.get("/clinicians?day=2026-11-02")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/clinicians?day%3D2026-11-02")


def test_a_form_sent_too_late_leads_back_to_the_page_it_stood_on(guarded: Flask, client: FlaskClient) -> None:
    data = {"csrf_token": csrf_token(client)}
    answer = client.post("/clinicians", data=data, headers={"Referer": "http://localhost/courses/7"})
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/courses/7")
    answer = client.post("/clinicians", data=data, headers={"Referer": "http://evil.example/courses/7"})
    assert answer.location == "/sign-in"


@pytest.mark.parametrize(
    ("shown", "target"),
    [
        ("http://localhost/today", "/sign-in?next=/today"),
        ("http://127.0.0.1:8000/today?x=1", "/sign-in?next=/today?x%3D1"),
        ("http://evil.example/today", "/sign-in"),
        ("", "/sign-in"),
    ],
)
def test_a_live_part_leads_the_whole_page_to_sign_in(
    guarded: Flask, client: FlaskClient, shown: str, target: str
) -> None:
    answer = client.get("/clinicians", headers={**HTMX, "HX-Current-URL": shown})
    assert (answer.status_code, answer.headers["HX-Redirect"], answer.text) == (401, target, "")


def test_a_denied_live_part_gets_a_banner(guarded: Flask, as_role: AsRole) -> None:
    answer = as_role("nurse").get("/clinicians", headers=HTMX)
    assert answer.status_code == 403 and "<!doctype" not in answer.text and "Your role" in answer.text


def test_the_first_page_is_the_first_one_that_the_role_opens(as_role: AsRole, client: FlaskClient) -> None:
    assert client.get("/").location == "/sign-in"
    assert as_role("nurse").get("/").location == "/today"
