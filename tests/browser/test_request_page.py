"""Asking for a consultation on a phone: by keyboard alone, with the work done unseen, and without scripts."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from scheduler import clock
from scheduler.config import Config
from scheduler.db import Database
from scheduler.models import ConsultationRequest, LoginAttempt
from tests.browser.test_visit_link import press_until
from tests.support.browser import axe_violations, open_browser
from tests.support.clinic import NOW, small_clinic
from tests.support.sign_in import own_app

pytestmark = pytest.mark.browser


@pytest.fixture
def address(config: Config, sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The page of Riverside; half a minute passes between any two looks at the clock."""
    looks = iter(NOW + timedelta(seconds=30 * count) for count in range(10_000))
    monkeypatch.setattr(clock, "now", lambda: next(looks))
    with sqlite.write() as session:
        small_clinic(session)
    server = make_server("127.0.0.1", 0, own_app(config, sqlite), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/ask/RV"
    server.shutdown()
    thread.join()


def fill_in(page: Page, name: str) -> None:
    """Everything that is needed, by keyboard alone."""
    for label, typed in (("Given name", name), ("Family name", "Ruiz"), ("Phone", "212 555 0188")):
        press_until(page, label)
        page.keyboard.type(typed)
    press_until(page, "You may contact me")
    page.keyboard.press("Space")
    press_until(page, "Ask for a consultation")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your request has arrived")).to_be_visible()


def test_a_request_is_sent_by_keyboard_with_its_work_and_without_scripts_without(
    address: str, sqlite: Database
) -> None:
    with open_browser() as browser:
        for scripts in (True, False):
            context = browser.new_context(
                viewport={"width": 390, "height": 844}, java_script_enabled=scripts, reduced_motion="reduce"
            )
            page = context.new_page()
            page.goto(address)
            if scripts:
                expect(page.get_by_label("Your name, as parent or guardian")).to_be_hidden()
                page.get_by_label("For somebody under 18").check()
                expect(page.get_by_label("Your name, as parent or guardian")).to_be_visible()
                page.get_by_label("For me, and I am 18").check()
            fill_in(page, "Ana" if scripts else "Luz")
            if scripts:
                assert axe_violations(page) == []
            context.close()
    with sqlite.read() as session:
        names = session.scalars(select(ConsultationRequest.given_name).order_by(ConsultationRequest.id)).all()
        counted = session.scalars(select(LoginAttempt.address).order_by(LoginAttempt.id)).all()
    assert names == ["Ana", "Luz"]
    assert [place.split(":")[1] for place in counted] == ["worked", "worked", "plain", "plain"]
