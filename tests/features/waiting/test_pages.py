"""The pages: who waits for what, the answer in one click, and what they say when somebody was faster."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from scheduler import clock
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.waiting import queries
from scheduler.features.waiting.actions.answer import accept
from scheduler.features.waiting.queries import entry
from scheduler.models import Infusion, User, WaitingStatus
from tests.features.waiting.room import ROSA, free, full_friday, wait, waiting_course
from tests.support.clinic import NOW
from tests.support.sign_in import cheap_app, csrf_token, sign_in

WISH = {"earlier": "1", "half_days": ["4a", "4p"], "notice_hours": "24", "reach": "mobile", "note": "School"}


@pytest.fixture
def rows(sqlite: Database) -> list[Infusion]:
    """Two visits that could come on the Friday, of which one visit was given up; nobody waits yet."""
    with sqlite.write() as session:
        clinic, friday = full_friday(session)
        found = [waiting_course(session, clinic, at, n)[2] for n, at in ((2, "09:30"), (3, "13:00"))]
    free(sqlite, friday[1])
    return found


@pytest.fixture
def desk(
    config: Config, sqlite: Database, rows: list[Infusion], monkeypatch: pytest.MonkeyPatch
) -> FlaskClient:
    """The front desk, signed in."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    client = cheap_app(config, sqlite).test_client()
    with sqlite.read() as session:
        user = session.scalars(select(User).where(User.name == "Front Desk")).one()
    sign_in(client, sqlite, user)
    return client


def test_a_patient_is_put_on_the_list_and_what_is_free_stands_first(
    desk: FlaskClient, sqlite: Database, rows: list[Infusion]
) -> None:
    page = text(desk.get(f"/waiting/new?patient={rows[0].patient_id}&what=v{rows[0].id}"))
    assert re.search(rf'value="v{rows[0].id}" checked', page)
    wrong = post(desk, "/waiting/new", {**WISH, "patient": rows[0].patient_id, "notice_hours": "soon"})
    assert wrong.status_code == 422
    assert 'value="mobile"' in text(wrong) and 'value="soon"' in text(wrong)
    sent = {**WISH, "patient": rows[0].patient_id, "what": f"v{rows[0].id}"}
    assert post(desk, "/waiting/new", sent).headers["Location"] == "/waiting/1"
    assert desk.get(f"/waiting/new?patient=1&what=v{rows[0].id}").headers["Location"] == "/waiting/1"
    listed = text(desk.get("/waiting"))
    assert "No. 3 to Fri 4 Dec 10:00, Chair 1" in listed
    assert "3 days sooner, at a wished time. Gaps closer to the plan by 3 days." in listed
    assert "Fri all day, 24 hours’ notice" in listed


def test_the_page_names_who_was_not_looked_at_and_leads_there(
    desk: FlaskClient, sqlite: Database, rows: list[Infusion], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "SEARCHED", 1)
    with sqlite.write() as session:
        for row in rows:
            wait(session, row)
    first = text(desk.get("/waiting"))
    assert "The planner was asked for 1 to 1 of 2 who wait" in first
    assert 'href="/waiting?skip=1"' in first and "Look at those before" not in first
    assert (
        "Ruiz2" in first.split("Not looked at this time")[0]
        and "Ruiz3" in first.split("Not looked at this time")[1]
    )
    second = text(desk.get("/waiting?skip=1"))
    assert "Ruiz3" in second.split("Not looked at this time")[0] and 'href="/waiting"' in second
    assert "Look at the next ones" not in second
    assert desk.get("/waiting?skip=x").status_code == 200


def test_an_acceptance_is_one_click_that_can_be_undone_and_counts_once(
    desk: FlaskClient, sqlite: Database, rows: list[Infusion]
) -> None:
    with sqlite.write() as session:
        wait(session, rows[0])
    form = {"step": "accept", "move": move_in(desk)}
    assert [post(desk, "/waiting/1/steps", form).status_code for _ in range(2)] == [303, 303]
    page = text(desk.get("/waiting"))
    assert page.count("The visit is moved.") == 2
    assert len(re.findall(r'action="/changes/\d+/undo"', page)) == 1
    assert "Nobody waits" in page
    history = text(desk.get("/waiting/1"))
    assert "Accepted and moved: no. 3 to Fri 4 Dec 10:00" in history


def test_whoever_is_slower_reads_that_the_room_is_gone_and_still_waits(
    desk: FlaskClient, sqlite: Database, rows: list[Infusion]
) -> None:
    with sqlite.write() as session:
        for row in rows:
            wait(session, row)
    moves = re.findall(r'name="move" value="([^"]+)"', text(desk.get("/waiting")))
    assert post(desk, "/waiting/2/steps", {"step": "offer", "move": moves[-1]}).status_code == 303
    with sqlite.write() as session:
        accept(session, ROSA, NOW, 1, moves[0])
    assert "This room is gone" in text(desk.get("/waiting"))
    answer = post(desk, "/waiting/2/steps", {"step": "accept", "move": moves[-1]})
    assert answer.status_code == 409
    assert "Fri 4 Dec 10:00: Chair 1 is taken then." in text(answer)
    with sqlite.read() as session:
        assert entry(session, 2).status is WaitingStatus.OFFERED


def test_the_second_of_two_editors_loses_nothing(
    desk: FlaskClient, sqlite: Database, rows: list[Infusion]
) -> None:
    with sqlite.write() as session:
        wait(session, rows[0])
    assert post(desk, "/waiting/1", {**WISH, "version": "1"}).status_code == 303
    second = post(desk, "/waiting/1", {**WISH, "version": "1", "reach": "at work"})
    assert second.status_code == 409
    assert 'value="at work"' in text(second) and "It now says: An earlier day, Fri all day" in text(second)
    with sqlite.read() as session:
        assert entry(session, 1).reach == "mobile"


def move_in(client: FlaskClient) -> str:
    """The first move that the list offers."""
    found = re.search(r'name="move" value="([^"]+)"', text(client.get("/waiting")))
    assert found is not None
    return found[1]


def post(client: FlaskClient, path: str, form: dict[str, object]) -> TestResponse:
    """Send a form with its token."""
    return client.post(path, data={**form, "csrf_token": csrf_token(client)})


def text(answer: TestResponse) -> str:
    """The page as people read it."""
    return unescape(answer.get_data(as_text=True))
