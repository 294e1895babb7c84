"""The pages of the desk and the rating at the chair, in a real browser."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from scheduler import clock
from scheduler.app import create_app
from scheduler.config import Config
from scheduler.db import Database
from scheduler.models import Closure, InfusionStatus, TimePoint
from tests.support.browser import axe_violations, open_browser
from tests.support.clinic import NOW, TODAY, SmallClinic, make_patient, small_clinic
from tests.support.sign_in import sign_in
from tests.support.visits import add_rating, add_six, local

pytestmark = pytest.mark.browser

DAYS = [TODAY + timedelta(days=offset) for offset in (-7, -5, -3, 0, 2, 4)]
PAGES = (
    "/today",
    "/board?day=2026-11-04",
    "/board?day=2026-11-26",
    "/patients/1",
    "/courses/1",
    "/infusions/4",
)
Enter = Callable[..., AbstractContextManager[Page]]


class Moment:
    """The present, which a test may move on."""

    def __init__(self) -> None:
        self.now = NOW

    def read(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of this file."""
    with open_browser() as browser:
        yield browser


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Moment:
    """The morning of `NOW`, until a test moves on."""
    found = Moment()
    monkeypatch.setattr(clock, "now", found.read)
    return found


@pytest.fixture
def enter(config: Config, sqlite: Database, moment: Moment, chromium: Browser) -> Iterator[Enter]:
    """Opens a window that is signed in with a role, on a clinic with a day's work."""
    app = create_app(config, sqlite)
    with sqlite.write() as session:
        clinic = small_clinic(session, chairs=4, nurses=2)
        _fill(session, clinic)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"

    @contextmanager
    def window(role: str, width: int = 1440) -> Iterator[Page]:
        client = app.test_client()
        sign_in(client, sqlite, clinic.users[role])
        cookie = client.get_cookie("sixfold")
        assert cookie is not None
        context = chromium.new_context(base_url=address, viewport={"width": width, "height": 900})
        context.add_cookies([{"name": "sixfold", "value": cookie.value, "url": address}])
        yield context.new_page()
        context.close()

    yield window
    server.shutdown()
    thread.join()
    server.server_close()


def _fill(session: Session, clinic: SmallClinic) -> None:
    patients = [clinic.patient] + [
        make_patient(session, clinic.site, n, given_name="Ana", family_name=f"Castellanos-{n}")
        for n in (11, 12, 13)
    ]
    for chair, (patient, at) in enumerate(zip(patients, ("09:30", "09:00", "13:00", "15:20"), strict=True)):
        _, visits = add_six(session, clinic, DAYS, at, patient=patient, chair=chair, completed=3)
        for visit in visits[:2]:
            add_rating(session, visit, TimePoint.PRE, 8)
            add_rating(session, visit, TimePoint.POST_2H, 3)
        if chair == 0:
            visits[3].status = InfusionStatus.IN_PROGRESS
    start, end = (local(clinic.site, TODAY, at) for at in ("12:00", "18:00"))
    session.add(
        Closure(
            site_id=clinic.site.id,
            chair_id=clinic.chairs[0].id,
            starts_at=start,
            ends_at=end,
            reason="Pump service",
        )
    )


@pytest.mark.parametrize(("role", "width"), [("front_desk", 1440), ("nurse", 390)])
def test_every_page_is_quiet_readable_by_all_and_no_wider_than_the_screen(
    enter: Enter, role: str, width: int
) -> None:
    with enter(role, width) as page:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        for path in PAGES:
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 200, path
            assert page.evaluate("document.documentElement.scrollWidth") == width, path
            assert axe_violations(page) == [], path
        assert said == []


def test_today_is_refreshed_under_the_cursor_without_taking_the_focus(enter: Enter, moment: Moment) -> None:
    with enter("front_desk") as page:
        page.clock.install()
        page.goto("/today")
        page.focus("#v10")
        moment.now = NOW + timedelta(minutes=7)
        with page.expect_response(lambda answer: "part=live" in answer.url):
            page.clock.fast_forward(31_000)
        page.get_by_text("Updated 10:07").wait_for()
        assert page.evaluate("document.activeElement.id") == "v10"
        assert page.locator("#day-lead").inner_text().startswith("Riverside. 4 visits")


def test_a_day_is_walked_with_single_keys(enter: Enter) -> None:
    with enter("front_desk") as page:
        page.goto("/board")
        page.keyboard.press("j")
        page.wait_for_url("**/board?site=*&view=day&day=2026-11-03")
        page.keyboard.press("k")
        page.wait_for_url("**/board?site=*&view=day&day=2026-11-02")
        assert page.locator("h1").inner_text() == "Monday 2 November"


def test_a_rating_is_recorded_with_the_keyboard_alone(enter: Enter) -> None:
    with enter("nurse") as page:
        page.goto("/infusions/4")
        page.focus("#pre-value")
        for _ in range(6):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        page.get_by_text("The rating is recorded.").wait_for()
        assert page.locator("#ratings .value").first.inner_text() == "6 of 10"


def test_the_numbers_are_big_enough_for_a_thumb(enter: Enter) -> None:
    with enter("nurse", 390) as page:
        page.goto("/infusions/4")
        labels = page.locator("#ratings .scale").first.locator("label")
        boxes = [box for box in (label.bounding_box() for label in labels.all()) if box]
        assert len(boxes) == 11
        assert min(min(box["width"], box["height"]) for box in boxes) >= 44


def test_the_chart_that_fits_the_screen_is_the_one_that_shows(enter: Enter) -> None:
    for width, shown in ((1440, ".chart-l"), (390, ".chart-s")):
        with enter("clinician", width) as page:
            page.goto("/courses/1")
            visible = page.locator("svg.chart >> visible=true")
            assert visible.count() == 1
            assert page.locator(shown).is_visible()
