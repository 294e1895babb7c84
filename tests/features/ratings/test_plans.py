"""What a protocol asks when is part of its version, so that a running course keeps its own."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.db import Database
from scheduler.features.ratings.instruments import GAD7, PHQ9, SHIPPED
from scheduler.features.ratings.occasions import Slot
from scheduler.features.ratings.plan import USUAL, plan_of, stored
from scheduler.features.ratings.plan_form import boxes_of, read_plan
from scheduler.features.ratings.queries.facts import asked_of
from scheduler.models import ProtocolVersion, TimePoint
from tests.features.conftest import SignedIn
from tests.support.clinic import TODAY, SmallClinic
from tests.support.sign_in import csrf_token
from tests.support.visits import add_six

PATH = "/settings/protocols/1/ratings"
PHQ = ["phq9.baseline.each", "phq9.weekly.each", "gad7.pre.middle"]


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The pages are the same on both databases."""
    return sqlite


def post(client: FlaskClient, ask: list[str], primary: str = "phq9", seen: str = "1") -> tuple[int, str]:
    data = {"csrf_token": csrf_token(client), "ask": ask, "primary": primary, "seen": seen}
    answer = client.post(PATH, data=data)
    return answer.status_code, answer.text


def test_a_running_course_keeps_what_its_version_asks_and_a_new_one_goes_by_the_new(
    as_role: SignedIn, sqlite: Database, clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        running, _ = add_six(session, clinic, [TODAY])
    assert post(as_role("administrator"), PHQ)[0] == 303
    with sqlite.write() as session:
        old, new = session.scalars(select(ProtocolVersion).order_by(ProtocolVersion.version)).all()
        assert (old.rating_plan, new.version, new.infusions) == (None, 2, old.infusions)
        begun, _ = add_six(session, clinic, [TODAY.replace(day=9)])
        begun.protocol_version_id = new.id
        session.flush()
        session.expire(begun)
        before = Slot(TimePoint.BASELINE)
        assert asked_of(session, running.id).of(before).asked == (GAD7.key, PHQ9.key)
        assert asked_of(session, begun.id).of(before).asked == (PHQ9.key,)


def test_the_primary_instrument_needs_a_baseline_and_something_to_compare(
    as_role: SignedIn, clinic: SmallClinic
) -> None:
    admin = as_role("administrator")
    for ask, sentence in (
        (["phq9.weekly.each"], "without a baseline nothing can be compared"),
        (["phq9.baseline.each"], "at least once after the first infusion"),
    ):
        status, page = post(admin, ask)
        assert (status, sentence in page, page.count(" checked")) == (422, True, 1)
    assert "Choose the instrument" in post(admin, PHQ, primary="none")[1]


def test_who_saves_over_somebody_elses_protocol_is_told(as_role: SignedIn, clinic: SmallClinic) -> None:
    admin = as_role("administrator")
    post(admin, PHQ)
    status, page = post(admin, PHQ[:2])
    assert (status, "Somebody saved this protocol while you looked" in page) == (409, True)


def test_a_plan_survives_the_grid_and_the_database() -> None:
    assert plan_of(stored(USUAL)) == USUAL
    again = read_plan(boxes_of(USUAL), USUAL.primary, SHIPPED).plan
    assert again is not None
    assert set(again.lines) == set(USUAL.lines)


def test_every_instrument_has_its_page_with_its_words_and_its_codes(
    as_role: SignedIn, clinic: SmallClinic
) -> None:
    nurse = as_role("nurse")
    for one in SHIPPED:
        page = nurse.get(f"/settings/instruments/{one.code}/1").text
        assert one.wordings["en"].items[-1].replace("“", "") in page.replace("“", "")
    assert nurse.get("/settings/instruments/gad7/2").status_code == 404
    assert "panel 69737-5, total 70274-6" in nurse.get("/settings/instruments/gad7/1").text
