"""The buttons on the pages of a visit and a course: what the state, the day and the role allow."""

from datetime import datetime, timedelta

import pytest

from scheduler.db import Database
from scheduler.features.courses.transitions import Step
from scheduler.features.desk.deeds import deeds_of
from scheduler.models import Course, CourseStatus, Infusion, InfusionStatus
from tests.features.conftest import SignedIn
from tests.support.clinic import NOW, TODAY, SmallClinic
from tests.support.sign_in import csrf_token
from tests.support.visits import add_course, add_six, add_visit, local

AT_TEN = datetime.fromisoformat("2026-11-02T10:00:00-05:00")


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The pages are the same on both databases."""
    return sqlite


def add_today(database: Database, clinic: SmallClinic, status: str = "scheduled", **facts: object) -> int:
    with database.write() as session:
        start = local(clinic.site, TODAY, "09:30")
        course = add_course(session, clinic)
        return add_visit(session, course, clinic.chairs[0], 1, start, InfusionStatus(status), **facts).id


@pytest.mark.parametrize(
    ("status", "starts", "plain", "reasoned"),
    [
        ("scheduled", AT_TEN, [Step.ARRIVE, Step.MISS], []),
        ("scheduled", AT_TEN + timedelta(minutes=10), [Step.ARRIVE], []),
        ("scheduled", AT_TEN + timedelta(days=1), [], []),
        ("scheduled", AT_TEN - timedelta(days=1), [Step.MISS], []),
        ("arrived", AT_TEN, [Step.START], [Step.HOLD_BACK, Step.UNARRIVE]),
        ("in_progress", AT_TEN, [Step.COMPLETE], [Step.STOP, Step.UNSTART]),
        ("missed", AT_TEN, [], [Step.UNMISS]),
        ("missed", AT_TEN - timedelta(days=1), [], []),
        ("completed", AT_TEN, [], []),
        ("cancelled", AT_TEN, [], []),
    ],
)
def test_a_visit_offers_only_what_its_state_and_the_day_allow(
    status: str, starts: datetime, plain: list[Step], reasoned: list[Step]
) -> None:
    deeds = deeds_of(InfusionStatus(status), starts, AT_TEN)
    assert [deed.step for deed in deeds.plain] == plain
    assert [deed.step for deed in deeds.reasoned] == reasoned


def test_a_visit_is_checked_in_and_the_way_back_is_on_its_page(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    path = f"/infusions/{add_today(database, clinic)}"
    client = as_role("front_desk")
    page = client.get(path).text
    assert 'name="step" value="arrive"' in page
    assert f'href="{path}/move"' in page
    assert f'href="{path}/cancel"' in page
    form = {"csrf_token": csrf_token(client), "step": "arrive", "seen": "scheduled", "next": path}
    answer = client.post(f"{path}/steps", data=form)
    assert (answer.status_code, answer.location) == (303, path)
    page = client.get(path).text
    history = page[page.index("changes-h") :]
    assert "Arrived" in history
    assert "/undo" in history
    assert f'href="{path}/move"' not in page


def test_the_time_a_late_patient_named_stands_beside_the_next_step(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    path = f"/infusions/{add_today(database, clinic)}"
    client = as_role("nurse")
    form = {"csrf_token": csrf_token(client), "step": "expect", "expected": "10:40", "next": path}
    assert client.post(f"{path}/steps", data=form).status_code == 303
    assert "Comes at 10:40, due 09:30" in client.get(path).text


@pytest.mark.parametrize(("role", "asked"), [("clinician", True), ("nurse", False), ("front_desk", False)])
def test_only_a_clinician_is_asked_whether_a_stopped_infusion_counts(
    as_role: SignedIn, database: Database, clinic: SmallClinic, role: str, asked: bool
) -> None:
    visit = add_today(database, clinic, "completed", stopped_early=True, completed_at=NOW)
    page = as_role(role).get(f"/infusions/{visit}").text
    assert ('name="counts"' in page) is asked
    assert "It was stopped early." in page


def test_a_course_on_hold_is_resumed_before_its_patient_is_checked_in(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    visit = add_today(database, clinic)
    with database.write() as session:
        course = session.get_one(Course, session.get_one(Infusion, visit).course_id)
        course.status, course.hold_until = CourseStatus.ON_HOLD, TODAY + timedelta(days=5)
    client = as_role("front_desk")
    page = client.get(f"/infusions/{visit}").text
    assert 'value="arrive"' not in page
    assert f'href="/courses/{course.id}/resume"' in page
    page = client.get(f"/courses/{course.id}").text
    assert "Its visits are kept to the end of 7 Nov 2026." in page
    assert f'href="/courses/{course.id}/resume"' in page
    assert f'href="/courses/{course.id}/hold"' not in page


def test_a_course_says_which_numbers_have_no_date(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        course, visits = add_six(session, clinic, [TODAY + timedelta(days=2 * n) for n in range(6)], "09:30")
        visits[2].status = InfusionStatus.MISSED
    page = as_role("front_desk").get(f"/courses/{course.id}").text
    assert "1 visit of this course has no date" in page
    assert "No. 3." in page
    assert f'href="/courses/{course.id}/hold"' in page
    assert f'href="/courses/{course.id}/discontinue"' in page
