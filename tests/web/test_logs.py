"""What a log line holds, and what it must never hold."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from scheduler.config import Config
from scheduler.db import Database
from scheduler.web import EVERYONE, access, writing
from scheduler.web.logs import configure_logs
from tests.features.accounts.conftest import PASSWORD
from tests.support.clinic import SmallClinic
from tests.support.sign_in import csrf_token, own_app, sign_in
from tests.web.conftest import AsRole


@pytest.fixture
def app(config: Config, sqlite: Database, clinic: SmallClinic) -> Flask:
    """An application of the test's own, because these tests add routes to it."""
    return own_app(config, sqlite)


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What goes to the log, as it would be written."""
    before = structlog.get_config()
    stream = io.StringIO()
    configure_logs("debug", stream)
    yield stream
    structlog.configure(**before)


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    """The log, line by line."""
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_line_names_the_route_the_status_and_who(
    written: io.StringIO, as_role: AsRole, clinic: SmallClinic
) -> None:
    answer = as_role("nurse").get("/sign-in?next=/patients")
    line = lines(written)[-1]
    assert (line["event"], line["method"], line["route"], line["status"]) == (
        "answered",
        "GET",
        "/sign-in",
        303,
    )
    assert line["request"] == answer.headers["X-Request-ID"]
    assert line["user"] == clinic.users["nurse"].id and line["ms"] >= 0


def test_no_line_holds_a_search_word_a_password_a_cookie_or_a_token(
    written: io.StringIO, client: FlaskClient, sqlite: Database, clinic: SmallClinic
) -> None:
    token = sign_in(client, sqlite, clinic.users["nurse"])
    proof = csrf_token(client)
    client.get("/patients?q=Lindqvist")
    client.get("/nothing/Lindqvist?q=Lindqvist")
    client.post("/sign-in", data={"email": "ada@example.org", "password": PASSWORD, "csrf_token": proof})
    client.post("/sign-in?q=Lindqvist", data={"password": f"{PASSWORD}\n"})
    said = written.getvalue()
    assert len(lines(written)) >= 4
    for secret in (token, proof, PASSWORD, "Lindqvist", "ada@example.org"):
        assert secret not in said


def test_a_traceback_holds_neither_local_values_nor_what_was_to_be_stored(
    written: io.StringIO, app: Flask, client: FlaskClient
) -> None:
    @app.get("/store")
    @access(EVERYONE)
    def store() -> str:
        with writing() as session:
            session.execute(text("UPDATE sites SET nothing = :name"), {"name": "Marta " + "Lindqvist"})
        return "stored"

    @app.get("/divide")
    @access(EVERYONE)
    def divide() -> str:
        name = "Marta " + "Lindqvist"
        return name[1 // 0]

    for path in ("/store", "/divide"):
        assert client.get(path).status_code == 500
    failed = [line for line in lines(written) if line["event"] == "request failed"]
    assert [line["route"] for line in failed] == ["/store", "/divide"]
    assert "UPDATE sites" in failed[0]["exception"] and "ZeroDivisionError" in failed[1]["exception"]
    assert "Marta Lindqvist" not in written.getvalue()


def test_what_postgresql_repeats_of_a_row_is_left_out(written: io.StringIO) -> None:
    try:
        raise ValueError(
            "duplicate key\nDETAIL:  Key (email)=(marta@example.org) already exists.\n[parameters: 'Marta']"
        )
    except ValueError as error:
        structlog.get_logger().error("request failed", exc_info=error)
    assert "duplicate key" in written.getvalue()
    assert "marta" not in written.getvalue().lower()


def test_static_files_and_health_checks_leave_no_line(written: io.StringIO, client: FlaskClient) -> None:
    client.get("/static/sixfold.css", buffered=True)
    assert written.getvalue() == ""


def test_a_level_keeps_quieter_lines_away() -> None:
    before = structlog.get_config()
    stream = io.StringIO()
    configure_logs("warning", stream)
    structlog.get_logger().info("not this")
    structlog.get_logger().warning("but this")
    structlog.configure(**before)
    assert "but this" in stream.getvalue() and "not this" not in stream.getvalue()
