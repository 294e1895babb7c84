"""The page of a course from before: lines come and go without scripts, and nothing typed is lost."""

import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from scheduler.db import Database
from scheduler.models import Course
from tests.features.conftest import SignedIn
from tests.support.clinic import SmallClinic
from tests.support.sign_in import csrf_token

PATH = "/patients/1/courses/enter"


def form(*lines: tuple[str, str, str, str], **more: str) -> dict[str, Any]:
    """The form with these lines: date, time, what became of it, chair."""
    names = ("day", "time", "was", "chair")
    columns = {name: [line[at] for line in lines] for at, name in enumerate(names)}
    return {"version": "1", "site": "1", "key": "key-of-an-entered-course", "ending": "on", **columns, **more}


DONE = ("2026-10-28", "09:30", "completed", "")
NEXT = ("2026-10-30", "09:30", "missed", "")


def post(client: FlaskClient, sent: dict[str, Any]) -> TestResponse:
    """Send the form."""
    return client.post(PATH, data=sent | {"csrf_token": csrf_token(client)})


def days(page: TestResponse) -> list[str]:
    """The dates that stand in the lines."""
    return re.findall(r'name="day" type="date" value="([^"]*)"', page.text)


def test_the_patients_page_leads_to_it_and_it_leads_to_the_course(desk: FlaskClient) -> None:
    assert f'href="{PATH}"' in desk.get("/patients/1").text
    key = re.search(r'name="key" value="([^"]+)"', desk.get(PATH).text)
    assert key
    answer = post(desk, form(DONE, NEXT, key=key[1]))
    assert (answer.status_code, answer.headers["location"]) == (303, "/courses/1")
    page = desk.get("/courses/1").text
    assert "The course is entered." in page
    assert 'action="/changes/1/undo"' in page
    assert "1 of 6" in page
    assert "5 visits of this course have no date" in page


def test_lines_are_added_and_removed_without_losing_the_others(desk: FlaskClient, sqlite: Database) -> None:
    longer = post(desk, form(DONE, NEXT, do="add"))
    assert (longer.status_code, days(longer)) == (200, ["2026-10-28", "2026-10-30", ""])
    shorter = post(desk, form(DONE, NEXT, do="drop-0"))
    assert days(shorter) == ["2026-10-30"]
    with sqlite.read() as session:
        assert session.scalars(select(Course)).all() == []


def test_what_is_wrong_is_said_beside_its_line_and_the_rest_stays(desk: FlaskClient) -> None:
    answer = post(desk, form(DONE, ("2026-10-26", "9.30", "completed", ""), ending="ended", reason="Ill"))
    assert answer.status_code == 422
    assert 'id="line-1-error"' in answer.text
    assert "Put the lines in the order of their days" in answer.text
    assert days(answer) == ["2026-10-28", "2026-10-26"]
    assert 'value="9.30"' in answer.text
    assert "Ill</textarea>" in answer.text
    unread = post(desk, form(("2026-02-30", "", "completed", ""), ("", "", "completed", "")))
    assert "There is no such date" in unread.text
    assert "Choose the chair" in post(desk, form(DONE, ("2026-11-04", "09:30", "ahead", ""))).text


def test_only_a_clinician_says_that_a_stopped_infusion_counts(
    as_role: SignedIn, desk_clinic: SmallClinic
) -> None:
    assert desk_clinic
    sent = form(("2026-10-28", "09:30", "stopped_counts", ""))
    desk, clinician = as_role("front_desk"), as_role("clinician")
    assert "stopped_counts" not in desk.get(PATH).text
    assert post(desk, sent).status_code == 422
    assert post(clinician, sent).status_code == 303
