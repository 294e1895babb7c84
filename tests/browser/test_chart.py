"""The log on a tablet: it saves by itself, through a lost connection and a closed page, beside others."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from scheduler.config import Config
from scheduler.db import Database
from scheduler.models import HoldAction, InfusionLog, LogStatus, VitalSigns
from tests.features.infusion_logs.conftest import Chair, seated
from tests.support.browser import axe_violations, open_browser
from tests.support.clinic import NOW
from tests.support.sign_in import cheap_app, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of this file."""
    with open_browser() as browser:
        yield browser


@dataclass(frozen=True)
class Tablets:
    """The clinic's server, and tablets of people who are signed in."""

    chromium: Browser
    chair: Chair
    base: str
    app: object

    def of(self, role: str, width: int = 1100, **options: object) -> BrowserContext:
        """A tablet that somebody is signed in on."""
        client = self.app.test_client()  # type: ignore[attr-defined]
        sign_in(client, self.chair.database, self.chair.clinic.users[role])
        cookie = client.get_cookie("sixfold")
        context = self.chromium.new_context(viewport={"width": width, "height": 900}, **options)
        context.add_cookies([{"name": "sixfold", "value": cookie.value, "url": self.base}])
        return context

    def open(self, context: BrowserContext) -> Page:
        """The log on that tablet."""
        page = context.new_page()
        page.goto(f"{self.base}/infusions/{self.chair.infusion_id}/log")
        return page

    def log(self) -> InfusionLog:
        """The log as it stands."""
        with self.chair.database.read() as session:
            return session.scalars(select(InfusionLog)).one()


@pytest.fixture
def tablets(
    chromium: Browser, config: Config, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Tablets]:
    """A visit of 09:30; it is 10:00 at the clinic, whatever the tablet's own clock says."""
    monkeypatch.setattr("scheduler.clock.now", lambda: NOW)
    chair = seated(sqlite)
    app = cheap_app(config, sqlite)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Tablets(chromium, chair, f"http://127.0.0.1:{server.server_port}", app)
    server.shutdown()
    thread.join()


def test_the_dose_works_itself_out_as_it_is_typed_and_saves_by_itself(tablets: Tablets) -> None:
    page = tablets.open(tablets.of("nurse"))
    page.get_by_label("Weight today").fill("70,0")
    page.get_by_role("textbox", name="Dose", exact=True).fill("0.5")
    page.get_by_label("Over").fill("40")
    expect(page.locator("[data-out=dose]")).to_have_text("35 mg")
    expect(page.locator("[data-out=rate]")).to_have_text("52.5 mg/h")
    expect(page.locator("#kept")).to_have_text("Everything is saved.")
    assert (tablets.log().weight_g, tablets.log().minutes) == (70_000, 40)
    page.get_by_label("Weight today").fill("7")
    expect(page.get_by_text("Weight 7 kg can't be right")).to_be_visible()
    assert tablets.log().weight_g == 70_000


def test_what_is_written_offline_survives_a_closed_page_and_arrives_once(tablets: Tablets) -> None:
    context = tablets.of("nurse")
    page = tablets.open(context)
    expect(page.locator("#vitals-form-sbp")).to_be_visible()
    context.set_offline(True)
    for sbp, dbp in (("128", "80"), ("131", "82")):
        page.locator("#vitals-form-sbp").fill(sbp)
        page.locator("#vitals-form-dbp").fill(dbp)
        page.get_by_role("button", name="Save row").click()
        expect(page.locator("#vitals-form-sbp")).to_have_value("")
    page.get_by_label("Lot", exact=True).fill("K4471")
    expect(page.locator("#kept")).to_contain_text("Not saved yet, kept on this tablet: Vitals 10:00, Dose.")
    kept = page.evaluate(
        "Object.entries(localStorage).filter(([name]) => name.startsWith('sixfold.draft')).join()"
    )
    assert kept and "K4471" not in kept and "131" not in kept.split("data")[0]
    page.close()
    context.set_offline(False)
    page = tablets.open(context)
    expect(page.locator("tr[id^=reading] >> nth=1")).to_contain_text("131/82")
    expect(page.get_by_label("Lot", exact=True)).to_have_value("K4471")
    with tablets.chair.database.read() as session:
        assert session.scalars(select(VitalSigns.sbp).order_by(VitalSigns.id)).all() == [128, 131]
    assert tablets.log().lot == "K4471"
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('sixfold.draft'))") == []


