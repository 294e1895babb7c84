"""The ratings of a course for those who chart, and the list of what is due for everybody at the desk."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.db import Database
from scheduler.features.ratings.instruments import GAD7
from scheduler.models import Alert, Infusion, Message, Rating, TimePoint
from tests.features.conftest import SignedIn
from tests.support.clinic import NOW, TODAY, SmallClinic
from tests.support.sign_in import csrf_token
from tests.support.visits import add_rating, add_six

DAYS = [TODAY + timedelta(days=day) for day in (-7, -5, -3, 0, 2, 4)]
ANSWERED = {"rated_day": "2026-11-02", "rated_time": "09:55"}
PHQ = {f"a{at}": "0" for at in range(9)}


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The pages are the same on both databases; what they read is tested on both."""
    return sqlite


@pytest.fixture
def visits(database: Database, clinic: SmallClinic) -> list[Infusion]:
    """A course in its second week: three infusions done, the fourth began at 09:00, and it is 10:00."""
    with database.write() as session:
        course, rows = add_six(session, clinic, DAYS, "09:00", completed=3)
        course.booked_at = NOW - timedelta(days=20)
        add_rating(session, rows[0], TimePoint.BASELINE, 17, NOW - timedelta(days=8), instrument=GAD7)
        return rows


def post(client: FlaskClient, path: str, **form: str) -> tuple[int, str]:
    answer = client.post(path, data={"csrf_token": csrf_token(client), **form})
    return answer.status_code, answer.text


def test_a_nurse_records_an_instrument_and_sees_its_total_band_and_change(
    as_role: SignedIn, visits: list[Infusion]
) -> None:
    nurse, slot = as_role("nurse"), f"/courses/1/ratings/pre-{visits[3].id}/gad7"
    assert "Feeling nervous, anxious or on edge" in nurse.get(slot).text
    assert post(nurse, slot, **ANSWERED, **{f"a{at}": "1" for at in range(7)})[0] == 303
    page = nurse.get("/courses/1/ratings").text
    assert "<strong>7</strong> of 21, mild" in page
    assert "-10, -59 %" in page
    assert "since 2 Nov 2026" in page


def test_a_correction_needs_its_reason_and_keeps_what_was_typed(
    as_role: SignedIn, database: Database, visits: list[Infusion]
) -> None:
    nurse, path = as_role("nurse"), "/courses/1/ratings/baseline/gad7"
    typed = {f"a{at}": "2" for at in range(7)} | {"rated_day": "2026-10-25", "rated_time": "10:00"}
    status, page = post(nurse, path, **typed, replaces="1")
    assert (status, page.count('value="2" checked')) == (422, 7)
    assert post(nurse, path, **typed, replaces="1", reason="Read wrong")[0] == 303
    with database.read() as session:
        rows = session.scalars(select(Rating).order_by(Rating.id)).all()
        assert [(row.total, row.void_reason) for row in rows] == [(17, "Read wrong"), (14, None)]


def test_an_open_alert_stands_first_until_a_clinician_says_what_was_done(
    as_role: SignedIn, database: Database, visits: list[Infusion]
) -> None:
    nurse, clinician = as_role("nurse"), as_role("clinician")
    path = "/courses/1/ratings/baseline/phq9"
    before = {"rated_day": "2026-10-25", "rated_time": "10:00"}
    post(nurse, path, **{**PHQ, **before, "a8": "1"})
    assert "Asks for a clinician" in nurse.get("/courses/1/ratings").text
    assert post(nurse, "/courses/1/alerts/1", what_was_done="Called")[0] == 403
    assert post(clinician, "/courses/1/alerts/1", what_was_done=" ")[0] == 422
    assert post(clinician, "/courses/2/alerts/1", what_was_done="Called")[0] == 404
    assert post(clinician, "/courses/1/alerts/1", what_was_done="Called, safe today")[0] == 303
    assert "Asks for a clinician" not in nurse.get("/courses/1/ratings").text
    with database.read() as session:
        assert session.scalars(select(Alert.what_was_done)).all() == ["Called, safe today"]


def test_the_desk_sees_that_something_is_due_and_neither_what_nor_how_it_was_answered(
    as_role: SignedIn, database: Database, visits: list[Infusion]
) -> None:
    desk = as_role("front_desk")
    page = desk.get("/ratings").text
    assert "Before infusion no. 4" in page
    for word in ("GAD", "PHQ", "nxiety", "17"):
        assert word not in page.split("<main", 1)[1].split("</main>")[0]
    assert desk.get("/courses/1/ratings").status_code == 403
    assert desk.get("/courses/1/ratings/baseline/gad7").status_code == 403
    assert post(desk, f"/courses/1/ratings/pre-{visits[3].id}/link")[0] == 303
    with database.read() as session:
        assert [message.purpose for message in session.scalars(select(Message))] == ["questions"]


@pytest.mark.parametrize("path", ["baseline/ham_z", "weekly-0/gad7", "pre-99/gad7", "pre/gad7", "-/gad7"])
def test_what_is_no_rating_is_not_found(as_role: SignedIn, visits: list[Infusion], path: str) -> None:
    assert as_role("nurse").get(f"/courses/1/ratings/{path}").status_code == 404
