"""Headers and cookies on every answer."""

import dataclasses

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from scheduler.config import Config
from scheduler.db import Database
from tests.support.sign_in import cheap_app

PATHS = ["/", "/sign-in", "/nothing", "/sign-out", "/static/sixfold.css", "/static/nothing.css"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_holds_the_browser_to_our_rules(client: FlaskClient, path: str) -> None:
    headers = client.get(path, buffered=True).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'" and policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers
    assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize("path", PATHS[:4])
def test_pages_are_neither_kept_nor_indexed(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Cache-Control"] == "no-store" and headers["X-Robots-Tag"] == "noindex"


def test_static_files_are_kept_for_good_only_under_the_version_of_their_content(client: FlaskClient) -> None:
    def asked(address: str, **headers: str) -> TestResponse:
        return client.get(address, buffered=True, headers=headers)

    address = asked("/sign-in").text.split('<link rel="stylesheet" href="')[1].split('"')[0]
    first = asked(address)
    assert first.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    again = asked(address, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.headers["Cache-Control"]) == (304, first.headers["Cache-Control"])
    for other in ("sixfold.css", "sixfold.css?v=0", "nothing.css?v=1", "../wsgi.py?v=1"):
        assert asked(f"/static/{other}").headers["Cache-Control"] in {"no-cache", "no-store"}


def test_no_cookie_can_be_read_by_a_script_or_sent_from_elsewhere(config: Config, sqlite: Database) -> None:
    lines = cheap_app(config, sqlite).test_client().get("/sign-in").headers.getlist("Set-Cookie")
    assert lines
    for line in lines:
        assert (
            line.startswith("sixfold=") and "HttpOnly" in line and "SameSite=Lax" in line and "Path=/" in line
        )


def test_on_https_cookies_are_bound_to_the_host_and_browsers_stay_on_https(
    config: Config, sqlite: Database
) -> None:
    secure = dataclasses.replace(config, base_url="https://book.example.org")
    client = cheap_app(secure, sqlite).test_client()
    answer = client.get("/sign-in", base_url="https://book.example.org")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    line = answer.headers["Set-Cookie"]
    assert line.startswith("__Host-sixfold=")
    assert "Secure" in line and "HttpOnly" in line and "Path=/" in line and "Domain" not in line
