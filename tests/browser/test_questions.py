"""The patient's questions on a phone: one a screen, by keyboard, on a bad line, to a screen reader, without
scripts."""

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
from scheduler.models import Rating, RatingLink, TimePoint
from scheduler.tokens import token_hash
from tests.support.browser import axe_violations, open_browser
from tests.support.clinic import NOW, TODAY, small_clinic
from tests.support.sign_in import cheap_app
from tests.support.visits import add_six

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of this file."""
    with open_browser() as browser:
        yield browser


@pytest.fixture
def address(config: Config, sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The clinic; `baseline` is the link before the first infusion, `after` the one on the day after."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with sqlite.write() as session:
        clinic = small_clinic(session)
        days = [TODAY.replace(day=4), TODAY.replace(day=6)]
        course, _ = add_six(session, clinic, days)
        past, done = add_six(session, clinic, [TODAY - timedelta(days=1)], completed=1)
        for name, owner, point, visit in (
            ("baseline", course.id, TimePoint.BASELINE, None),
            ("after", past.id, TimePoint.DAY_1, done[0].id),
        ):
            session.add(
                RatingLink(
                    token_hash=token_hash(name), course_id=owner, infusion_id=visit, time_point=point,
                    created_at=NOW, expires_at=NOW + timedelta(days=9),
                )
            )  # fmt: skip
    server = make_server("127.0.0.1", 0, cheap_app(config, sqlite), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/r/"
    server.shutdown()
    thread.join()


def answer_all(page: Page, keys: str = "Space") -> None:
    """Answer each question of GAD-7 and PHQ-9 but the last with its first choice, by keyboard."""
    for _ in range(15):
        page.keyboard.press("Tab")
        page.keyboard.press(keys)
        page.keyboard.press("Enter")


def totals(database: Database) -> list[int | None]:
    with database.read() as session:
        return list(session.scalars(select(Rating.total).order_by(Rating.id)))


def test_one_question_a_screen_by_keyboard_and_the_crisis_notice_at_once(
    chromium: Browser, address: str, sqlite: Database
) -> None:
    page = chromium.new_page(viewport=PHONE)
    page.goto(f"{address}baseline")
    expect(page.locator(".screen:visible")).to_have_count(1)
    page.locator(".screen.here h2").focus()
    answer_all(page)
    expect(page.get_by_text("Question 16 of 16")).to_be_visible()
    notice = page.locator(".crisis")
    expect(notice).to_be_hidden()
    page.get_by_label("Several days").and_(page.locator("[name=phq9-8]")).check()
    expect(notice).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("heading", name="Thank you. Your answers have arrived.")).to_be_focused()
    expect(page.get_by_text("If you are thinking of harming yourself")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0
    assert totals(sqlite) == [0, 1]


def test_nothing_is_lost_when_the_line_drops_and_nothing_is_entered_twice(
    chromium: Browser, address: str, sqlite: Database
) -> None:
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(f"{address}baseline")
    page.locator(".screen.here h2").focus()
    answer_all(page)
    page.reload()
    expect(page.get_by_text("Question 16 of 16")).to_be_visible()
    page.locator(".screen.here input").first.check()
    context.set_offline(True)
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_text("No connection. Your answers are kept on this phone")).to_be_visible()
    # The server gets them, but its answer is lost on the way: they are sent a second time.
    sent = []

    def swallow(route: object) -> None:
        sent.append(1)
        if len(sent) == 1:
            route.fetch()  # type: ignore[attr-defined]
            route.abort()  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    page.route("**/r/baseline", swallow)
    context.set_offline(False)
    expect(page.get_by_role("heading", name="Thank you. Your answers have arrived.")).to_be_visible(
        timeout=20_000
    )
    assert len(sent) == 2
    assert totals(sqlite) == [0, 0]


def test_a_line_is_pointed_at_and_says_nothing_until_then(
    chromium: Browser, address: str, sqlite: Database
) -> None:
    page = chromium.new_page(viewport=PHONE)
    page.goto(f"{address}after")
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("slider")).to_be_focused()
    assert totals(sqlite) == []
    page.get_by_role("slider").fill("64")
    assert axe_violations(page) == []
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("heading", name="Thank you. Your answers have arrived.")).to_be_visible()
    assert totals(sqlite) == [64]


def test_without_scripts_it_is_one_form(chromium: Browser, address: str, sqlite: Database) -> None:
    page = chromium.new_page(viewport=PHONE, java_script_enabled=False)
    page.goto(f"{address}after")
    page.get_by_label("A whole number from 0").fill("30")
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("heading", name="Thank you. Your answers have arrived.")).to_be_visible()
    assert totals(sqlite) == [30]
