"""A booster from what asks for it: everything filled in, one click books, and what asked is settled."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.features.tasks.alerting.causes import Cause
from scheduler.features.tasks.alerting.settle import settle_alerts
from scheduler.models import Alert, AlertKind, Course, CourseStatus
from tests.features.conftest import SignedIn
from tests.features.courses.pages import booking
from tests.support.clinic import NOW, TODAY, SmallClinic, make_patient, make_protocol
from tests.support.visits import add_six

BOOSTER, RELAPSE = AlertKind.BOOSTER, AlertKind.RELAPSE
FACTS = {"last": "5 Oct 2026", "instrument": "GAD-7", "total": 14, "week": 3, "baseline": 16}
WISHES = {"weekly": {"1": [[0, 720]], "3": [[0, 1440]]}, "away": [], "preferred": [540, 660], "avoid": []}


@pytest.fixture
def prompted(sqlite: Database, desk_clinic: SmallClinic) -> SmallClinic:
    """A course that ended four weeks ago (course 1), for which a booster is due, and symptoms returned."""
    with sqlite.write() as session:
        make_protocol(session, "Single visit", infusions=1)  # Not the first by name.
        days = [TODAY - timedelta(days=28 + back) for back in (11, 9, 7, 4, 2, 0)]
        course, _ = add_six(session, desk_clinic, days, completed=6)
        course.status, course.wishes, course.closed_at = CourseStatus.COMPLETED, WISHES, NOW
        for kind in (BOOSTER, RELAPSE):
            cause = Cause(kind, kind.value, ("course",), facts=FACTS)
            settle_alerts(session, Actor(None, "worker"), NOW, course.id, [kind], [cause])
    return desk_clinic


def open_kinds(database: Database) -> set[AlertKind]:
    """The kinds that still wait."""
    with database.read() as session:
        return set(session.scalars(select(Alert.kind).where(Alert.acknowledged_at.is_(None))))


def book_from_prompt(client: FlaskClient) -> str:
    """One click on "Book a booster", one on "Book the visit"; where it led."""
    page = client.get("/courses/1/booster", follow_redirects=True)
    assert page.status_code == 200
    return client.post("/courses", data=booking(client, page, "p1")).location


def test_the_booking_page_comes_with_protocol_site_wishes_and_weeks_of_the_last_course(
    as_role: SignedIn, prompted: SmallClinic
) -> None:
    clinician = as_role("clinician")
    assert clinician.get("/alerts").text.count('href="/courses/1/booster"') == 2
    assert 'href="/courses/1/booster"' in as_role("front_desk").get("/courses/1").text
    answer = clinician.get("/courses/1/booster")
    filled = parse_qs(urlsplit(answer.location).query)
    assert filled == {
        "patient": ["1"], "after": ["1"], "protocol": ["2"], "site": ["1"], "can": ["1a", "3a", "3p"],
        "pa": ["09:00"], "pb": ["11:00"], "from": ["2026-11-03"], "until": ["2026-11-17"],
    }  # fmt: skip
    page = clinician.get(answer.location).text
    assert "Book the visit" in page and 'name="set-p1"' in page


def test_a_booking_from_the_prompt_settles_it(
    as_role: SignedIn, sqlite: Database, prompted: SmallClinic
) -> None:
    assert book_from_prompt(as_role("clinician")) == "/courses/2"
    with sqlite.read() as session:
        done = session.scalars(select(Alert.what_was_done).order_by(Alert.id)).all()
        assert session.get_one(Course, 2).wishes["preferred"] == [540, 660]
    assert done == ["A booster was booked for Thu 5 Nov 2026."] * 2


def test_returning_symptoms_stay_for_a_clinician_when_the_desk_books(
    as_role: SignedIn, sqlite: Database, prompted: SmallClinic
) -> None:
    book_from_prompt(as_role("front_desk"))
    assert open_kinds(sqlite) == {RELAPSE}


def test_a_booking_for_another_patient_settles_nothing(
    as_role: SignedIn, sqlite: Database, prompted: SmallClinic
) -> None:
    with sqlite.write() as session:
        other = make_patient(session, prompted.site, 2, given_name="Otto").id
    clinician = as_role("clinician")
    address = clinician.get("/courses/1/booster").location.replace("patient=1", f"patient={other}")
    answer = clinician.post("/courses", data=booking(clinician, clinician.get(address), "p1"))
    assert answer.location == "/courses/2"
    assert open_kinds(sqlite) == {BOOSTER, RELAPSE}


def test_before_its_weeks_the_days_of_the_prompt_are_looked_at(
    as_role: SignedIn, sqlite: Database, prompted: SmallClinic
) -> None:
    with sqlite.write() as session:
        for visit in session.get_one(Course, 1).infusions:
            visit.local_day += timedelta(days=21)
    filled = parse_qs(urlsplit(as_role("nurse").get("/courses/1/booster").location).query)
    assert (filled["from"], filled["until"]) == (["2026-11-23"], ["2026-12-07"])
