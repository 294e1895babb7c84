"""The pages of calendar addresses in a real browser: at a desk, on a phone, for a screen reader."""

import re
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from scheduler import clock
from scheduler.actor import COMMAND
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.calendars.feeds.change import make_feed
from scheduler.features.calendars.feeds.owners import Owner
from scheduler.models import PublishedCalendar, Role, UserRole
from tests.support.browser import axe_violations, open_browser
from tests.support.clinic import NOW, small_clinic
from tests.support.sign_in import own_app, sign_in

pytestmark = pytest.mark.browser

SERVER = "https://clinic:secret@calendar.example.org/dav/"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of this file."""
    with open_browser() as browser:
        yield browser


@pytest.fixture
def window(
    config: Config, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a clinic with calendars, and the log-in of somebody who may do everything."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    app = own_app(replace(config, caldav_url=SERVER), sqlite)
    with sqlite.write() as session:
        clinic = small_clinic(session)
        person = clinic.users["clinician"]
        session.add(UserRole(user_id=person.id, role=Role.ADMINISTRATOR))
        for owner in (Owner("site", 1), Owner("chair", 2), Owner("patient", 1)):
            make_feed(session, COMMAND, NOW, owner)
        session.add(
            PublishedCalendar(
                user_id=person.id, url="https://calendar.example.org/dav/okafor/", created_at=NOW,
                next_look_at=NOW, failures=2,
                error="The server could not be reached, or did not answer properly.", synced_at=NOW,
            )
        )  # fmt: skip
    client = app.test_client()
    sign_in(client, sqlite, person)
    cookie = client.get_cookie("sixfold")
    assert cookie is not None
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", {"name": "sixfold", "value": cookie.value}
    server.shutdown()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_of_calendars_fit_and_can_be_read_out(
    chromium: Browser, window: tuple[str, dict[str, str]], width: int
) -> None:
    address, cookie = window
    context = chromium.new_context(viewport={"width": width, "height": 900})
    context.add_cookies([{**cookie, "url": address}])  # type: ignore[typeddict-item]
    page = context.new_page()
    for path in ("/calendars", "/calendars/published", "/patients/1"):
        page.goto(address + path)
        assert axe_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    for path, button in (
        ("/patients/1", "New address for this patient"),
        ("/calendars", "Make an address for your calendar"),
    ):
        page.goto(address + path)
        page.get_by_role("button", name=button).press("Enter")
        field = page.get_by_label("The address of the calendar")
        expect(field).to_have_value(re.compile(r"^http.*/feeds/[\w-]{43}\.ics$"))
        assert axe_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
