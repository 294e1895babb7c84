"""Whatever is written into a field or an address, the answer is a page that says so, never an error of ours.

The names are learned from the application itself: a first request notes which fields a view asks for.
Fields of lines that repeat (`minutes-1`, `minutes-2` …) are read by the same code: the first and the last one
stand for all of them.
"""

import re
from collections.abc import Iterable, Iterator

import pytest
import time_machine
from flask import Flask, Request
from flask.testing import FlaskClient
from werkzeug.datastructures import ImmutableMultiDict

from scheduler.config import Config
from scheduler.db import Database
from tests.support.clinic import NOW, SmallClinic
from tests.support.sign_in import cheap_app, csrf_token, sign_in
from tests.web.route import Route
from tests.web.routes import ROUTES

ODD = (
    "", "0", "-1", str(2**31), str(2**63), "9" * 100, "1e309", "NaN", "٣", "2026-02-30", "0001-01-01",
    "9999-12-31", "25:99", "'%<x-odd>../../etc", "é" * 200, "\ud7ff", "~@~", "null",
)  # fmt: skip
ASKED: list[str] = []


class Noting(ImmutableMultiDict):  # type: ignore[type-arg]
    """Fields that remember which of them were asked for."""

    def get(self, key, default=None, type=None):  # type: ignore[no-untyped-def]  # noqa: A002
        ASKED.append(key)
        return super().get(key, default, type) if type else super().get(key, default)

    def getlist(self, key, type=None):  # type: ignore[no-untyped-def]  # noqa: A002
        ASKED.append(key)
        return super().getlist(key, type) if type else super().getlist(key)


class NotingRequest(Request):
    """A request with such fields."""

    parameter_storage_class = Noting


@pytest.fixture
def app(config: Config, sqlite: Database, filled: SmallClinic) -> Iterator[Flask]:
    """On the Monday of the small clinic."""
    with time_machine.travel(NOW, tick=False):
        found = cheap_app(config, sqlite)
        found.request_class = NotingRequest
        found.extensions["users"] = filled.users
        yield found
        found.request_class = Request


def call(client: FlaskClient, route: Route, changes: dict[str, str]) -> tuple[int, str]:
    """Call the route with its own form but for `changes`."""
    path, _, query = route.path.partition("?")
    known = dict(pair.split("=") for pair in query.split("&")) if query else {}
    if route.method == "GET":
        answer = client.get(path, query_string={**known, **changes}, buffered=True)
    else:
        answer = client.post(path, data={**route.form, "csrf_token": csrf_token(client), **changes})
    return answer.status_code, answer.data.decode(errors="replace")  # A file is no text.


def ends_of_rows(names: Iterable[str]) -> list[str]:
    """The names, of those that differ in numbers alone the first and the last."""
    alike: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda one: [int(number) for number in re.findall(r"\d+", one)]):
        alike.setdefault(re.sub(r"\d+", "0", name), []).append(name)
    return sorted({one for row in alike.values() for one in (row[0], row[-1])})


@pytest.mark.parametrize(
    "route",
    [route for route in ROUTES if route.path != "/sign-out" and not route.path.startswith("/static")],
    ids=str,
)
def test_nothing_that_is_written_into_a_field_breaks_the_page(
    app: Flask, sqlite: Database, route: Route
) -> None:
    client = app.test_client()
    role = "clinician" if "clinician" in route.opens else "administrator"
    sign_in(client, sqlite, app.extensions["users"][role])
    ASKED.clear()
    call(client, route, {})
    names = ends_of_rows({name for name in ASKED if name != "csrf_token"} | set(route.form))
    for name in names:
        for value in ODD:
            status, page = call(client, route, {name: value})
            assert status < 500 or route.status == status, (name, value)
            assert "<x-odd>" not in page
