"""The main job from end to end, in a real browser on the real server: booked, announced, charted."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pyotp
import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.features.accounts.factors.app_codes import secret_from
from scheduler.features.accounts.factors.sealing import sealed
from scheduler.features.accounts.passwords import STRONG
from scheduler.features.courses.actions.book import book_course
from scheduler.features.courses.order import decode
from scheduler.models import (
    AuthenticatorApp,
    Course,
    DutyPattern,
    HolidayOpening,
    InfusionStatus,
    Patient,
    User,
)
from tests.support.browser import axe_violations, open_browser
from tests.support.clinic import SmallClinic, make_patient, small_clinic
from tests.support.courses import order_for
from tests.support.server import PASSWORD, SECRET_KEY, running_server
from tests.support.visits import add_course, add_visit

pytestmark = pytest.mark.browser

APP = secret_from(b"the clinician's telephone")
"""What the clinician's app makes its codes from."""

NEW_YORK = ZoneInfo("America/New_York")
PATIENTS = ("Castellanos", "Okafor", "Ferreira", "Brightwater", "Whitfield")
# A conflict that a test asks for; a look at the day that was on its way when the page was left.
EXPECTED = re.compile(r"the server responded with a status of 409|^htmx:(afterRequest|sendAbort), ")
Enter = Callable[..., AbstractContextManager[Page]]


@dataclass(frozen=True)
class Running:
    """The running clinic: its address and database, and the log-in of each role as the browser keeps it."""

    address: str
    database: Database
    clinic: SmallClinic
    logins: dict[str, object]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of this file."""
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def running(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, chromium: Browser
) -> Iterator[Running]:
    """One server for the tests of this file; each test books for a patient of its own."""
    home = tmp_path_factory.mktemp("story")
    shutil.copyfile(sqlite_template, home / "sixfold.sqlite3")
    url = f"sqlite:///{home / 'sixfold.sqlite3'}"
    database = Database(url)
    with database.write() as session:
        clinic = fill(session)
    with running_server(url, home) as server:
        yield Running(server.address, database, clinic, {})
    database.dispose()


def fill(session: Session) -> SmallClinic:
    """Four chairs and three nurses, nobody away, and a visit of today that can be rated."""
    clinic = small_clinic(session, chairs=4, nurses=3)
    session.execute(update(User).values(password_hash=STRONG.hash(PASSWORD)))
    clinician = clinic.users["clinician"].id
    body = sealed(APP, clinician, SECRET_KEY)
    session.add(AuthenticatorApp(user_id=clinician, secret=body, last_step=0, added_at=clock.now()))
    session.execute(update(DutyPattern).values(valid_from=date(2020, 1, 1)))
    for day in range(90):  # No public holiday may depend on the day of the run.
        session.add(HolidayOpening(site_id=clinic.site.id, day=today() + timedelta(days=day)))
    for number, name in enumerate(PATIENTS, 10):
        make_patient(session, clinic.site, number, given_name="Ana", family_name=name)
    rated = make_patient(session, clinic.site, 90, given_name="Jonas", family_name="Thorne")
    start = (clock.now() - timedelta(hours=5)).replace(minute=0, second=0, microsecond=0)
    course = add_course(session, clinic, rated)
    add_visit(session, course, clinic.chairs[3], 1, start, InfusionStatus.COMPLETED)
    return clinic


def today() -> date:
    """The clinic's day."""
    return clock.now().astimezone(NEW_YORK).date()


def next_tuesday() -> date:
    """The next Tuesday that lies three days ahead or more: all reminders for its visit are still to come."""
    soon = today() + timedelta(days=3)
    return soon + timedelta(days=(1 - soon.weekday()) % 7)


@pytest.fixture
def enter(running: Running, chromium: Browser) -> Enter:
    """Opens a signed-in window; whatever its console says fails the test, but for what is EXPECTED."""

    @contextmanager
    def window(role: str, width: int = 1440, **wishes: object) -> Iterator[Page]:
        if role not in running.logins:
            running.logins[role] = log_in(chromium, running.address, role)
        context = chromium.new_context(
            base_url=running.address,
            viewport={"width": width, "height": 900},
            storage_state=running.logins[role],  # type: ignore[arg-type]
            **wishes,  # type: ignore[arg-type]
        )
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        yield page
        context.close()
        assert [line for line in said if not EXPECTED.search(line)] == []

    return window


