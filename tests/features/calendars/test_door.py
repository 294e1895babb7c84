"""Whoever has a feed already hears so at the door: the same answer as inside, and only if it is sure."""

import dataclasses
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from scheduler.config import Config
from scheduler.db import Database
from scheduler.web import EVERYONE, access
from scheduler.web.logs import configure_logs
from tests.features.calendars.conftest import Diary
from tests.support.clinic import NOW
from tests.support.sign_in import cheap_app

VIEW = "calendars.feed"
OURS = "https://book.example.org"
OF_ITS_OWN = {"X-Request-ID", "Vary"}  # Inside, a log-in is looked for and thrown away.


@pytest.fixture
def diary(quiet_database: Database, open_diary: Callable[[Database], Diary]) -> Diary:
    """Where nobody else commits: that sends everybody inside, which is right, and no test of the door."""
    return open_diary(quiet_database)


def headers_of(answer: TestResponse) -> dict[str, str]:
    return {name: value for name, value in answer.headers if name not in OF_ITS_OWN}


@access(EVERYONE)
def closed(**_: object) -> str:
    raise AssertionError("the view was asked")


def test_the_answer_at_the_door_is_the_one_inside_and_its_line_in_the_log_too(
    diary: Diary, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = cheap_app(dataclasses.replace(config, base_url=OURS), diary.database)
    path = diary.path("patient", diary.clinic.patient.id)

    def ask(known: str = "", method: str = "GET", base: str = OURS) -> TestResponse:
        headers = {"If-None-Match": known}
        return app.test_client().open(path, method=method, base_url=base, headers=headers)

    etag = ask().headers["ETag"]
    inside = [ask(f'"other", {etag}') for _ in range(2)][1]  # The first fetch is noted, which is a commit.
    monkeypatch.setitem(app.view_functions, VIEW, closed)
    stream = io.StringIO()
    configure_logs("info", stream)
    answer = ask(etag)
    assert (answer.status_code, answer.data) == (inside.status_code, inside.data) == (304, b"")
    assert headers_of(answer) == headers_of(inside)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    line = stream.getvalue()
    assert '"route": "/feeds/<token>.ics"' in line and '"status": 304' in line and path[7:20] not in line
    assert f'"request": "{answer.headers["X-Request-ID"]}"' in line
    assert ask(etag, base="https://elsewhere.example").status_code == 400
    assert ask(etag, "POST").status_code == 405
    assert ask(etag, "HEAD").status_code == 500, "only a plain question is answered at the door"


def test_the_door_knows_nothing_of_an_address_that_ended_a_change_or_a_minute_later(
    diary: Diary, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = diary.path("patient", diary.clinic.patient.id)
    etag = diary.client.get(path).headers["ETag"]
    app = diary.client.application
    view, asked = app.view_functions[VIEW], []

    @access(EVERYONE)
    def counted(token: str) -> object:
        asked.append(token)
        return view(token)

    monkeypatch.setitem(app.view_functions, VIEW, counted)

    def ask() -> tuple[int, int]:
        asked.clear()
        return diary.client.get(path, headers={"If-None-Match": etag}).status_code, len(asked)

    assert [ask(), ask()] == [(304, 1), (304, 0)]
    diary.at = NOW + timedelta(minutes=1)
    assert [ask(), ask(), ask()] == [(304, 1), (304, 1), (304, 0)], "the fetch is noted, which is a commit"
    diary.change(diary.visits[0])
    assert ask() == (304, 1), "nothing in it changed, but somebody has to look"
    diary.path("patient", diary.clinic.patient.id)  # A new address ends the former.
    assert ask() == (404, 1)
