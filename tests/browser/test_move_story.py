"""The front desk's story of a move, by keyboard alone: a visit with its repair, undone; then a missed one
that gets a new date."""

from datetime import timedelta

from playwright.sync_api import Page
from sqlalchemy import select

from scheduler.db import Database
from scheduler.models import Infusion
from tests.browser.test_desk_pages import Enter, Moment, chromium, enter, moment, pytestmark
from tests.support.browser import axe_violations
from tests.support.clinic import NOW

__all__ = ["chromium", "enter", "moment", "pytestmark"]


def starts(database: Database) -> dict[int, str]:
    """Number, day and state of Ana Castellanos-11's visits: no. 4 is today's, 5 on Wednesday, 6 on Friday."""
    with database.read() as session:
        rows = session.scalars(select(Infusion).where(Infusion.course_id == 2).order_by(Infusion.id))
        return {row.id: f"{row.number} {row.local_day} {row.status.value}" for row in rows}


def tab_to(page: Page, name: str) -> None:
    """Go to a field or a button with the Tab key alone."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if (
            page.evaluate("document.activeElement.textContent || document.activeElement.name")
            .strip()
            .startswith(name)
        ):
            return
    raise AssertionError(f"{name} can't be reached with Tab")


def press(page: Page, key: str) -> None:
    """A key of ours, once the page is all there: its words stand before its scripts listen."""
    page.wait_for_load_state()
    page.keyboard.press(key)


def clean(page: Page) -> None:
    """No rule of WCAG is broken at either width."""
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert axe_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_visit_moves_with_its_repair_and_back_and_a_missed_one_gets_a_new_date(
    enter: Enter, sqlite: Database, moment: Moment
) -> None:
    with enter("front_desk") as page:
        before = starts(sqlite)
        page.goto("/infusions/11")
        press(page, "m")
        page.wait_for_url("**/infusions/11/move")
        clean(page)
        tab_to(page, "Thu 5 Nov")
        page.keyboard.press("Enter")
        page.get_by_text("too soon, at least 2 days").wait_for()
        clean(page)
        press(page, "1")
        page.keyboard.press("Enter")
        page.get_by_text("2 visits are moved.").wait_for()
        assert starts(sqlite)[11] == "5 2026-11-05 scheduled"
        press(page, "u")
        page.get_by_text("It is undone.").wait_for()
        assert starts(sqlite) == before

        for minutes in (10, 20):  # A quarter of an hour without work would lock the page.
            moment.now = NOW + timedelta(minutes=minutes)
            page.goto("/infusions/10")
        tab_to(page, "Missed")
        page.keyboard.press("Enter")
        page.get_by_text("Visit no. 4 is marked as missed.").wait_for()
        press(page, "m")
        page.wait_for_url("**/courses/2/plan?after=10")
        clean(page)
        press(page, "1")
        page.keyboard.press("Enter")
        page.wait_for_url("**/courses/2")
        found = [line for line in starts(sqlite).values() if line.endswith("scheduled")]
        assert [line[0] for line in sorted(found)] == ["4", "5", "6"]
        assert "4 2026-11-02 missed" in starts(sqlite).values()
