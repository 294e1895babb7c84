"""The forms of steps and endings: they work from any page, lose nothing typed, and offer the way back."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from scheduler import clock
from scheduler.db import Database
from scheduler.models import CourseStatus, InfusionStatus
from tests.features.conftest import SignedIn
from tests.support.changes import booked, visits
from tests.support.clinic import SmallClinic
from tests.support.sign_in import csrf_token


def post(client: FlaskClient, path: str, form: dict[str, str]) -> TestResponse:
    """Send a form of one of these pages."""
    return client.post(path, data=form | {"csrf_token": csrf_token(client)})


@pytest.fixture
def course(sqlite: Database, desk_clinic: SmallClinic) -> int:
    """Six booked visits."""
    return booked(sqlite, desk_clinic)


def test_a_step_goes_back_to_its_page_with_the_way_back_in_the_toast(
    as_role: SignedIn, course: int, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sqlite.read() as session:
        start = visits(session, course)[0].starts_at
    monkeypatch.setattr(clock, "now", lambda: start)
    desk = as_role("front_desk")
    form = {"step": "arrive", "seen": "scheduled", "next": f"/courses/{course}"}
    answer = post(desk, "/infusions/1/steps", form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/courses/{course}")
    page = desk.get(f"/courses/{course}").get_data(as_text=True)
    assert "Visit no. 1 is marked as arrived." in page
    assert 'action="/changes/2/undo"' in page
    assert post(desk, "/changes/2/undo", {}).status_code == 303
    with sqlite.read() as session:
        assert visits(session, course)[0].status is InfusionStatus.SCHEDULED


def test_only_a_clinician_says_whether_an_infusion_counts(desk: FlaskClient, course: int) -> None:
    assert course
    form = {"step": "counts", "counts": "yes"}
    assert post(desk, "/infusions/1/steps", form).status_code == 403


def test_another_server_is_no_way_back(as_role: SignedIn, course: int) -> None:
    assert course
    form = {"step": "expect", "expected": "", "next": "https://evil.example/"}
    answer = post(as_role("nurse"), "/infusions/1/steps", form)
    assert answer.headers["location"] == "/infusions/1"


def test_cancelling_the_rest_asks_for_the_reason_and_keeps_the_choice(
    desk: FlaskClient, course: int, sqlite: Database
) -> None:
    page = desk.get("/infusions/3/cancel").get_data(as_text=True)
    assert "This one and all that follow: four visits" in page
    answer = post(desk, "/infusions/3/cancel", {"which": "rest", "reason": " "})
    assert answer.status_code == 422
    assert "Write why it is cancelled" in answer.get_data(as_text=True)
    assert post(desk, "/infusions/3/cancel", {"which": "rest", "reason": "Ill"}).status_code == 303
    with sqlite.read() as session:
        states = [row.status.value for row in visits(session, course)]
    assert states == ["scheduled"] * 2 + ["cancelled"] * 4


def test_a_course_is_held_resumed_and_ended(desk: FlaskClient, course: int, sqlite: Database) -> None:
    answer = post(desk, f"/courses/{course}/hold", {"which": "keep", "reason": "Ill"})
    assert answer.status_code == 422
    assert "Choose the day" in answer.get_data(as_text=True)
    for name, form in (
        ("hold", {"which": "release", "reason": "Ill"}),
        ("resume", {}),
        ("discontinue", {"reason": "Moved away"}),
    ):
        assert desk.get(f"/courses/{course}/{name}").status_code == 200
        assert post(desk, f"/courses/{course}/{name}", form).status_code == 303, name
    with sqlite.read() as session:
        assert visits(session, course)[0].course.status is CourseStatus.DISCONTINUED


def test_what_is_wrong_is_said_at_its_field(desk: FlaskClient, course: int) -> None:
    for form, field in (
        ({"which": "keep", "reason": "Ill"}, "keep_until"),
        ({"which": "keep", "reason": "Ill", "keep_until": "2020-01-01"}, "keep_until"),
        ({"which": "release", "reason": " "}, "reason"),
    ):
        answer = post(desk, f"/courses/{course}/hold", form)
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text and f'id="{field}-error"' in answer.text
        assert answer.text.count('class="error"') == 1


def test_the_hold_page_and_the_course_say_when_kept_visits_are_given_back(
    desk: FlaskClient, course: int
) -> None:
    assert "given back that night and the patient is told" in desk.get(f"/courses/{course}/hold").text
    post(desk, f"/courses/{course}/hold", {"which": "keep", "keep_until": "2026-11-20", "reason": "Ill"})
    assert "kept to the end of 20 Nov 2026" in desk.get(f"/courses/{course}").text
