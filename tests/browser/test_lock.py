"""A page that locks under the hands of a nurse: covered, kept, and open again with her PIN."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from werkzeug.serving import make_server

from scheduler.config import Config
from scheduler.db import Database
from scheduler.models import User
from tests.features.infusion_logs.conftest import Chair, seated
from tests.support.browser import axe_violations, open_browser
from tests.support.clinic import NOW
from tests.support.sign_in import CHEAP, own_app, sign_in

pytestmark = pytest.mark.browser

PIN = "2580"


class Wall:
    """The clock on the wall, which the server reads."""

    now: datetime = NOW


@pytest.fixture
def chair(sqlite: Database) -> Chair:
    """A visit at the chair, and a nurse with a PIN."""
    found = seated(sqlite)
    with sqlite.write() as session:
        session.get_one(User, found.clinic.users["nurse"].id).pin_hash = CHEAP.hash(PIN)
    return found


@pytest.fixture
def tablet(
    config: Config, sqlite: Database, chair: Chair, monkeypatch: pytest.MonkeyPatch
) -> Iterator[BrowserContext]:
    """Her tablet, signed in at NOW."""
    Wall.now = NOW
    monkeypatch.setattr("scheduler.clock.now", lambda: Wall.now)
    app = own_app(config, sqlite)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    base = f"http://127.0.0.1:{server.server_port}"
    client = app.test_client()
    sign_in(client, sqlite, chair.clinic.users["nurse"])
    cookie = client.get_cookie("sixfold")
    assert cookie is not None
    with open_browser() as browser:
        context = browser.new_context(base_url=base, reduced_motion="reduce")
        context.add_cookies([{"name": "sixfold", "value": cookie.value, "url": base}])
        yield context
    server.shutdown()
    thread.join()
    server.server_close()


def pass_by(page: Page, minutes: int) -> None:
    """Nobody touches anything, in the browser or at the server."""
    Wall.now += timedelta(minutes=minutes)
    page.clock.fast_forward(minutes * 60_000)


def test_what_was_typed_is_there_after_the_pin_in_both_tabs_and_after_a_reload(
    tablet: BrowserContext,
) -> None:
    page = tablet.new_page()
    page.clock.install(time=NOW)
    page.goto("/me")
    page.get_by_label("New PIN").fill("1357")  # A secret: it must not be kept anywhere.
    page.goto("/patients/new")
    page.get_by_label("Given name").fill("Ana Sofía")
    other = tablet.new_page()
    other.clock.install(time=NOW)
    other.goto("/tasks")

    pass_by(page, 16)
    cover = page.get_by_role("dialog", name="Locked")
    expect(cover).to_be_visible()
    expect(page).to_have_title("Locked · Sixfold")
    expect(page.get_by_label("Given name")).to_be_hidden()
    assert axe_violations(page) == []
    assert "Ana" not in page.locator("body").inner_text()
    kept = page.evaluate("JSON.stringify(sessionStorage)")
    assert "sixfold.draft.page" in kept and "Ana" not in kept and "1357" not in kept
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(cover).to_be_visible()
    other.clock.fast_forward(16 * 60_000)
    expect(other.get_by_role("dialog", name="Locked")).to_be_visible()

    page.get_by_label("PIN or password").fill("1111")
    page.keyboard.press("Enter")
    expect(page.get_by_text("4 tries are left")).to_be_visible()
    page.get_by_label("PIN or password").fill(PIN)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Given name")).to_have_value("Ana Sofía")
    expect(other.get_by_role("heading", name="Tasks", exact=True)).to_be_visible()

    pass_by(page, 16)
    expect(cover).to_be_visible()
    page.wait_for_function("sessionStorage.length > 0")
    page.reload()
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    page.get_by_label("PIN or password").fill(PIN)
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_label("Given name")).to_have_value("Ana Sofía")
    expect(page.get_by_text("It is not saved yet")).to_be_visible()
