"""A signed-in test client without the password: the log-in is real, only the form is skipped."""

import time
from dataclasses import dataclass, replace
from pathlib import Path
from weakref import WeakKeyDictionary

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from scheduler import clock
from scheduler.app import create_app
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.accounts.actions.sessions import open_session
from scheduler.features.accounts.passwords import Hasher
from scheduler.models import User

RAW_CSRF = "a" * 40
CHEAP = Hasher(memory_kib=64, passes=1, lanes=1)


def sign_in(client: FlaskClient, database: Database, user: User) -> str:
    """Put a valid log-in of `user` into `client`; returns its secret."""
    config: Config = client.application.extensions["sixfold"]
    with database.write() as session:
        token = open_session(session, clock.now(), user, "127.0.0.1", "tests", config)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return token


def csrf_token(client: FlaskClient) -> str:
    """What a form of `client` must carry as `csrf_token`; it holds until the next sign-in or sign-out."""
    name = client.application.config["SESSION_COOKIE_NAME"]
    known = _tokens.get(client)
    if known and (now := client.get_cookie(name)) and known.serves(now.value):
        return known.token
    with client.session_transaction() as session:
        session.setdefault("csrf_token", RAW_CSRF)
        raw = session["csrf_token"]
    signer = URLSafeTimedSerializer(str(client.application.secret_key), salt="wtf-csrf-token")
    token = str(signer.dumps(raw))
    if cookie := client.get_cookie(name):
        _tokens[client] = Proof(cookie.value, time.time(), token)
    return token


@dataclass(frozen=True)
class Proof:
    """A form's token: signing one anew for each of ten thousand forms would take as long as some answers."""

    cookie: str
    made_at: float
    token: str

    def serves(self, cookie: str) -> bool:
        """Whether it is of the same log-in, and young."""
        return self.cookie == cookie and 0 <= time.time() - self.made_at < YOUNG_S


YOUNG_S = 600
_tokens: WeakKeyDictionary[FlaskClient, Proof] = WeakKeyDictionary()

_built: dict[Config, Flask] = {}


def cheap_app(config: Config, database: Database) -> Flask:
    """The application on `database`, with passwords that cost nothing to check.

    Wiring two hundred routes and compiling the templates takes longer than most tests: tests whose settings
    agree in all but the place get the same application, one after the other, each with a database of its own.
    A test that adds a route, or whose server answers while others run, asks for `own_app`.
    """
    settings = replace(config, home=Path(), database_url="")
    if settings not in _built:
        _built[settings] = create_app(config, database)
    return _cheapened(_built[settings], config, database)


def own_app(config: Config, database: Database) -> Flask:
    """An application that no other test will get."""
    return _cheapened(create_app(config, database), config, database)


def _cheapened(app: Flask, config: Config, database: Database) -> Flask:
    app.extensions.update(sixfold=config, database=database, hasher=CHEAP)
    app.testing = True
    return app
