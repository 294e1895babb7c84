"""What no form field and no address may hold."""

from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from scheduler.config import Config
from scheduler.db import Database
from scheduler.web import EVERYONE, access
from tests.support.sign_in import csrf_token, own_app

UNSEEN = {
    "NUL": "\x00",
    "CR": "\r",
    "LF": "\n",
    "tab": "\t",
    "escape": "\x1b",
    "U+0085": "\x85",
    "U+2028": "\u2028",
}
SAID = "holds a line break or another character that can&#39;t be seen"


@pytest.mark.parametrize("letter", UNSEEN.values(), ids=UNSEEN)
def test_a_field_with_an_unseen_character_is_refused_by_name(client: FlaskClient, letter: str) -> None:
    answer = client.post(
        "/sign-in", data={"email": f"ada{letter}@example.org", "csrf_token": csrf_token(client)}
    )
    assert answer.status_code == 400
    assert "The field “email”" in answer.text and SAID in answer.text


@pytest.mark.parametrize("letter", UNSEEN.values(), ids=UNSEEN)
def test_so_is_an_address(client: FlaskClient, letter: str) -> None:
    assert client.get("/sign-in", query_string={"next": f"/{letter}"}).status_code == 400


def test_letters_of_every_language_pass(client: FlaskClient) -> None:
    text = "Zoë Ångström 王小明 سارة O’Neill – «x» \u00a0 \U0001f600"
    answer = client.post("/sign-in", data={"email": text, "csrf_token": csrf_token(client)})
    assert answer.status_code == 422 and "王小明" in answer.text


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"given_name": "a" * 5_001}, "The field “given name” is too long"),
        ({"x" * 101: "1"}, "a name that no form of Sixfold uses"),
        ({"<script>": "a" * 5_001}, "A field is too long"),
        ({f"f{number}": "1" for number in range(1_001)}, "at most 1000 fields"),
    ],
)
def test_too_long_and_too_many_are_refused(client: FlaskClient, fields: dict[str, str], says: str) -> None:
    answer = client.post("/sign-in", data=fields)
    assert answer.status_code == 400 and says in answer.text and "<script>" not in answer.text


def test_bytes_that_are_not_text_are_refused(client: FlaskClient) -> None:
    form: dict[str, Any] = {"content_type": "application/x-www-form-urlencoded"}
    assert client.post("/sign-in", data=b"email=%ff%fe", **form).status_code == 400
    assert client.post("/sign-in", data=b"email=\xff", **form).status_code == 400
    assert client.get("/sign-in?next=%ff").status_code == 400
    assert client.get("/%ff").status_code == 404
    assert client.get("/static/%00").status_code == 404
    broken = b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n\xff\r\n--x--\r\n'
    answer = client.post("/sign-in", data=broken, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 400 and SAID in answer.text


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_more_than_two_megabytes_get_their_own_page(client: FlaskClient, kind: str) -> None:
    answer = client.post("/sign-in", data=b"a" * (2 * 1024 * 1024 + 1), content_type=kind)
    assert answer.status_code == 413 and "2 megabytes" in answer.text


def test_a_body_that_does_not_say_how_long_it_is_is_refused(client: FlaskClient) -> None:
    answer = client.post(
        "/sign-in",
        headers={"Transfer-Encoding": "chunked", "Content-Type": "application/x-www-form-urlencoded"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == 411


@pytest.mark.parametrize("number", ["0", "-1", str(2**31), str(2**63), "9" * 5_000, "1.5", "٣", "1e3"])
def test_a_number_that_no_record_can_have_is_simply_not_there(
    config: Config, sqlite: Database, number: str
) -> None:
    app = with_echo(own_app(config, sqlite))
    assert app.test_client().get(f"/echo/{number}").status_code == 404
    assert app.test_client().get(f"/echo/{2**31 - 1}").text == str(2**31 - 1)


@pytest.mark.parametrize("trouble", [OverflowError, UnicodeEncodeError])
def test_a_value_that_only_the_database_finds_too_great_is_no_error_of_ours(
    config: Config, sqlite: Database, trouble: type[Exception]
) -> None:
    answer = with_echo(own_app(config, sqlite)).test_client().get(f"/echo/1?raise={trouble.__name__}")
    assert answer.status_code == (400 if trouble is OverflowError else 500)


def with_echo(app: Flask) -> Flask:
    """Add a page that answers with its number, or fails as asked."""

    @app.get("/echo/<int:number>")
    @access(EVERYONE)
    def echo(number: int) -> str:
        if request.args.get("raise") == "OverflowError":
            raise OverflowError("Python int too large to convert to SQLite INTEGER")
        if request.args.get("raise"):
            raise UnicodeEncodeError("utf-8", "x", 0, 1, "surrogates not allowed")
        return str(number)

    return app
