"""The page scripts: keys, finding, one press one deed, toasts, and live parts that stay honest."""

import pytest
from playwright.sync_api import Page, Route

from tests.web.conftest import Enter

pytestmark = pytest.mark.browser

FOUND = (
    "<ul><li><a href='/patients/1'>Marta Lindqvist</a></li><li><a href='/patients/2'>Martin Boe</a></li></ul>"
)
SEND_TWICE = """() => {
  let sent = 0;
  window.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) sent += 1;
    event.preventDefault();
  });
  const button = document.querySelector(".commit button");
  button.click();
  button.click();
  const during = button.innerText.trim();
  window.dispatchEvent(new Event("pageshow"));
  return [sent, during, button.textContent.trim().split(/\\s+/).join(" ")];
}"""
SETS = '<fieldset><legend class="vh">Set of dates'
MAIN = '<main id="main"'
LIVE = "<div id='live' hx-get='/live' hx-trigger='again'>as it was</div>"
HEAD = '</div>\n<div class="head">'
TOAST = "<div class='toast' role='status'><span>Saved.</span></div>"


def chosen(page: Page) -> str:
    return page.locator("input[name=proposal]:checked").input_value()


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent || document.activeElement.id"))


def with_markup(page: Page, before: str, added: str) -> None:
    """Open the living page with `added` in front of `before`, as the server would have sent it."""

    def answer(route: Route) -> None:
        reply = route.fetch()
        route.fulfill(response=reply, body=reply.text().replace(before, added + before, 1))

    page.route("**/components", answer)
    page.goto("/components")


def with_search(page: Page) -> None:
    page.route("**/patients/search?*", lambda route: route.fulfill(body=FOUND, content_type="text/html"))
    page.keyboard.press("/")
    page.keyboard.type("mar")
    page.locator("#found a").first.wait_for()


def test_a_number_chooses_a_set_and_the_bar_says_what_it_does(page: Page) -> None:
    page.keyboard.press("2")
    assert chosen(page) == "early"
    assert page.locator(".commit strong").inner_text() == "Earliest start, Wed 6 to Mon 18 May."


def test_single_keys_rest_while_somebody_types(page: Page) -> None:
    page.locator("#f-name").focus()
    page.keyboard.type("2")
    assert chosen(page) == "spacing"


def test_enter_on_a_chosen_set_presses_the_main_button_even_where_another_comes_first(enter: Enter) -> None:
    with enter() as context:
        page = context.new_page()
        with_markup(page, SETS, "<button name='part' value='other'>Another</button>")
        page.keyboard.press("3")
        page.keyboard.press("Enter")
        page.wait_for_url("**/components?proposal=steady&part=commit*")


def test_keys_that_are_switched_off_stay_off_on_the_next_page(page: Page) -> None:
    page.keyboard.press("?")
    page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("2")
    assert chosen(page) == "spacing"
    assert page.locator("kbd").locator("visible=true").count() == 0


def test_the_list_of_keys_names_what_each_one_does_here(page: Page) -> None:
    page.keyboard.press("?")
    rows = page.locator("#keys .key-list li").all_inner_texts()
    assert "1\nBest spacing" in rows
    assert "Enter\nBook 6 visits" in rows


def test_a_form_that_is_on_its_way_cannot_be_sent_again_until_the_page_comes_back(page: Page) -> None:
    assert page.evaluate(SEND_TWICE) == [1, "Booking", "Book 6 visits Enter"]


def test_the_toast_leaves_after_ten_seconds(enter: Enter) -> None:
    with enter() as context:
        page = context.new_page()
        page.clock.install()
        with_markup(page, HEAD, TOAST)
        page.clock.fast_forward(9_000)
        assert page.locator(".toasts .toast").count() == 1
        page.clock.fast_forward(2_000)
        assert page.locator(".toasts .toast").count() == 0


def test_a_toast_that_is_being_read_stays(enter: Enter) -> None:
    with enter() as context:
        page = context.new_page()
        page.clock.install()
        with_markup(page, HEAD, TOAST)
        page.locator(".toasts .toast").hover()
        page.clock.fast_forward(60_000)
        assert page.locator(".toasts .toast").count() == 1


def test_arrows_walk_through_what_was_found_and_escape_leaves(page: Page) -> None:
    with_search(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert focused(page) == "Martin Boe"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert focused(page) == "find"
    page.keyboard.press("Escape")
    assert page.locator("#found a").count() == 0


def test_an_answer_that_comes_late_takes_no_line_away_that_has_the_focus(page: Page) -> None:
    with_search(page)
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    page.route("**/patients/search?q=mart", hold)
    with page.expect_request("**/patients/search?q=mart"):
        page.keyboard.type("t")
    page.keyboard.press("ArrowDown")
    late[0].fulfill(body="<ul><li><a href='/patients/2'>Martin Boe</a></li></ul>", content_type="text/html")
    page.wait_for_function("() => document.querySelector('.htmx-request') === null")
    assert focused(page) == "Marta Lindqvist"


def test_how_many_were_found_is_said(page: Page) -> None:
    with_search(page)
    assert page.locator("#found-said").inner_text() == "2 found. Arrow down to choose."


def test_leaving_the_field_closes_what_was_found(page: Page) -> None:
    with_search(page)
    page.locator("#f-name").focus()
    assert page.locator("#found a").count() == 0


def test_a_live_part_that_cannot_be_fetched_says_since_when_the_page_stands_still(enter: Enter) -> None:
    with enter() as context:
        page = context.new_page()
        with_markup(page, MAIN, LIVE)
        page.route("**/live", lambda route: route.fulfill(status=503, body="<p>not now</p>"))
        page.evaluate("document.getElementById('live').dispatchEvent(new Event('again'))")
        page.locator("#stale").wait_for()
        assert page.locator("#stale h2").inner_text().startswith("You see this page as it was at ")
        assert page.locator("#live").inner_text() == "as it was"
        page.route("**/live", lambda route: route.fulfill(body="new"))
        page.evaluate("document.getElementById('live').dispatchEvent(new Event('again'))")
        page.locator("#stale").wait_for(state="hidden")
        assert page.locator("#live").inner_text() == "new"


def test_a_whole_page_is_never_shown_inside_a_part(enter: Enter) -> None:
    with enter() as context:
        page = context.new_page()
        with_markup(page, MAIN, LIVE)
        page.evaluate(
            "document.addEventListener('htmx:afterSwap', () => sessionStorage.setItem('swapped', 'yes'))"
        )
        page.route("**/live", lambda route: route.fulfill(body="<!doctype html><title>Sign in</title>"))
        with page.expect_navigation():
            page.evaluate("document.getElementById('live').dispatchEvent(new Event('again'))")
        assert page.evaluate("sessionStorage.getItem('swapped')") is None


def test_a_chosen_set_stays_chosen_when_the_sets_are_fetched_anew(enter: Enter) -> None:
    with enter() as context:
        page = context.new_page()
        page.goto("/courses/new?patient=1")
        sets = page.locator("#sets").evaluate("sets => sets.outerHTML")
        page.route("**/courses/proposals?*", lambda route: route.fulfill(body=sets, content_type="text/html"))
        page.keyboard.press("2")
        second = page.locator(".proposal").nth(1).locator("input[type=radio]")
        assert second.is_checked()
        with page.expect_response("**/courses/proposals?*"):
            page.get_by_label("Tuesday morning").uncheck()
        page.locator("main > [role=status]", has_text="sets of dates").wait_for(state="attached")
        assert second.is_checked()
