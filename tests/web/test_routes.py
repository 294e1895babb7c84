"""Each role on each route: deny by default, no change without a form of ours, nothing changed by looking."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from scheduler.config import Config
from scheduler.db import Database
from scheduler.models import AuditEvent, metadata
from scheduler.web.access import declared_access, declared_scope
from tests.support.clinic import NOW, SmallClinic
from tests.support.sign_in import cheap_app, csrf_token, sign_in
from tests.web.api.routes import API_ROUTES
from tests.web.filled import DEVICE_TOKEN
from tests.web.route import EVERYONE, VISITORS, Route
from tests.web.routes import ROUTES

LOOKS = [route for route in ROUTES if route.method == "GET"]
CHANGES = [route for route in ROUTES if route.method == "POST"]
AFTER_A_LOOK = {"audit_events", "staff_sessions"}  # Reads are noted, and that a log-in is in use.
BEYOND = ("0", "-1", str(2**31), str(2**63), "9" * 40, "1.5")


@dataclass(frozen=True)
class House:
    """The application with everything the table speaks of."""

    app: Flask
    database: Database
    clinic: SmallClinic

    def enter(self, visitor: str) -> FlaskClient:
        """The client of a role, or of nobody in particular."""
        client = self.app.test_client()
        client.set_cookie("sixfold-pages", DEVICE_TOKEN)  # Whoever they are, their telephone is patient 1's.
        if visitor != "anonymous":
            sign_in(client, self.database, self.clinic.users[visitor])
        return client

    def contents(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row of every table that looking must not change."""
        with self.database.read() as session:
            return {
                table.name: [
                    tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))
                ]
                for table in metadata.sorted_tables
                if table.name not in AFTER_A_LOOK
            }

    def trail(self) -> int:
        """How long the audit trail is."""
        with self.database.read() as session:
            return session.scalar(select(func.count()).select_from(AuditEvent)) or 0


@pytest.fixture
def house(config: Config, sqlite: Database, filled: SmallClinic) -> Iterator[House]:
    """On the Monday of the small clinic."""
    with time_machine.travel(NOW, tick=False):
        yield House(cheap_app(config, sqlite), sqlite, filled)


def ask(client: FlaskClient, route: Route, *, proof: bool = True) -> TestResponse:
    """Call a route as its own form or link would."""
    if route.method == "GET":
        return client.get(route.path, buffered=True)
    token = {"csrf_token": csrf_token(client)} if proof else {}
    return client.post(route.path, data={**route.form, **token})


def a_visitor(route: Route) -> str:
    """Somebody who may."""
    may = [visitor for visitor in reversed(VISITORS) if visitor in route.opens]
    return next((visitor for visitor in may if visitor not in route.but), may[0])


