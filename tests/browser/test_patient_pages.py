"""The patients' pages in a real browser, by keyboard; what is read out when something is wrong."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from scheduler import clock
from scheduler.actor import COMMAND
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.capacity.presets import install_presets
from tests.support.browser import axe_violations, open_browser
from tests.support.clinic import NOW, make_patient, small_clinic
from tests.support.sign_in import cheap_app, sign_in

pytestmark = pytest.mark.browser

Enter = Callable[[str], AbstractContextManager[Page]]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of this file."""
    with open_browser() as browser:
        yield browser


@pytest.fixture
def enter(
    config: Config, sqlite: Database, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Enter]:
    """Opens a window that is signed in with a role, on a clinic with thirty patients."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    app = cheap_app(config, sqlite)
    with sqlite.write() as session:
        clinic = small_clinic(session)
        install_presets(session, COMMAND, NOW)
        for number in range(2, 31):
            make_patient(session, clinic.site, number, family_name=f"Brandt {number:02d}")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"

    @contextmanager
    def window(role: str) -> Iterator[Page]:
        client = app.test_client()
        sign_in(client, sqlite, clinic.users[role])
        cookie = client.get_cookie("sixfold")
        assert cookie is not None
        context = chromium.new_context(base_url=address, viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": "sixfold", "value": cookie.value, "url": address}])
        yield context.new_page()
        context.close()

    yield window
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_list_follows_the_typing_and_the_address_keeps_it(enter: Enter) -> None:
    with enter("front_desk") as page:
        page.goto("/patients")
        page.keyboard.type("lindq")
        expect(page.locator("#list")).to_contain_text("1 patient for “lindq”")
        expect(page.locator("#q")).to_be_focused()
        assert page.url.endswith("/patients?q=lindq")


def test_pages_of_the_list_are_turned_by_key(enter: Enter) -> None:
    with enter("front_desk") as page:
        page.goto("/patients")
        page.locator("h1").click()
        page.keyboard.press("j")
        expect(page.locator("#list tbody tr")).to_have_count(5)
        page.locator("h1").click()
        page.keyboard.press("k")
        expect(page.locator("#list tbody tr")).to_have_count(25)


def test_the_field_in_the_bar_finds_by_keyboard_and_leads_to_the_patient(enter: Enter) -> None:
    with enter("front_desk") as page:
        page.goto("/today")
        page.keyboard.press("/")
        page.keyboard.type("14 mar")
        expect(page.locator("#found li")).to_have_count(12)
        page.locator("#find").fill("lind")
        expect(page.locator("#found li")).to_have_count(1)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"/patients/1$"))


def test_a_patient_with_hours_and_days_away_is_added_by_keyboard_and_found_mistakes_are_read_first(
    enter: Enter,
) -> None:
    with enter("front_desk") as page:
        page.goto("/patients/new")
        page.keyboard.type("Zoë")
        page.locator("#do-add-hours").press("Enter")
        expect(page.locator("#hours-0")).to_be_visible()
        expect(page.locator("#do-add-hours")).to_be_focused()
        page.locator("#hours-0").select_option("2")
        page.locator("[name=hfrom]").fill("09:00")
        page.locator("#do-add-away").click()
        page.locator("#away-0").fill("2026-12-24")
        expect(page.locator("[name=hfrom]")).to_have_value("09:00")
        page.locator("#birth_date").fill("31.4.1990")
        page.locator("#birth_date").press("Enter")
        expect(page.locator("#errors")).to_be_focused()
        assert axe_violations(page) == []
        page.locator("#errors a", has_text="family name").click()
        page.keyboard.type("Öst")
        page.locator("#birth_date").fill("30.4.1990")
        page.locator("[name=hto]").fill("12:00")
        page.locator("[name=hto]").press("Enter")
        expect(page.locator("h1")).to_have_text("Zoë Öst")
        expect(page.locator(".toast")).to_contain_text("Zoë Öst is added as RV-10001.")


def test_two_windows_on_one_patient_show_the_clash_and_keep_both(enter: Enter) -> None:
    with enter("front_desk") as first:
        second = first.context.new_page()
        for window in (first, second):
            window.goto("/patients/1/edit")
        first.locator("#phone").fill("212 555 0142")
        first.locator("#phone").press("Enter")
        expect(first).to_have_url(re.compile(r"/patients/1$"))
        second.locator("#phone").fill("212 555 0143")
        second.locator("#phone").press("Enter")
        clash = second.get_by_role("alert")
        expect(clash).to_contain_text("Front Desk saved (212) 555-0142; your form says (212) 555-0143.")
        expect(clash).to_be_focused()
        assert axe_violations(second) == []
        clash.get_by_role("button", name="Save mine").click()
        expect(second).to_have_url(re.compile(r"/patients/1$"))
        expect(second.locator("main")).to_contain_text("555-0143")
