"""The running application and a browser that is signed in to it as the front desk."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from scheduler.app import create_app
from scheduler.config import Config
from scheduler.db import Database
from tests.support.browser import open_browser
from tests.support.clinic import small_clinic
from tests.support.sign_in import sign_in

Enter = Callable[..., AbstractContextManager[BrowserContext]]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of a file."""
    with open_browser() as browser:
        yield browser


@pytest.fixture
def site(config: Config, sqlite: Database) -> Iterator[tuple[str, str]]:
    """The running application's address, and the cookie of somebody at the front desk."""
    app = create_app(config, sqlite)
    with sqlite.write() as session:
        desk = small_clinic(session).users["front_desk"]
    client = app.test_client()
    sign_in(client, sqlite, desk)
    cookie = client.get_cookie("sixfold")
    assert cookie is not None
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", cookie.value
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def enter(chromium: Browser, site: tuple[str, str]) -> Enter:
    """Opens a browser window of its own, signed in; it takes what the window should be like."""

    def window(**wishes: object) -> BrowserContext:
        context = chromium.new_context(base_url=site[0], reduced_motion="reduce", **wishes)  # type: ignore[arg-type]
        context.add_cookies([{"name": "sixfold", "value": site[1], "url": site[0]}])
        return context

    return window


@pytest.fixture
def page(enter: Enter) -> Iterator[Page]:
    """The living page at a desk; whatever its console says fails the test."""
    with enter(viewport={"width": 1440, "height": 900}) as context:
        found = context.new_page()
        said: list[str] = []
        found.on("console", lambda message: said.append(message.text))
        found.on("pageerror", lambda error: said.append(str(error)))
        found.goto("/components")
        yield found
        assert not said
