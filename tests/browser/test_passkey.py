"""A clinician makes a passkey at the first log-in and signs in with it, in a browser with such a key."""

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from scheduler.config import Config
from scheduler.db import Database
from scheduler.models import User
from tests.support.browser import axe_violations, open_browser
from tests.support.clinic import small_clinic
from tests.support.sign_in import CHEAP, own_app

pytestmark = pytest.mark.browser

PASSWORD = "four unlikely harbour words"
EMAIL = "clinician@riverside.example"
KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def page(config: Config, sqlite: Database) -> Iterator[Page]:
    """The door, reached by a name, in a browser that holds a key."""
    with sqlite.write() as session:
        clinician = small_clinic(session).users["clinician"].id
        session.get_one(User, clinician).password_hash = CHEAP.hash(PASSWORD)
    app = own_app(config, sqlite)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    address = f"http://localhost:{server.server_port}"
    app.extensions["sixfold"] = replace(config, base_url=address)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with open_browser() as browser:
        context = browser.new_context(base_url=address, reduced_motion="reduce")
        found = context.new_page()
        inside = context.new_cdp_session(found)
        inside.send("WebAuthn.enable")
        inside.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
        yield found
    server.shutdown()
    thread.join()
    server.server_close()


def give_password(page: Page) -> None:
    """The first step."""
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_a_passkey_is_made_at_the_first_log_in_and_opens_the_next(page: Page) -> None:
    give_password(page)
    expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_label("Name of the passkey").fill("Laptop")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_label("Recovery codes")).to_have_value(re.compile(r"^([a-z2-7-]{19}\s?){10}$"))
    assert axe_violations(page) == []
    page.get_by_role("link", name="I have kept them").click()
    page.goto("/me/factor")
    expect(page.get_by_role("row", name=re.compile("Laptop"))).to_be_visible()
    page.get_by_label("Name of the passkey").fill("Laptop again")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_text("holds a passkey of yours already")).to_be_visible()

    page.context.clear_cookies()
    give_password(page)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_role("button", name="Use the passkey").click()
    expect(page).to_have_url(re.compile("/today"))

    page.context.clear_cookies()
    page.goto("/sign-in")
    with page.expect_request(lambda one: one.method == "POST") as sent:
        page.get_by_role("button", name="Use a passkey instead").click()
    expect(page).to_have_url(re.compile("/today"))
    page.goto("/me/factor")
    expect(page.get_by_label("Present password")).to_be_visible()

    page.context.clear_cookies()
    page.goto("/sign-in")
    (answer,) = parse_qs(sent.value.post_data)["credential"]
    page.evaluate(
        """answer => {
        const form = document.querySelector("[data-passkey]");
        form.elements.credential.value = answer;
        form.submit();
    }""",
        answer,
    )
    expect(page.get_by_text("This passkey does not open anything here")).to_be_visible()