def log_in(chromium: Browser, address: str, role: str) -> object:
    """Sign in by the form, once for each role of the file."""
    context = chromium.new_context(base_url=address)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("E-mail address").fill(f"{role}@riverside.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).not_to_have_text("Sign in")
    if role == "clinician":
        page.get_by_label("Code").fill(pyotp.TOTP(APP).now())
        page.get_by_role("button", name="Go on").click()
        expect(page.locator("h1")).not_to_have_text("Second step")
    state = context.storage_state()
    context.close()
    return state


def find_with_three_letters(page: Page, name: str) -> None:
    """From the book-a-course page to the patient's own build page."""
    page.goto("/courses/new")
    page.get_by_role("searchbox", name="Patient", exact=True).fill(name[:3].lower())
    page.get_by_role("link", name=re.compile(name)).click()
    expect(page.locator("#who")).to_contain_text(name)


def narrow_to_tuesday(page: Page) -> None:
    """Look for a first visit on the next Tuesday alone."""
    day = next_tuesday().isoformat()
    page.get_by_label("First visit from").fill(day)
    page.get_by_label("and not after").fill(day)
    page.get_by_label("and not after").blur()
    wait_for_sets_that_start(page, rf"{next_tuesday():%Y%m%d}T\d")


def untick_tuesday_morning(page: Page) -> None:
    """And wait for the sets that follow."""
    page.get_by_label("Tuesday morning").uncheck()
    wait_for_sets_that_start(page, r"\d{8}T(1[2-9]|2)")


def wait_for_sets_that_start(page: Page, first: str) -> None:
    """Wait until all sets have a first visit like `first`: local day and time, such as 20261130T0930.

    Each change asks anew, and an answer to an earlier one may still come in between.
    """
    page.wait_for_function(
        """first => {
            const sets = [...document.querySelectorAll("#sets input[name^='set-']")];
            return sets.length > 0 && sets.every((set) => new RegExp("^[^@]*@" + first).test(set.value));
        }""",
        arg=first,
    )


def first_times(page: Page) -> list[str]:
    """Day and hour of visit 1 in each set."""
    return [str(decode(value)[0].start) for value in set_values(page)]


def set_values(page: Page) -> list[str]:
    values = page.locator("#sets input[name^='set-']").evaluate_all("all => all.map(each => each.value)")
    return [str(value) for value in values]


def visits_of(running: Running, name: str) -> list[datetime]:
    """The local starts of the course that a patient has."""
    with running.database.read() as session:
        course = session.scalars(select(Course).where(Course.patient.has(family_name=name))).one()
        return [visit.starts_at.astimezone(NEW_YORK) for visit in course.infusions]


def test_six_visits_are_found_chosen_booked_announced_and_in_the_calendar(
    running: Running, enter: Enter
) -> None:
    with enter("front_desk") as page:
        find_with_three_letters(page, "Lindqvist")
        page.get_by_label("Protocol", exact=True).select_option(label="Loading, 3 × week")
        narrow_to_tuesday(page)
        assert all(start[11:] < "12:00" for start in first_times(page)[:1])
        untick_tuesday_morning(page)
        assert all(start[11:] >= "12:00" for start in first_times(page))
        change_one_and_take_it_back(page)
        page.goto(page.url.split("&set=")[0])
        choose_the_second(page)
        chosen = [visit.start for visit in decode(set_values(page)[1])]
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/courses/\d+$"))
        expect(page.get_by_text("6 visits are booked.")).to_be_visible()
        assert [start.replace(tzinfo=None) for start in visits_of(running, "Lindqvist")] == chosen
        see_the_course_everywhere(page, chosen)


def change_one_and_take_it_back(page: Page) -> None:
    """Shift visit 2 to the day after visit 1, see what breaks, and take it back."""
    page.get_by_role("link", name="Change visit 2").first.click()
    expect(page.locator("#change")).to_be_in_viewport()
    page.get_by_label("Another day").fill((next_tuesday() + timedelta(days=1)).isoformat())
    page.get_by_role("button", name="See what it breaks").click()
    expect(page.locator("#set")).to_contain_text(
        "Visit 2 would come 1 day after visit 1, too soon: at least 2 days."
    )
    expect(page.locator(".commit .if-1")).to_contain_text("It breaks a rule, so it can't be booked")
    page.get_by_role("link", name="Take the change back").click()
    expect(page.locator("#set")).not_to_contain_text("too soon")
    expect(page.locator("#change")).to_be_visible()


def choose_the_second(page: Page) -> None:
    """By its key; the bar at the foot follows."""
    expect(page.locator(".commit .if-1")).to_be_visible()
    page.keyboard.press("2")
    name = (
        page.locator(".proposal").nth(1).locator(".name > span").evaluate("it => it.firstChild.textContent")
    )
    expect(page.locator(".commit .if-2")).to_contain_text(str(name).strip())
    expect(page.locator(".commit .if-1")).to_be_hidden()


def see_the_course_everywhere(page: Page, chosen: list[datetime]) -> None:
    """Course page, day view, messages, calendar file."""
    expect(page.locator(".line6 li")).to_have_count(6)
    for start in chosen:
        expect(page.locator(".line6")).to_contain_text(f"{start.day} {start:%b}, {start:%H:%M}")
    expect(page.locator("#messages-h").locator("xpath=../..")).to_contain_text("onfirmation")
    with page.expect_download() as download:
        page.get_by_role("link", name="Calendar file").click()
    calendar = Calendar.from_ical(Path(download.value.path()).read_bytes())
    starts = sorted(
        event.decoded("dtstart").astimezone(NEW_YORK).replace(tzinfo=None) for event in calendar.events
    )
    assert starts == chosen
    page.goto(f"/board?day={chosen[0]:%Y-%m-%d}")
    expect(page.get_by_role("row").filter(has_text=f"{chosen[0]:%H:%M}")).to_contain_text("Lindqvist")
    page.goto("/messages")
    expect(page.get_by_role("row").filter(has_text="Lindqvist")).to_have_count(1 + len(chosen))
    page.goto("/messages/planned")
    expect(page.get_by_role("row").filter(has_text="Lindqvist").first).to_contain_text("Planned")


def test_the_whole_booking_goes_by_the_keyboard_alone(running: Running, enter: Enter) -> None:
    with enter("front_desk") as page:
        page.goto("/today")
        page.keyboard.press("/")
        with page.expect_response(re.compile(r"[?&]q=cas\b")):
            page.keyboard.type("cas")
        page.locator("#found a").first.wait_for()
        # What an earlier letter found may still be on its way out, and the focus would go with it.
        expect(page.locator("#found")).not_to_have_class(re.compile("htmx-(request|swapping|settling)"))
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/patients/\d+$"))
        page.keyboard.press("b")
        page.wait_for_url(re.compile(r"/courses/new\?patient="))
        tab_to(page, "input[value='1a']")
        with page.expect_response(re.compile("/courses/proposals")) as answer:
            page.keyboard.press("Space")
        assert "can=1a" not in answer.value.url
        expect(page.locator("#sets")).not_to_have_class(re.compile("htmx-(request|swapping|settling)"))
        page.keyboard.press("2")
        expect(page.locator(".commit .if-2")).to_be_visible()
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/courses/\d+$"))
    starts = visits_of(running, "Castellanos")
    assert len(starts) == 6
    assert not [start for start in starts if start.weekday() == 1 and start.hour < 12]


def tab_to(page: Page, selector: str) -> None:
    """Walk with Tab until the element has the focus."""
    for _ in range(60):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {selector}")


def test_the_whole_booking_works_without_a_script(running: Running, enter: Enter) -> None:
    with enter("front_desk", java_script_enabled=False) as page:
        page.goto("/courses/new")
        page.get_by_role("searchbox", name="Patient", exact=True).fill("oka")
        page.get_by_role("button", name="Find", exact=True).click()
        page.get_by_role("link", name=re.compile("Okafor")).click()
        page.get_by_label("Tuesday morning").uncheck()
        page.get_by_role("button", name="Find dates").click()
        expect(page.get_by_label("Tuesday morning")).not_to_be_checked()
        page.get_by_role("link", name="Change visit 6").first.click()
        times = page.locator("a.time")
        wanted = times.first.inner_text()
        times.first.click()
        expect(page.locator("#set")).to_contain_text("Your set")
        expect(page.locator("#set tr").nth(6)).to_contain_text(wanted)
        page.get_by_role("button", name="Book 6 visits").click()
        page.wait_for_url(re.compile(r"/courses/\d+$"))
        expect(page.locator(".line6 li")).to_have_count(6)
    starts = visits_of(running, "Okafor")
    assert f"{starts[5]:%H:%M}" == wanted


def test_somebody_was_faster_and_the_next_try_books(running: Running, enter: Enter) -> None:
    with enter("front_desk") as page:
        find_with_three_letters(page, "Ferreira")
        page.get_by_label("Prefers to start from").fill("9:00")
        taken = take(running, set_values(page)[0], "Brightwater")
        page.get_by_role("button", name="Book 6 visits").click()
        expect(page.get_by_role("alert").first).to_contain_text("Nothing was booked")
        expect(page.get_by_role("alert").first).to_contain_text("was booked at")
        expect(page.get_by_label("Prefers to start from")).to_be_visible()
        assert axe_violations(page) == []
        assert set_values(page)[0] != taken
        page.get_by_role("button", name="Book 6 visits").click()
        page.wait_for_url(re.compile(r"/courses/\d+$"))
    assert len(visits_of(running, "Ferreira")) == 6
    assert len(visits_of(running, "Brightwater")) == 6


def take(running: Running, value: str, name: str) -> str:
    """Somebody else books that set for another patient."""
    with running.database.write() as session:
        other = session.scalars(select(Patient).where(Patient.family_name == name)).one()
        order = order_for(running.clinic, decode(value), key=f"key-of-{name}-page", patient=other)
        book_course(session, Actor(running.clinic.users["nurse"].id, "Nurse"), clock.now(), order)
    return value


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_every_state_of_the_page_can_be_read_by_all_and_is_no_wider_than_the_screen(
    enter: Enter, width: int, scheme: str
) -> None:
    with enter("front_desk", width, color_scheme=scheme) as page:
        page.goto("/courses/new?q=whi")
        look(page, width, "Whitfield")
        page.get_by_role("link", name=re.compile("Whitfield")).click()
        look(page, width, "complete sets of dates")
        address = page.url
        page.get_by_role("link", name="Change visit 2").first.click()
        look(page, width, "These break nothing")
        start = decode(set_values(page)[0])[0].start.date()
        page.get_by_label("Another day").fill((start + timedelta(days=1)).isoformat())
        page.get_by_role("button", name="See what it breaks").click()
        look(page, width, "too soon")
        page.get_by_label("and time").fill("25:00")
        page.get_by_role("button", name="See what it breaks").click()
        look(page, width, "Write a time of day such as 09:30.")
        page.goto(f"{address}&protocol=1&can=0a")
        look(page, width, "No six dates fit")


def look(page: Page, width: int, words: str) -> None:
    """The state shows these words, fits the screen, and axe finds nothing."""
    expect(page.locator("main")).to_contain_text(words)
    assert page.evaluate("document.documentElement.scrollWidth") == width, words
    assert axe_violations(page) == [], words


def test_a_clinician_rates_one_visit_and_the_course_page_draws_it(running: Running, enter: Enter) -> None:
    with running.database.read() as session:
        course = session.scalars(select(Course).where(Course.patient.has(family_name="Thorne"))).one()
        visit = course.infusions[0]
    with enter("clinician") as page:
        page.goto(f"/infusions/{visit.id}")
        rate(page, "pre", 8, visit.starts_at)
        rate(page, "post_2h", 3, visit.starts_at + timedelta(minutes=140))
        page.goto(f"/courses/{course.id}")
        expect(page.locator("svg.chart >> visible=true")).to_have_count(1)
        table = page.locator("details").filter(has_text="The same as a table")
        table.locator("summary").click()
        expect(table).to_contain_text("8")
        expect(table).to_contain_text("3")


def rate(page: Page, point: str, value: int, at: datetime) -> None:
    """One answer, at its own time."""
    local = at.astimezone(NEW_YORK)
    form = page.locator("form").filter(has=page.locator(f"input[name=time_point][value={point}]"))
    form.locator(".scale label").filter(has_text=re.compile(f"^{value}$")).click()
    form.locator(f"#{point}-day").fill(local.date().isoformat())
    form.locator(f"#{point}-time").fill(f"{local:%H:%M}")
    form.get_by_role("button").click()
    expect(page.get_by_text("The rating is recorded.").first).to_be_visible()