def test_two_people_in_one_field_are_asked_and_in_two_fields_are_not(tablets: Tablets) -> None:
    nurse, clinician = tablets.open(tablets.of("nurse")), tablets.open(tablets.of("clinician"))
    clinician.get_by_label("Lot", exact=True).fill("K1")
    clinician.locator("#drug").fill("Ketamine")
    expect(clinician.locator("#kept")).to_have_text("Everything is saved.")
    nurse.get_by_label("Lot", exact=True).fill("K2")
    expect(nurse.get_by_text("Clinician changed it at 10:00 to “K1”. You wrote “K2”.")).to_be_visible()
    expect(nurse.locator("#drug")).to_have_value("Ketamine")
    with nurse.expect_response(lambda answer: "40" in (answer.request.post_data or "") and answer.ok):
        nurse.get_by_label("Over").fill("40")
    expect(nurse.locator("#part-dose [data-state]")).to_contain_text("Saved")
    assert (tablets.log().lot, tablets.log().minutes) == ("K1", 40)
    nurse.get_by_role("button", name="Put mine in its place").click()
    expect(nurse.locator("[data-clash]")).to_have_count(0)
    expect(nurse.locator("#kept")).to_have_text("Everything is saved.")
    assert tablets.log().lot == "K2"
    with tablets.chair.database.write() as session:
        log = session.scalars(select(InfusionLog)).one()
        log.status, log.completed_at = LogStatus.SIGNED, NOW
    nurse.get_by_label("Lot", exact=True).fill("K3")
    expect(nurse.get_by_text("This log is signed.")).to_be_visible()
    expect(nurse.locator("#kept")).to_have_text("Not saved yet, and marked there: Dose.")


def test_a_colleagues_row_appears_and_is_said_while_another_is_typed(tablets: Tablets) -> None:
    first = tablets.chair.measure("row-0001", NOW - timedelta(minutes=20), sbp=128, dbp=80)
    page = tablets.open(tablets.of("clinician"))
    page.locator("#vitals-form-sbp").press_sequentially("12")
    page.get_by_text("Correct the row of 09:40").click()
    page.locator(f"#vitals-{first.id}-reason").fill("Misread")
    page.locator("#vitals-form-dbp").focus()
    tablets.chair.measure("row-0002", NOW - timedelta(minutes=10), sbp=184, dbp=102)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#news")).to_have_text("Nurse wrote the row of 09:50: 184/102.")
    expect(page.locator("tr[id^=reading]")).to_have_count(2)
    expect(page.get_by_role("heading", name="184/102 at 09:50")).to_be_visible()
    expect(page.locator("[data-live=missing]")).to_contain_text("184/102")
    expect(page.locator("#vitals-form-dbp")).to_be_focused()
    expect(page.locator("#vitals-form-sbp")).to_have_value("12")
    expect(page.locator(f"#vitals-{first.id}-reason")).to_have_value("Misread")
    page.get_by_text("Record an adverse event").click()
    page.get_by_label("What happened").fill("Nau")
    page.get_by_label("Clinician called").check()
    page.get_by_role("button", name="Record what was done").click()
    expect(page.locator("#holds section")).to_have_count(0)
    expect(page.get_by_label("What happened")).to_have_value("Nau")
    expect(page.locator("#vitals-form-sbp")).to_have_value("12")
    with tablets.chair.database.read() as session:
        assert len(session.scalars(select(HoldAction)).all()) == 1


def test_a_screen_reader_finds_nothing_wrong_at_either_width_and_nothing_is_wider_than_the_screen(
    tablets: Tablets,
) -> None:
    tablets.chair.save("times", started_at="09:30")
    tablets.chair.measure("row-0001", sbp=128, dbp=80, pulse=72)
    tablets.chair.measure("row-0002", sbp=184, dbp=102, pulse=88)
    for width in (390, 1100):
        page = tablets.open(tablets.of("nurse", width))
        assert axe_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_row_is_saved_without_scripts(tablets: Tablets) -> None:
    page = tablets.open(tablets.of("nurse", java_script_enabled=False))
    page.locator("#vitals-form-sbp").fill("128")
    page.locator("#vitals-form-dbp").fill("80")
    page.get_by_role("button", name="Save row").click()
    expect(page.get_by_text("The row is saved.")).to_be_visible()
    page.get_by_role("button", name="Start now").click()
    expect(page.get_by_role("button", name="Stop now")).to_be_visible()
    assert tablets.log().started_at == NOW
