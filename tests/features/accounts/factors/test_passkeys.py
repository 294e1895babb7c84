"""A passkey in place of the password, and as the second step: what it signs holds once, here, for one."""

import html
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.accounts.factors.door import HOLDS
from scheduler.models import Passkey, StaffSession, User
from tests.features.accounts.factors.conftest import Vera, Wall, send
from tests.support.clinic import NOW
from tests.support.passkey import CREDENTIAL, PRESENT, SoftKey


@pytest.fixture
def config(config: Config) -> Config:
    """A clinic that is reached by a name."""
    return replace(config, base_url="http://localhost")


@pytest.fixture
def key(sqlite: Database, vera: Vera) -> SoftKey:
    """The clinician's."""
    found = SoftKey("http://localhost")
    with sqlite.write() as session:
        session.add(
            Passkey(
                user_id=vera.user.id,
                credential_id=CREDENTIAL,
                public_key=found.public_key,
                sign_count=0,
                name="Phone",
                added_at=NOW,
            )
        )
    return found


def question(client: FlaskClient, path: str) -> str:
    """What the page asks a passkey to sign."""
    found = re.search(r'data-options="([^"]+)"', client.get(path).text)
    assert found
    return str(json.loads(html.unescape(found[1]))["challenge"])


def enters(client: FlaskClient, answer: str) -> bool:
    """Whether an answer at the door opens a log-in."""
    return send(client, "/sign-in", credential=answer).status_code == 303


def test_a_passkey_opens_the_door_and_the_same_answer_does_not_again(
    app: Flask, key: SoftKey, wall: Wall
) -> None:
    client, thief = app.test_client(), app.test_client()
    answer = key.answer(question(client, "/sign-in"))
    wall.shift(60)
    assert enters(client, answer) and client.get("/me").status_code == 200
    assert not enters(thief, answer)
    wall.shift(60)
    assert enters(thief, key.answer(question(thief, "/sign-in"))), "another answer does"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda key, asked: key.answer(asked, origin="http://localhost.example.org"),
        lambda key, asked: key.answer(asked, flags=PRESENT),
        lambda key, asked: key.answer("AAAA" + asked[4:]),
        lambda _, asked: SoftKey("http://localhost").answer(asked),
    ],
    ids=["a copied page", "a key that asked for no finger", "a question of somebody else", "another key"],
)
def test_what_is_not_true_opens_nothing(
    client: FlaskClient, key: SoftKey, spoil: Callable[[SoftKey, str], str]
) -> None:
    assert not enters(client, spoil(key, question(client, "/sign-in")))
    assert client.get("/me").status_code == 303


def test_a_page_that_stood_open_too_long_or_a_closed_account_opens_nothing(
    app: Flask, sqlite: Database, key: SoftKey, vera: Vera, wall: Wall
) -> None:
    client = app.test_client()
    old = key.answer(question(client, "/sign-in"))
    wall.shift(HOLDS)
    assert not enters(client, old)
    with sqlite.write() as session:
        session.get_one(User, vera.user.id).disabled_at = NOW
    assert not enters(client, key.answer(question(client, "/sign-in")))
    with sqlite.read() as session:
        assert session.scalars(select(StaffSession)).all() == []


def test_at_the_second_step_a_wrong_answer_makes_a_new_question(
    client: FlaskClient, key: SoftKey, vera: Vera, wall: Wall
) -> None:
    vera.sign_in(client)
    first = question(client, "/sign-in/second")
    send(client, "/sign-in/second", code="000000")
    assert question(client, "/sign-in/second") != first
    assert send(client, "/sign-in/second", credential=key.answer(first)).status_code == 422
    wall.shift(timedelta(seconds=1))
    right = key.answer(question(client, "/sign-in/second"), flags=PRESENT)
    assert send(client, "/sign-in/second", credential=right).location == "/"
