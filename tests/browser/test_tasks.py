"""The short tasks on a phone: by touch and keyboard, and stopped in the middle."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from scheduler import clock
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.ratings.cognition.scoring import input_of
from scheduler.features.ratings.plan import Line, Plan, stored
from scheduler.models import CognitiveRun, ProtocolVersion, RatingLink, TimePoint
from scheduler.tokens import token_hash
from tests.support.browser import axe_violations, open_browser
from tests.support.clinic import NOW, TODAY, small_clinic
from tests.support.sign_in import cheap_app
from tests.support.visits import add_six

pytestmark = pytest.mark.browser
DIGIT = """() => {
  const shown = document.querySelector(".pairs-card use").getAttribute("href");
  const key = [...document.querySelectorAll(".pairs-key use")].map((use) => use.getAttribute("href"));
  return key.indexOf(shown) + 1;
}"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of this file."""
    with open_browser() as browser:
        yield browser


@pytest.fixture
def address(config: Config, sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A link to symbols and digits before the first infusion; each look at the clock is 50 seconds later."""
    looks = iter(range(10_000))
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(seconds=50 * next(looks)))
    with sqlite.write() as session:
        clinic = small_clinic(session)
        course, _ = add_six(session, clinic, [TODAY.replace(day=16), TODAY.replace(day=18)])
        course.booked_at = NOW
        pairs = (Line(("pairs", 1), TimePoint.BASELINE),)
        version = session.get_one(ProtocolVersion, course.protocol_version_id)
        version.rating_plan = stored(Plan("gad7", (Line(("gad7", 1), TimePoint.WEEKLY),), pairs))
        link = RatingLink(
            token_hash=token_hash("tasks"), course_id=course.id, time_point=TimePoint.BASELINE,
            created_at=NOW, expires_at=NOW + timedelta(days=30),
        )  # fmt: skip
        session.add(link)
    server = make_server("127.0.0.1", 0, cheap_app(config, sqlite), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/r/tasks"
    server.shutdown()
    thread.join()


def practise_and_begin(page: Page) -> None:
    """Practise with the keyboard, wrong once, and begin the run that counts."""
    page.get_by_role("button", name="Practise first").press("Enter")
    right = page.evaluate(DIGIT)
    page.keyboard.press(str(right % 9 + 1))
    expect(page.get_by_text(f"This symbol belongs to {right}")).to_be_visible()
    for _ in range(6):
        page.keyboard.press(str(page.evaluate(DIGIT)))
    page.get_by_role("button", name="Begin").tap()
    expect(page.get_by_text("It begins")).to_be_visible()
    page.clock.run_for(3100)


def test_a_run_counts_its_answers_and_one_that_is_left_is_told_kindly_and_starts_afresh(
    chromium: Browser, address: str, sqlite: Database
) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.clock.install()
    page.goto(address)
    practise_and_begin(page)
    page.keyboard.press(str(page.evaluate(DIGIT)))
    page.reload()
    expect(page.get_by_role("heading", name="The task was interrupted")).to_be_focused()
    page.get_by_role("button", name="Start afresh").tap()
    expect(page.get_by_text("That run does not count")).to_be_visible()
    practise_and_begin(page)
    assert axe_violations(page) == []
    for at in range(5):
        digit = page.evaluate(DIGIT)
        if at % 2:
            page.keyboard.press(str(digit))
        else:
            page.locator(".pad-key").nth(digit - 1).tap()
    page.clock.run_for(90_500)
    expect(page.get_by_role("heading", name="Done. Thank you.")).to_be_focused()
    assert page.evaluate("localStorage.length") == 0
    with sqlite.read() as session:
        runs = session.scalars(select(CognitiveRun).order_by(CognitiveRun.id)).all()
        assert [(run.state.value, run.reason, len(run.responses)) for run in runs] == [
            ("interrupted", "hidden", 1),  # A page that is opened anew was left first, and said so.
            ("complete", None, 5),
        ]
        assert runs[1].score is not None
        assert (runs[1].score["value"], input_of(runs[1].responses)) == (5, "mixed")
