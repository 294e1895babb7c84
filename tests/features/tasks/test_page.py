"""The page of what waits: whom it is about, the next step, and saying how it was settled otherwise."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from scheduler import clock
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.tasks.actions import raise_task
from tests.support.clinic import NOW, TODAY, SmallClinic, small_clinic
from tests.support.sign_in import cheap_app, csrf_token, sign_in
from tests.support.visits import add_six


@pytest.fixture
def clinic(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> SmallClinic:
    """One visit of a patient no longer holds."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with sqlite.write() as session:
        found = small_clinic(session)
        course, visits = add_six(session, found, [TODAY])
        raise_task(
            session, NOW, kind="visit_broken", dedupe_key="one", site_id=found.site.id,
            due_on=date(2026, 11, 2), patient_id=found.patient.id, course_id=course.id,
            infusion_id=visits[0].id,
            facts={"why": "No nurse is on duty at 09:00."},
        )  # fmt: skip
    return found


@pytest.fixture
def desk(config: Config, sqlite: Database, clinic: SmallClinic) -> FlaskClient:
    client = cheap_app(config, sqlite).test_client()
    sign_in(client, sqlite, clinic.users["front_desk"])
    return client


def test_a_task_tells_whom_it_is_about_why_and_leads_to_its_next_step(
    desk: FlaskClient, clinic: SmallClinic
) -> None:
    page = desk.get("/tasks").text
    assert clinic.patient.name in page
    assert "Visit 1, Mon 2 Nov 09:00. No nurse is on duty at 09:00." in page
    step = re.search(r'class="btn btn-s" href="([^"]+)"', page)
    assert step and desk.get(step[1]).status_code == 200


def test_the_number_that_waits_stands_beside_the_entry_on_every_page(desk: FlaskClient) -> None:
    assert re.search(r'href="/tasks">Tasks <span class="count">1<', desk.get("/today").text)


def test_a_settled_task_is_gone_from_the_list(desk: FlaskClient) -> None:
    form = {"csrf_token": csrf_token(desk), "outcome": "Phoned, comes on Friday"}
    assert desk.post("/tasks/1/settle", data=form).status_code == 303
    assert "Nothing waits" in desk.get("/tasks").text


def test_a_task_without_an_outcome_stays_and_nothing_typed_is_lost(desk: FlaskClient) -> None:
    answer = desk.post("/tasks/1/settle", data={"csrf_token": csrf_token(desk), "outcome": "x" * 201})
    assert answer.status_code == 422
    assert "at most 200 characters" in answer.text and 'value="' + "x" * 201 in answer.text


def test_who_settles_second_learns_how_it_was_settled(desk: FlaskClient) -> None:
    form = {"csrf_token": csrf_token(desk), "outcome": "Phoned"}
    desk.post("/tasks/1/settle", data=form)
    answer = desk.post("/tasks/1/settle", data=form)
    assert answer.status_code == 409 and "“Phoned”" in answer.text
