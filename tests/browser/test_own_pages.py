"""A patient's own pages on a telephone: opened by keyboard, there without a connection, gone when closed."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from scheduler import clock
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.outbox.links import pages_address
from tests.support.browser import open_browser
from tests.support.changes import LATER, booked
from tests.support.clinic import small_clinic
from tests.support.sign_in import own_app

pytestmark = pytest.mark.browser
IS_KEPT = """async () => navigator.serviceWorker.controller !== null
  && (await (await caches.open('when-and-where')).match('/my/offline')) !== undefined"""
IS_GONE = "async () => (await caches.keys()).length === 0"


def until(page: Page, script: str) -> None:
    """Ask until the answer is yes; `wait_for_function` would take the promise of an answer for one."""
    for _ in range(200):
        if page.evaluate(script):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"It never came true: {script}")


@pytest.fixture
def link(config: Config, sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The link to the pages of somebody with six appointments ahead."""
    monkeypatch.setattr(clock, "now", lambda: LATER)
    # The browser has a clock of its own, and lets go of what is kept when the time of the device is over.
    monkeypatch.setattr("scheduler.features.accounts.devices.actions.REMEMBERED", timedelta(days=36_500))
    with sqlite.write() as session:
        clinic = small_clinic(session)
    booked(sqlite, clinic)
    with sqlite.write() as session:
        path = pages_address(session, LATER + timedelta(seconds=1), clinic.patient.id, "")
    server = make_server("127.0.0.1", 0, own_app(config, sqlite), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}{path}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_telephone_knows_when_and_where_without_a_connection_until_it_is_forgotten(link: str) -> None:
    with open_browser() as browser:
        context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
        page = context.new_page()
        page.goto(link)
        page.get_by_label("Day").focus()
        for keys in ("14", "3", "1986"):
            page.keyboard.type(keys)
            page.keyboard.press("Tab")
        page.keyboard.press("Space")  # It is my own device.
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Your appointments")
        until(page, IS_KEPT)
        context.set_offline(True)
        page.reload()
        expect(page.get_by_role("heading", name="No connection")).to_be_visible()
        shown = page.locator("body").inner_text()
        assert shown.count("09:30") == 6 and "Harbor Street" in shown and "Marta" not in shown
        context.set_offline(False)
        page.goto(f"{link.partition('/p/')[0]}/my/devices")
        page.get_by_role("button", name="Forget this device").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your page is closed on this device")
        until(page, IS_GONE)