def test_every_route_stands_in_the_table(house: House) -> None:
    registered = {
        (method, rule.rule)
        for rule in house.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    named = [(route.method, route.rule) for route in (*ROUTES, *API_ROUTES)]
    assert registered == set(named)
    assert len(named) == len(registered)


def test_every_route_declares_whom_it_is_for(house: House) -> None:
    silent = [
        rule.endpoint
        for rule in house.app.url_map.iter_rules()
        if declared_access(house.app, rule.endpoint) is None
        and declared_scope(house.app, rule.endpoint) is None
    ]
    assert silent == []


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_looking_and_being_refused_is_for_each_visitor_as_the_table_says(house: House, route: Route) -> None:
    """Neither changes anything (the tests below see to it), so that one clinic serves all of them."""
    for visitor in VISITORS:
        if route.method == "GET" or visitor not in route.opens:
            answer = ask(house.enter(visitor), route)
            assert answer.status_code == route.expected(visitor), visitor
            if visitor not in route.opens and visitor == "anonymous":
                assert answer.location.startswith("/sign-in")


@pytest.mark.parametrize(
    ("route", "visitor"),
    [(route, visitor) for route in CHANGES for visitor in VISITORS if visitor in route.opens],
    ids=str,
)
def test_each_visitor_may_change_what_the_table_says(house: House, route: Route, visitor: str) -> None:
    assert ask(house.enter(visitor), route).status_code == route.expected(visitor)


@pytest.mark.parametrize("route", LOOKS, ids=str)
def test_looking_changes_no_row(house: House, route: Route) -> None:
    before = house.contents()
    for visitor in VISITORS:
        client = house.enter(visitor)
        client.get(route.path, buffered=True)
        client.get(route.path, buffered=True, headers={"HX-Request": "true"})
        client.head(route.path, buffered=True)
        client.options(route.path)
    assert house.contents() == before


@pytest.mark.parametrize("route", [route for route in LOOKS if route.about], ids=str)
def test_looking_at_patients_leaves_a_row_in_the_trail(house: House, route: Route) -> None:
    client = house.enter(a_visitor(route))
    before = house.trail()
    assert ask(client, route).status_code == 200
    assert house.trail() > before


@pytest.mark.parametrize("route", [route for route in CHANGES if route.audited], ids=str)
def test_changing_something_leaves_a_row_in_the_trail(house: House, route: Route) -> None:
    client = house.enter("nurse")
    before = house.trail()
    ask(client, route)
    assert house.trail() > before


SIGNED = ("/hooks/", "/u/", "/ask/")
"""These carry their own proof, so a form's token is none of their business: see their own tests."""


@pytest.mark.parametrize("route", [route for route in CHANGES if not route.rule.startswith(SIGNED)], ids=str)
def test_a_form_that_is_not_ours_changes_nothing(house: House, route: Route) -> None:
    client = house.enter(a_visitor(route))
    before = house.contents()
    for forged in ({}, {"csrf_token": ""}, {"csrf_token": "x.y.z"}):
        assert client.post(route.path, data={**route.form, **forged}).status_code == 400
    token = csrf_token(house.app.test_client())
    stranger = house.enter(a_visitor(route))
    stranger.get("/sign-in")
    with stranger.session_transaction() as cookie:
        cookie["csrf_token"] = "another browser's"
    assert stranger.post(route.path, data={**route.form, "csrf_token": token}).status_code == 400
    assert house.contents() == before


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_every_answer_carries_the_headers_and_no_page_runs_or_styles_inline(
    house: House, route: Route
) -> None:
    answer = ask(house.enter(a_visitor(route)), route)
    carries_the_headers(answer, route)
    if answer.mimetype == "text/html":
        runs_and_styles_nothing_inline(answer.text)


def carries_the_headers(answer: TestResponse, route: Route) -> None:
    """What a browser is told beside the page."""
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    if route.rule == "/feeds/<token>.ics":  # Programs keep it and ask whether it changed.
        assert answer.headers["Cache-Control"] == "private"
    elif route.rule != "/static/<path:filename>":
        assert answer.headers["Cache-Control"] == "no-store"
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


def runs_and_styles_nothing_inline(page: str) -> None:
    """What the policy would refuse stands in no page."""
    assert "<script>" not in page and " style=" not in page and "<style" not in page
    assert " onclick=" not in page and "hx-on" not in page and "javascript:" not in page


@pytest.mark.parametrize("route", [route for route in ROUTES if "<int:" in route.rule], ids=str)
def test_a_record_that_is_not_there_is_a_404_for_those_who_may_and_says_nothing_to_others(
    house: House, route: Route
) -> None:
    def at(number: str) -> str:
        return re.sub(r"/\d+", f"/{number}", route.path)

    missing, absurd = [at(str(2**31 - 1))], [at(number) for number in BEYOND]
    for path in missing + absurd:
        for visitor in VISITORS:
            client = house.enter(visitor)
            data = {**route.form, "csrf_token": csrf_token(client)}
            answer = client.get(path) if route.method == "GET" else client.post(path, data=data)
            if path in absurd:
                assert answer.status_code in {404, 405}
            elif visitor in route.opens:
                assert answer.status_code == 404, (path, visitor)
            else:
                assert answer.status_code == route.expected(visitor)


def test_the_front_desk_never_reads_what_a_rating_says(house: House) -> None:
    nurse = house.enter("nurse")
    rating = next(route for route in ROUTES if route.path == "/infusions/1/ratings")
    ask(nurse, rating)
    for path in ("/courses/1", "/infusions/1"):
        assert "7 of 10" in nurse.get(path).text or ">7<" in nurse.get(path).text
    desk = house.enter("front_desk")
    for route in LOOKS:
        in_emergency = route.rule == "/emergency/<int:access_id>"
        if "front_desk" in route.opens and route.about and not in_emergency:
            page = desk.get(route.path).text.replace("<b>7</b>", "")  # The seventh day of a month.
            assert "7 of 10" not in page and ">7<" not in page, route.path


def test_an_administrator_reads_no_patients_name(house: House) -> None:
    client = house.enter("administrator")
    for route in LOOKS:
        # What /my shows is opened by the patient's own device, whoever else is signed in there.
        if "administrator" in route.opens and not route.path.startswith("/my"):
            page = client.get(route.path, buffered=True, follow_redirects=True)
            if page.mimetype == "text/html" and route.rule != "/components":
                assert "Lindqvist" not in page.text, route.path


def test_everybody_may_see_only_what_needs_no_log_in() -> None:
    open_to_all = {str(route) for route in ROUTES if route.opens == EVERYONE}
    assert open_to_all == {
        "GET /", "GET /api/v1/openapi.json", "GET /healthz", "GET /metrics", "GET /sign-in", "POST /sign-in",
        "GET /static/<path:filename>", "GET /wall/<token>", "GET /feeds/<token>.ics", "GET /v/<token>",
        "GET /v/<token>/appointment.ics", "POST /v/<token>/confirm", "POST /v/<token>/ask",
        "POST /v/<token>/ready/<int:item_id>", "GET /u/<token>", "POST /u/<token>", "POST /u/<token>/again",
        "GET /c/<token>", "GET /c/<token>/appointments.ics", "POST /c/<token>/calendar",
        "POST /hooks/sms", "POST /hooks/sms/status", "GET /lock", "POST /lock/open",
        "GET /kiosk/back", "POST /kiosk/back",
        "GET /r/<token>", "POST /r/<token>", "GET /kiosk", "POST /kiosk",
        "GET /r/<token>/tasks", "POST /r/<token>/tasks/begin", "POST /r/<token>/tasks/end",
        "GET /k/<token>", "GET /k/<token>/appointment.ics", "POST /k/<token>/confirm", "POST /k/<token>/ask",
        "GET /ask/<code>", "POST /ask/<code>", "GET /ask/<code>/received/<ticket>",
        "GET /p/<token>", "POST /p/<token>", "GET /my", "POST /my/questions", "GET /my/before-and-after",
        "GET /my/visits/<int:infusion_id>", "POST /my/visits/<int:infusion_id>/confirm",
        "POST /my/visits/<int:infusion_id>/ask", "POST /my/visits/<int:infusion_id>/ready/<int:item_id>",
        "GET /my/visits/<int:infusion_id>/appointment.ics", "GET /my/appointments.ics", "GET /my/messages",
        "POST /my/messages", "GET /my/data", "GET /my/data.json", "GET /my/devices", "POST /my/devices",
        "GET /my/offline", "GET /my/manifest.webmanifest", "GET /my/worker.js",
        "POST /r/<token>/tasks/leave", "GET /kiosk/tasks", "POST /kiosk/tasks/begin", "POST /kiosk/tasks/end",
        "POST /kiosk/tasks/leave", "GET /sign-in/second", "POST /sign-in/second", "GET /sign-in/lost",
        "POST /sign-in/lost", "GET /a/<token>", "POST /a/<token>",
        "GET /d/<token>", "POST /d/<token>", "GET /my/documents", "GET /my/documents/<int:version_id>",
        "POST /my/documents/<int:version_id>", "GET /my/documents/signed/<int:signature_id>",
        "GET /my/documents/signed/<int:signature_id>.pdf",
        "GET /my/documents/signed/<int:signature_id>/withdraw",
        "POST /my/documents/signed/<int:signature_id>/withdraw", "GET /tablet/documents",
        "GET /tablet/documents/<int:version_id>", "POST /tablet/documents/<int:version_id>",
    }  # fmt: skip
