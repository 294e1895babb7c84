"""Recording a rating from the page."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.db import Database
from scheduler.models import AuditEvent, Infusion, Rating
from tests.features.conftest import SignedIn
from tests.support.clinic import TODAY, SmallClinic
from tests.support.sign_in import csrf_token
from tests.support.visits import add_six

GOOD = {"time_point": "pre", "value": "7", "rated_day": "2026-11-02", "rated_time": "09:55", "replaces": ""}


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The pages are the same on both databases; what they read is tested on both."""
    return sqlite


@pytest.fixture
def visit(database: Database, clinic: SmallClinic) -> Infusion:
    """A visit today at 09:30; it is 10:00."""
    with database.write() as session:
        return add_six(session, clinic, [TODAY], "09:30")[1][0]


def post(client: FlaskClient, visit: Infusion, **changes: str) -> "tuple[int, str]":
    answer = client.post(
        f"/infusions/{visit.id}/ratings", data={**GOOD, **changes, "csrf_token": csrf_token(client)}
    )
    return answer.status_code, answer.text


def totals(database: Database) -> list[int | None]:
    with database.read() as session:
        return list(session.scalars(select(Rating.total).order_by(Rating.id)))


def test_a_nurse_records_and_sees_what_she_recorded(
    as_role: SignedIn, database: Database, visit: Infusion
) -> None:
    client = as_role("nurse")
    status, _ = post(client, visit)
    assert status == 303
    page = client.get(f"/infusions/{visit.id}").text
    assert '<p class="value">7 <small>of 10</small></p>' in page
    assert "Answered 09:55. Recorded by Nurse, 10:00." in page
    assert "The rating is recorded." in page


def test_the_form_offers_the_present_time_of_the_site(as_role: SignedIn, visit: Infusion) -> None:
    page = as_role("nurse").get(f"/infusions/{visit.id}").text
    assert 'id="pre-time" name="rated_time" type="time" value="10:00"' in page
    assert 'id="pre-day" name="rated_day" type="date" value="2026-11-02"' in page
    assert page.count('name="value"') == 22


def test_a_correction_begins_with_the_time_that_was_recorded(as_role: SignedIn, visit: Infusion) -> None:
    client = as_role("nurse")
    post(client, visit, rated_time="09:41")
    page = client.get(f"/infusions/{visit.id}").text
    assert 'id="pre-time" name="rated_time" type="time" value="09:41"' in page


def test_a_rating_that_is_missing_is_not_offered_a_made_up_time(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        past = add_six(session, clinic, [TODAY - timedelta(days=4)], "09:30", chair=1)[1][0]
    page = as_role("nurse").get(f"/infusions/{past.id}").text
    assert 'id="pre-day" name="rated_day" type="date" value="2026-10-29"' in page
    assert 'id="pre-time" name="rated_time" type="time" value=""' in page


def test_the_question_is_asked_in_the_patients_language(
    as_role: SignedIn, database: Database, clinic: SmallClinic, visit: Infusion
) -> None:
    with database.write() as session:
        session.merge(clinic.patient).language = "es"
    client = as_role("nurse")
    page = client.get(f"/infusions/{visit.id}").text
    assert '<div lang="es">' in page
    assert "¿Cuánta ansiedad siente en este momento?" in page
    post(client, visit)
    with database.read() as session:
        assert session.scalars(select(Rating.language)).one() == "es"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"value": ""}, "Choose a number from 0 to 10."),
        ({"value": "11"}, "Choose a whole number from 0 to 10."),
        ({"rated_time": "10:30"}, "That time is still to come."),
        ({"rated_day": "2026-10-30"}, "A rating before the infusion lies between 1 November, 09:30"),
        ({"rated_day": "2026-02-30"}, "Write the day of the answer"),
        ({"time_point": "baseline"}, "Choose whether the rating was given before"),
    ],
)
def test_an_error_keeps_what_was_typed_and_saves_nothing(
    as_role: SignedIn, database: Database, visit: Infusion, changes: dict[str, str], sentence: str
) -> None:
    status, page = post(as_role("nurse"), visit, **changes)
    assert status == 422
    assert sentence in page
    if "value" not in changes and "time_point" not in changes:
        assert 'value="7" checked' in page
    if "rated_time" in changes:
        assert 'value="10:30"' in page
    assert totals(database) == []


def test_a_correction_asks_for_its_reason_and_shows_both(
    as_role: SignedIn, database: Database, visit: Infusion
) -> None:
    client = as_role("clinician")
    post(client, visit)
    with database.read() as session:
        first = str(session.scalars(select(Rating.id)).one())
    status, page = post(client, visit, value="5", replaces=first)
    assert status == 422
    assert "Say in a few words why the recorded rating is wrong." in page
    assert "<details open>" in page
    assert 'value="5" checked' in page
    assert post(client, visit, value="5", replaces=first, reason="Misheard")[0] == 303
    page = client.get(f"/infusions/{visit.id}").text
    assert '<p class="value">5 <small>' in page
    assert "First 7 by Clinician, corrected Mon 2 Nov 10:00: Misheard" in page
    assert totals(database) == [7, 5]


def test_who_comes_second_sees_what_stands_there_now(
    as_role: SignedIn, database: Database, visit: Infusion
) -> None:
    post(as_role("nurse"), visit)
    status, page = post(as_role("clinician"), visit, value="4")
    assert status == 409
    assert "Somebody recorded this rating while you wrote." in page
    assert '<p class="value">7 <small>' in page
    assert totals(database) == [7]


@pytest.mark.parametrize("role", ["front_desk", "administrator"])
def test_who_does_not_chart_cannot_record(
    as_role: SignedIn, database: Database, visit: Infusion, role: str
) -> None:
    assert post(as_role(role), visit)[0] == 403
    assert totals(database) == []


def test_a_post_without_the_token_changes_nothing(
    as_role: SignedIn, database: Database, visit: Infusion
) -> None:
    assert as_role("nurse").post(f"/infusions/{visit.id}/ratings", data=GOOD).status_code == 400
    assert totals(database) == []


def test_a_rating_of_no_visit_is_not_found(as_role: SignedIn, visit: Infusion) -> None:
    client = as_role("nurse")
    data = {**GOOD, "csrf_token": csrf_token(client)}
    assert client.post("/infusions/999/ratings", data=data).status_code == 404


def test_showing_the_form_again_is_a_look_at_the_ratings(
    as_role: SignedIn, database: Database, clinic: SmallClinic, visit: Infusion
) -> None:
    post(as_role("nurse"), visit, value="")
    with database.read() as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.entity == "infusion")).all()
    assert [(event.action, event.patient_id) for event in events] == [("infusion.read", clinic.patient.id)]
