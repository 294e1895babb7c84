"""Every page of the table of routes, in a real browser at both widths: nothing is in the way of those who
read with a screen reader or on a phone, and the console stays silent.

The stories of the other files go deep into a few pages; this one is wide, so that no new page is forgotten.
It walks once: a page is opened, read at the desk's width and again at a phone's.
"""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import BrowserContext, Page
from werkzeug.serving import make_server

from scheduler import clock
from scheduler.app import create_app
from scheduler.config import Config
from scheduler.db import Database
from tests.support.browser import AXE_FOLDED, AXE_TAGS, axe_violations, open_browser
from tests.support.clinic import NOW, SmallClinic
from tests.support.sign_in import sign_in
from tests.web.filled import DEVICE_TOKEN, fill
from tests.web.route import EVERYONE, VISITORS, Route
from tests.web.routes import ROUTES

pytestmark = pytest.mark.browser

# Files for programs and for paper, and the answers that a script puts into a page.
NO_PAGES = (
    ".csv", ".ics", ".js", ".json", ".pdf", ".svg", ".webmanifest",
    "/lock/state", "/search?q=lin", "/proposals?patient=1", "/infusions/1/log/beside",
)  # fmt: skip
# Where one rule serves several pages, and lists that found nothing.
MORE = {
    "/settings/<section>": [
        f"/settings/{name}" for name in ("closures", "shifts", "protocols", "messages", "staff")
    ],
    "/reports/<report>": ["/reports/missed", "/reports/courses"],
    "/patients": ["/patients?q=zzz"],
}


def pages() -> list[Route]:
    """Every look of the table that answers with a page."""
    looks = [route for route in ROUTES if route.method == "GET" and not route.path.endswith(NO_PAGES)]
    looks += [replace(route, path=path) for route in looks for path in MORE.get(route.rule, ())]
    return [route for route in looks if route.status == 200 or "anonymous" in route.but]


RULES = {1440: AXE_TAGS, 390: AXE_FOLDED}
SIDEWAYS = "document.documentElement.scrollWidth - window.innerWidth"


def visitor(route: Route) -> str:
    """Who sees the most of it: a stranger where everybody may look, the administrator of the settings."""
    if route.opens == EVERYONE:
        return "anonymous"
    first = "administrator" if route.path.startswith("/settings") else "clinician"
    may = [role for role in (first, "administrator", "front_desk") if role in route.opens]
    return next(role for role in may if route.expected(role) == 200)


@pytest.fixture
def clinic(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> SmallClinic:
    """The rows that the table's addresses stand for."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with sqlite.write() as session:
        return fill(session)


@pytest.fixture
def windows(config: Config, sqlite: Database, clinic: SmallClinic) -> Iterator[dict[str, BrowserContext]]:
    """A window for each kind of visitor, signed in where a log-in is needed."""
    app = create_app(config, sqlite)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    with open_browser() as browser:
        found = {role: browser.new_context(base_url=address, reduced_motion="reduce") for role in VISITORS}
        for role, user in clinic.users.items():
            client = app.test_client()
            sign_in(client, sqlite, user)
            cookie = client.get_cookie("sixfold")
            assert cookie is not None
            found[role].add_cookies([{"name": "sixfold", "value": cookie.value, "url": address}])
        found["anonymous"].add_cookies([{"name": "sixfold-pages", "value": DEVICE_TOKEN, "url": address}])
        yield found
    server.shutdown()
    thread.join()
    server.server_close()


def look(page: Page, route: Route) -> list[str]:
    """What is wrong with one page, at either width."""
    wrong = []
    answer = page.goto(route.path)
    if answer is None or answer.status != 200:
        wrong.append(f"answers {answer and answer.status}")
    for width, rules in RULES.items():
        page.set_viewport_size({"width": width, "height": 900})
        wrong += [f"{width} px: {said}" for said in axe_violations(page, rules)]
        if page.evaluate(SIDEWAYS) > 0:
            wrong.append(f"{width} px: wider than the window")
    return wrong


@pytest.mark.parametrize("part", ["settings", "the rest"])
def test_every_page_reads_well_and_fits_at_a_desk_and_on_a_phone(
    windows: dict[str, BrowserContext], part: str
) -> None:
    wrong: dict[str, list[str]] = {}
    tabs = {role: window.new_page() for role, window in windows.items()}
    for page in tabs.values():
        page.on(
            "console", lambda said: wrong.setdefault("console", []).append(f"{said.location}: {said.text}")
        )
        page.on("pageerror", lambda error: wrong.setdefault("scripts", []).append(str(error)))
    for route in pages():
        is_mine = route.path.startswith("/settings") is (part == "settings")
        if is_mine and (found := look(tabs[visitor(route)], route)):
            wrong[route.path] = found
    assert wrong == {}, "\n".join(f"{path}: {said}" for path, said in wrong.items())
