"""The patient's own page of a visit on a phone: by keyboard alone, to a screen reader, without scripts."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from scheduler import clock
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.courses.preparation.clinic_list import install_list
from scheduler.features.outbox.links import AFTER, make_link
from scheduler.models import PreparationTick, StaffTask
from tests.support.browser import axe_violations, open_browser
from tests.support.changes import LATER, ROSA, booked, visits
from tests.support.clinic import small_clinic
from tests.support.sign_in import own_app

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of this file."""
    with open_browser() as browser:
        yield browser


@pytest.fixture
def address(config: Config, sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The link to the third visit of a course."""
    monkeypatch.setattr(clock, "now", lambda: LATER)
    with sqlite.write() as session:
        clinic = small_clinic(session)
        install_list(session, ROSA, LATER)
    course = booked(sqlite, clinic)
    with sqlite.write() as session:
        row = visits(session, course)[2]
        raw = make_link(session, LATER, row.patient_id, row.id, row.ends_at + AFTER)
    server = make_server("127.0.0.1", 0, own_app(config, sqlite), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v/{raw}"
    server.shutdown()
    thread.join()


def press_until(page: Page, name: str) -> None:
    """Walk with Tab to the thing of this name."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if name in page.evaluate(
            "(document.activeElement.labels?.[0] ?? document.activeElement).textContent"
        ):
            return
    raise AssertionError(f"{name} is not to be reached by keyboard")


def test_everything_is_done_by_keyboard_on_a_phone(chromium: Browser, address: str, sqlite: Database) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    page.goto(address)
    press_until(page, "I will be there")
    page.keyboard.press("Enter")
    expect(page.get_by_text("We expect you on Friday 4 December 2026, 09:30 (EST).")).to_be_visible()
    press_until(page, "An adult will take me home")
    with page.expect_response("**/ready/1") as saved:
        page.keyboard.press("Space")
    assert saved.value.status == 303
    page.reload()
    press_until(page, "Ask for another time")
    page.keyboard.press("Enter")
    press_until(page, "Friday 4 December 2026")
    page.keyboard.press("Space")
    press_until(page, "Ask for this")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Asked for another time")).to_be_visible()
    expect(page.get_by_label("An adult will take me home")).to_be_checked()
    page.go_back()
    expect(page.get_by_role("heading", name="Asked for another time")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    with sqlite.read() as session:
        assert session.scalars(select(PreparationTick.item_id)).all() == [1]
        assert "day" in session.scalars(select(StaffTask)).one().facts
    page.close()


def test_a_screen_reader_finds_nothing_wrong_at_either_width(chromium: Browser, address: str) -> None:
    for width in (390, 1440):
        page = chromium.new_page(viewport={"width": width, "height": 844})
        for path in (address, f"{address}?times=all", address + "x"):
            page.goto(path)
            assert axe_violations(page) == []
        page.close()


def test_a_tick_is_saved_without_scripts(chromium: Browser, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(address)
    page.get_by_label("I will eat nothing").check()
    page.get_by_role("button", name="Save").nth(1).click()
    expect(page.get_by_label("I will eat nothing")).to_be_checked()
    context.close()
