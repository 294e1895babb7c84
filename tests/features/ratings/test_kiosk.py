"""A tablet in a patient's hands shows the questions of a visit, and nothing else opens on it."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler import clock
from scheduler.db import Database
from scheduler.models import Infusion, InfusionStatus, Kiosk, Rating, StaffSession
from tests.features.conftest import SignedIn
from tests.support.clinic import NOW, TODAY, SmallClinic
from tests.support.sign_in import csrf_token
from tests.support.visits import add_six


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The pages are the same on both databases."""
    return sqlite


@pytest.fixture
def visit(database: Database, clinic: SmallClinic) -> Infusion:
    """A visit today at 09:50, the fourth of six: it is 10:00."""
    with database.write() as session:
        days = [TODAY - timedelta(days=day) for day in (7, 5, 3)]
        days += [TODAY, *(TODAY + timedelta(days=day) for day in (2, 4))]
        return add_six(session, clinic, days, "09:50", completed=3)[1][3]


@pytest.fixture
def tablet(as_role: SignedIn, visit: Infusion) -> FlaskClient:
    """A tablet that a nurse has handed over."""
    client = as_role("nurse")
    answer = client.post(f"/infusions/{visit.id}/kiosk", data={"csrf_token": csrf_token(client)})
    assert answer.location == "/kiosk"
    return client


@pytest.mark.parametrize("path", ["/", "/today", "/patients/1", "/courses/1/ratings", "/v/x", "/find?q=a"])
def test_every_other_address_answers_with_the_kiosk(tablet: FlaskClient, path: str) -> None:
    answer = tablet.get(path)
    assert (answer.status_code, answer.location) == (303, "/kiosk")


def test_no_form_of_the_staff_works_on_it_and_the_log_in_is_gone(
    tablet: FlaskClient, database: Database, visit: Infusion
) -> None:
    data = {"csrf_token": csrf_token(tablet), "step": "arrive", "seen": "scheduled"}
    assert tablet.post(f"/infusions/{visit.id}/steps", data=data).location == "/kiosk"
    assert tablet.post("/patients/new", data={"given_name": "Ana"}).location == "/kiosk"
    assert tablet.get("/there-is-no-such-page").location == "/kiosk"
    with database.read() as session:
        assert session.get_one(Infusion, visit.id).status == "scheduled"
        assert session.scalars(select(StaffSession.ended_at)).all() == [NOW]


def test_it_asks_what_is_due_one_occasion_after_the_other_and_then_only_thanks(
    tablet: FlaskClient, database: Database, visit: Infusion
) -> None:
    page = tablet.get("/kiosk").text
    assert "How anxious do you feel right now?" in page
    assert "Worrying too much about different things" in page
    assert "Marta" not in page
    slot = f"pre-{visit.id}"
    form = {"csrf_token": csrf_token(tablet), "slot": slot, "anxiety_now-0": "6"}
    form |= {f"gad7-{at}": "2" for at in range(7)}
    for _ in range(2):  # Sent twice over a bad line.
        tablet.post("/kiosk", data=form)
    with database.read() as session:
        rows = session.scalars(select(Rating).order_by(Rating.id)).all()
        assert [(row.instrument, row.total, row.source) for row in rows] == [
            ("anxiety_now", 6, "kiosk"),
            ("gad7", 14, "kiosk"),
        ]
    page = tablet.get("/kiosk").text
    assert "Thank you. Your answers have arrived." in page
    assert "Give the tablet back to the staff." in page


def test_a_tablet_with_nothing_to_ask_says_so_and_thanks_nobody(
    tablet: FlaskClient, database: Database
) -> None:
    with database.write() as session:
        for row in session.scalars(select(Infusion).order_by(Infusion.id)):
            row.status = InfusionStatus.CANCELLED
    assert "There is nothing to answer now" in tablet.get("/kiosk").text


def test_only_a_log_in_leads_out_and_then_the_browser_is_the_staffs_again(
    tablet: FlaskClient, database: Database, as_role: SignedIn
) -> None:
    assert tablet.get("/sign-in").status_code == 200
    assert tablet.get("/today").location == "/kiosk"
    assert as_role("nurse").get("/today").status_code == 200


def test_a_tablet_that_was_forgotten_ends_by_itself_and_opens_nothing_for_it(
    tablet: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=4))
    assert tablet.get("/kiosk").status_code == 404
    assert "/sign-in" in tablet.get("/today").location


def test_a_new_tablet_for_the_visit_ends_the_one_before(
    tablet: FlaskClient, database: Database, as_role: SignedIn, visit: Infusion
) -> None:
    other = as_role("front_desk")
    other.post(f"/infusions/{visit.id}/kiosk", data={"csrf_token": csrf_token(other)})
    with database.read() as session:
        assert session.scalars(select(Kiosk.ended_at).order_by(Kiosk.id)).all() == [NOW, None]
    assert tablet.get("/kiosk").status_code == 404
