"""The command palette and the reports, in a real browser."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from scheduler import clock
from scheduler.app import create_app
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.reports import views as reports
from tests.support.browser import axe_violations, open_browser
from tests.support.clinic import NOW, TODAY, small_clinic
from tests.support.sign_in import sign_in
from tests.support.visits import add_six

pytestmark = pytest.mark.browser

DAYS = [TODAY + timedelta(days=offset) for offset in (-7, -5, -3, 0, 2, 4)]
Enter = Callable[..., AbstractContextManager[Page]]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of this file."""
    with open_browser() as browser:
        yield browser


@pytest.fixture
def enter(
    config: Config, sqlite: Database, monkeypatch: pytest.MonkeyPatch, chromium: Browser
) -> Iterator[Enter]:
    """Opens a window that is signed in with a role, on a clinic with one course."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    app = create_app(config, sqlite)
    with sqlite.write() as session:
        clinic = small_clinic(session)
        add_six(session, clinic, DAYS, "13:00", completed=3)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"

    @contextmanager
    def window(role: str, width: int = 1440, *, scripts: bool = True) -> Iterator[Page]:
        client = app.test_client()
        sign_in(client, sqlite, clinic.users[role])
        cookie = client.get_cookie("sixfold")
        assert cookie is not None
        context = chromium.new_context(
            base_url=address, viewport={"width": width, "height": 900}, java_script_enabled=scripts
        )
        context.add_cookies([{"name": "sixfold", "value": cookie.value, "url": address}])
        yield context.new_page()
        context.close()

    yield window
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_palette_books_for_a_patient_by_keyboard_alone(enter: Enter) -> None:
    with enter("front_desk") as page:
        page.goto("/patients")
        page.keyboard.press("Control+k")
        expect(page.locator("#palette-q")).to_be_focused()
        expect(page.locator("#palette-list [role=option]").first).to_have_text("Add a patient")
        assert axe_violations(page) == []
        page.keyboard.type("lind")
        expect(page.locator("#palette-list [aria-selected=true]")).to_contain_text("Marta Lindqvist")
        page.keyboard.press("ArrowDown")
        expect(page.locator("#palette-list [aria-selected=true]")).to_have_text(
            "Book a course for Marta Lindqvist"
        )
        expect(page.locator("#palette-q")).to_have_attribute("aria-activedescendant", "found-2")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        expect(page.locator("#palette-list [aria-selected=true]")).to_contain_text("Add “lind” as a patient")
        assert axe_violations(page) == []
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/courses/new?patient=1")


def test_escape_leaves_the_palette_and_the_list_of_keys_names_it(enter: Enter) -> None:
    with enter("administrator", 390) as page:
        page.goto("/settings/sites")
        page.keyboard.press("Control+k")
        expect(page.locator("#palette")).to_be_visible()
        page.keyboard.type("rep")
        expect(page.locator("#palette-list [aria-selected=true]")).to_have_text("Reports")
        page.keyboard.press("Escape")
        expect(page.locator("#palette")).to_be_hidden()
        page.keyboard.press("?")
        expect(page.locator("#keys .key-list")).to_contain_text("Find a person, a page or a deed")
        assert page.url.endswith("/settings/sites")


def test_without_scripts_find_and_do_is_a_page(enter: Enter) -> None:
    with enter("front_desk", scripts=False) as page:
        page.goto("/patients")
        page.get_by_role("link", name="Find and do").click()
        page.locator("#find-q").fill("friday")
        page.get_by_role("button", name="Find", exact=True).click()
        page.get_by_role("link", name="Go to Friday 6 November 2026").click()
        assert "day=2026-11-06" in page.url


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("path", ["/reports/use", "/reports/missed", "/reports/courses", "/find?q=lind"])
def test_pages_are_read_by_everybody_and_never_wider_than_the_screen(
    enter: Enter, path: str, width: int
) -> None:
    with enter("front_desk", width) as page:
        page.goto(path)
        assert axe_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_figures_of_a_long_report_follow_into_the_page(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "MANY", 1)
    with enter("front_desk") as page:
        page.goto("/reports/missed")
        expect(page.get_by_role("heading", name="By weekday")).to_be_visible()
