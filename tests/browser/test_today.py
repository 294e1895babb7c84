"""The front desk's list worked with single keys, and the wall screen, in a real browser."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from werkzeug.serving import make_server

from scheduler import clock
from scheduler.actor import COMMAND
from scheduler.app import create_app
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.accounts.actions.access_tokens import create_token, revoke_token
from scheduler.models import Infusion, InfusionStatus
from tests.support.browser import axe_violations, open_browser
from tests.support.clinic import NOW, TODAY, SmallClinic, make_patient, small_clinic
from tests.support.sign_in import sign_in
from tests.support.visits import add_six, local

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of this file."""
    with open_browser() as browser:
        yield browser


@pytest.fixture
def clinic(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> SmallClinic:
    """Three patients at ten: one late, one in the chair, one to come at one."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with sqlite.write() as session:
        clinic = small_clinic(session, chairs=3, nurses=2)
        for chair, at in enumerate(("09:48", "09:00", "13:00")):
            patient = make_patient(
                session, clinic.site, chair + 11, given_name="Ana", family_name=f"Castellanos-{chair}"
            )
            _, (visit,) = add_six(session, clinic, [TODAY], at, patient=patient, chair=chair)
            if chair == 1:
                visit.status, visit.started_at = (
                    InfusionStatus.IN_PROGRESS,
                    local(clinic.site, TODAY, "09:05"),
                )
    return clinic


@pytest.fixture
def house(config: Config, sqlite: Database, clinic: SmallClinic) -> Iterator[tuple[Flask, str]]:
    """The application at an address."""
    app = create_app(config, sqlite)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield app, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def desk(
    house: tuple[Flask, str], sqlite: Database, clinic: SmallClinic, chromium: Browser
) -> Iterator[Page]:
    """A window of the front desk, on Today."""
    app, address = house
    client = app.test_client()
    sign_in(client, sqlite, clinic.users["front_desk"])
    cookie = client.get_cookie("sixfold")
    assert cookie is not None
    context = chromium.new_context(base_url=address, viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": "sixfold", "value": cookie.value, "url": address}])
    page = context.new_page()
    page.clock.install()
    page.goto("/today")
    yield page
    context.close()


def states(database: Database) -> list[str]:
    with database.read() as session:
        return [status.value for status in session.scalars(select(Infusion.status).order_by(Infusion.id))]


def test_one_key_checks_in_who_is_late_and_another_undoes_it(desk: Page, sqlite: Database) -> None:
    desk.keyboard.press("c")
    desk.get_by_text("Visit no. 1 is marked as arrived.").wait_for()
    assert states(sqlite) == ["arrived", "in_progress", "scheduled"]
    desk.keyboard.press("u")
    desk.get_by_text("It is undone.").wait_for()
    assert states(sqlite) == ["scheduled", "in_progress", "scheduled"]


def test_the_key_means_the_line_that_has_the_focus(desk: Page, sqlite: Database) -> None:
    for _ in range(3):
        desk.keyboard.press("j")
    assert desk.evaluate("document.activeElement.textContent") == "Ana Castellanos-2"
    desk.keyboard.press("k")
    desk.keyboard.press("j")
    desk.keyboard.press("c")
    desk.get_by_text("Visit no. 1 is marked as arrived.").wait_for()
    assert states(sqlite) == ["scheduled", "in_progress", "arrived"]


def test_a_refresh_keeps_what_is_opened_and_typed(
    desk: Page, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.get_by_text("Stopped early").click()
    reason = desk.get_by_label("Why it was stopped")
    reason.fill("Felt unwell")
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=7))
    desk.clock.fast_forward(31_000)
    desk.get_by_text("Updated 10:07").wait_for()
    assert reason.input_value() == "Felt unwell"
    assert desk.evaluate("document.activeElement.name") == "reason"
    desk.get_by_role("button", name="Record that it was stopped").click()
    desk.get_by_text("Visit no. 1 was stopped early.").wait_for()
    assert states(sqlite)[1] == "completed"


@pytest.mark.parametrize("width", [1920, 390])
def test_the_wall_names_nobody_and_goes_dark_when_its_address_ends(
    house: tuple[Flask, str], sqlite: Database, clinic: SmallClinic, chromium: Browser, width: int
) -> None:
    with sqlite.write() as session:
        token, raw = create_token(session, COMMAND, NOW, kind="wall", name="Hall", site_id=clinic.site.id)
    page = chromium.new_page(base_url=house[1], viewport={"width": width, "height": 1080})
    page.clock.install()
    page.goto(f"/wall/{raw}")
    said = page.inner_text("body")
    assert "Infusion until 10:05" in said
    assert "Castellanos" not in page.content()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert axe_violations(page) == []
    with sqlite.write() as session:
        revoke_token(session, COMMAND, NOW + timedelta(minutes=1), token.id)
    page.clock.fast_forward(16_000)
    page.get_by_text("This wall address does not open anything.").wait_for()
    assert "Chair 1" not in page.content()
    page.close()
