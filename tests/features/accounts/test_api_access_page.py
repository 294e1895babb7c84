"""Administrators make and revoke the tokens of programs."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from scheduler.db import Database
from tests.features.conftest import as_role, clinic
from tests.support.sign_in import csrf_token

__all__ = ["as_role", "clinic"]

PAGE = "/settings/api"


@pytest.fixture
def database(sqlite: Database) -> Database:
    """Pages ask no more of the other database."""
    return sqlite


@pytest.fixture
def client(as_role: Callable[[str], FlaskClient]) -> FlaskClient:
    return as_role("administrator")


def make(client: FlaskClient, **form: object) -> tuple[int, str]:
    sent = {"name": "Phone system", "scopes": ["protocols:read"], "lifetime": "365", **form}
    answer = client.post(PAGE, data={"csrf_token": csrf_token(client), **sent})
    return answer.status_code, answer.text


def test_a_token_is_shown_once_opens_its_scope_and_ends_when_it_is_revoked(client: FlaskClient) -> None:
    _status, text = make(client)
    found = re.search(r'id="made" readonly value="([^"]+)"', text)
    assert found is not None
    headers = {"Authorization": f"Bearer {found[1]}"}
    program = client.application.test_client()
    assert program.get("/api/v1/protocols", headers=headers).status_code == 200
    assert program.get("/api/v1/patients", headers=headers).status_code == 403
    listed = client.get(PAGE).text
    assert found[1] not in listed and "Phone system" in listed and "until 2 Nov 2027" in listed
    assert "Phone system" in client.get(f"{PAGE}/tokens/1/revoke").text
    client.post(f"{PAGE}/tokens/1/revoke", data={"csrf_token": csrf_token(client)})
    assert program.get("/api/v1/protocols", headers=headers).status_code == 401
    assert "Revoked" in client.get(PAGE).text
    assert client.get(f"{PAGE}/tokens/1/revoke").status_code == 404


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": " "}, "Write what the token is for"),
        ({"name": "a" * 81}, "The name is too long"),
        ({"scopes": []}, "Choose at least one thing"),
        ({"scopes": ["everything"]}, "There is no scope"),
        ({"lifetime": "9999"}, "Choose when the token ends"),
    ],
)
def test_a_token_that_can_t_be_made_says_why(client: FlaskClient, form: dict[str, object], said: str) -> None:
    status, text = make(client, **form)
    assert status == 422 and said in text and 'id="made"' not in text
