"""The board in a real browser: dragging leads to the move, Escape lets go, two people see one day."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.features.courses.actions.write_change import look, write_change
from scheduler.models import Course, Infusion, InfusionStatus
from tests.browser.test_desk_pages import Enter, Moment, chromium, enter, moment, pytestmark
from tests.support.clinic import NOW

__all__ = ["chromium", "enter", "moment", "pytestmark"]
VISIT = "#b16"  # Ana Castellanos-12, today at 13:00 in Chair 3.


def take(page: Page, to_chair: str, hours: float) -> None:
    """Take the visit with the mouse to a chair, `hours` later than it stands, and hold it there."""
    box = page.locator(VISIT).bounding_box()
    track = page.locator(f'[data-where="{to_chair}"]').bounding_box()
    assert box
    assert track
    x, y = box["x"] + 20, box["y"] + 20
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + track["width"] / 10 * hours, track["y"] + 20, steps=8)


def test_a_visit_dragged_to_another_time_and_chair_leads_to_its_move(enter: Enter) -> None:
    with enter("front_desk") as page:
        page.goto("/board")
        take(page, "Chair 4", -2)
        assert page.locator(".block-ghost").inner_text() == "11:00 Chair 4"
        page.mouse.up()
        page.wait_for_url("**/infusions/16/move?day=2026-11-02&time=11%3A00&chair=4")


def test_escape_lets_a_drag_go_and_nothing_opens(enter: Enter) -> None:
    with enter("front_desk") as page:
        page.goto("/board")
        address = page.url
        take(page, "Chair 4", 1)
        page.keyboard.press("Escape")
        assert page.locator(".block-ghost").count() == 0
        page.mouse.up()
        assert page.url == address


def test_visits_are_walked_with_arrows_and_moved_with_m(enter: Enter) -> None:
    with enter("front_desk") as page:
        page.goto("/board")
        page.focus("#b4")
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.activeElement.id") == "b10"
        page.keyboard.press("m")
        page.wait_for_url("**/infusions/10/move")


def test_a_change_by_another_person_appears_but_not_under_a_drag(
    enter: Enter, sqlite: Database, moment: Moment
) -> None:
    with enter("front_desk") as page:
        page.clock.install()
        page.goto("/board")
        take(page, "Chair 4", 1)
        with sqlite.write() as session:
            visit = session.get_one(Infusion, 10)
            course = session.get_one(Course, visit.course_id)
            before = look(course, [visit])
            visit.status, visit.arrived_at = InfusionStatus.ARRIVED, NOW - timedelta(minutes=2)
            write_change(session, Actor(None, "Nora Weiss"), NOW, course, "arrived", before, [visit])
        with page.expect_response(lambda answer: "part=live" in answer.url):
            page.clock.fast_forward(5_100)
        assert page.locator(".board-news").inner_text() == ""
        page.keyboard.press("Escape")
        page.mouse.up()
        with page.expect_response(lambda answer: "part=live" in answer.url):
            page.clock.fast_forward(5_100)
        page.get_by_text("checked in by Nora Weiss.").wait_for()


Fingers = Callable[..., None]


def fingers(page: Page) -> Fingers:
    """Fingers on the glass, as the browser gets them from the machine: kinds of touch with their places."""
    glass = page.context.new_cdp_session(page)

    def touch(*steps: tuple[str, float, float]) -> None:
        for kind, x, y in steps:
            points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
            glass.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    return touch


def corner(page: Page) -> tuple[float, float]:
    """A place on the visit, which is brought into sight."""
    page.locator(VISIT).scroll_into_view_if_needed()
    box = page.locator(VISIT).bounding_box()
    assert box
    return box["x"] + 20, box["y"] + 15


def at_rest(page: Page) -> None:
    """Wait until the page stands still: a touch during a scroll belongs to the scroll."""
    page.wait_for_function(
        "() => { const last = window.lastSeen; window.lastSeen = scrollY; return last === scrollY; }",
        polling=150,
    )


def test_a_finger_that_rests_on_a_visit_moves_it_and_one_that_swipes_scrolls(enter: Enter) -> None:
    with enter("front_desk") as page:
        page.clock.install()
        page.set_viewport_size({"width": 1024, "height": 500})
        page.goto("/board")
        touch = fingers(page)
        x, y = corner(page)
        touch(("touchStart", x, y), ("touchMove", x, y - 40), ("touchMove", x, y - 80), ("touchEnd", x, y))
        page.clock.fast_forward(1_000)
        assert page.locator(".block-ghost").count() == 0
        at_rest(page)
        x, y = corner(page)
        touch(("touchStart", x, y))
        page.clock.fast_forward(500)
        page.locator(".block-ghost").wait_for()
        touch(("touchMove", x - 40, y), ("touchMove", x - 90, y), ("touchEnd", x, y))
        page.wait_for_url("**/infusions/16/move?day=2026-11-02&time=*")
