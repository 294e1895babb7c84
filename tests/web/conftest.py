"""Two ways to look at pages: a client without a browser, and a browser signed in as the front desk."""

import pickle
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from scheduler.app import create_app
from scheduler.config import Config
from scheduler.db import Database
from tests.support.browser import open_browser
from tests.support.clinic import NOW, SmallClinic, small_clinic
from tests.support.sign_in import cheap_app, sign_in
from tests.web.filled import fill

Enter = Callable[..., AbstractContextManager[BrowserContext]]
AsRole = Callable[[str], FlaskClient]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of a file."""
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The running application's address, and the cookie of somebody at the front desk.

    One for the tests of a file: they look at pages and change nothing.
    """
    home = tmp_path_factory.mktemp("web")
    shutil.copyfile(sqlite_template, home / "sixfold.sqlite3")
    config = Config(
        home=home, database_url=f"sqlite:///{home / 'sixfold.sqlite3'}", secret_key="for-tests-only"
    )
    database = Database(config.database_url)
    app = create_app(config, database)
    with database.write() as session:
        desk = small_clinic(session).users["front_desk"]
    client = app.test_client()
    sign_in(client, database, desk)
    cookie = client.get_cookie("sixfold")
    assert cookie is not None
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", cookie.value
    server.shutdown()
    thread.join()
    server.server_close()
    database.dispose()


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


@pytest.fixture
def clinic(sqlite: Database) -> SmallClinic:
    """The small clinic, on SQLite: what stands in `web/` is decided before any database is asked."""
    with sqlite.write() as session:
        return small_clinic(session)


@pytest.fixture
def app(config: Config, sqlite: Database, clinic: SmallClinic) -> Flask:
    """The application of the small clinic."""
    return cheap_app(config, sqlite)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor without cookies."""
    return app.test_client()


@pytest.fixture
def as_role(app: Flask, sqlite: Database, clinic: SmallClinic) -> AsRole:
    """`as_role("nurse")` gives a client that is signed in as the clinic's nurse."""

    def signed_in(role: str) -> FlaskClient:
        found = app.test_client()
        sign_in(found, sqlite, clinic.users[role])
        return found

    return signed_in


@pytest.fixture(scope="session")
def filled_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A database file with the rows of the route table, to copy, and its clinic, to unpickle."""
    path = tmp_path_factory.mktemp("filled") / "sixfold.sqlite3"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    with time_machine.travel(NOW, tick=False), database.write() as session:
        clinic = fill(session)
    database.dispose()
    return path, pickle.dumps(clinic)


@pytest.fixture
def filled(filled_template: tuple[Path, bytes], sqlite_url: str, sqlite: Database) -> SmallClinic:
    """The rows of the route table, in this test's own database."""
    path, clinic = filled_template
    shutil.copyfile(path, sqlite_url.removeprefix("sqlite:///"))
    found: SmallClinic = pickle.loads(clinic)  # noqa: S301
    return found
