"""The living page: every part in every state, in both colour schemes, at a desk and on a phone."""

import re

import pytest
from playwright.sync_api import Page

from scheduler.config import ROOT
from tests.support.browser import axe_violations
from tests.web.conftest import Enter

TEMPLATES = ROOT / "templates"
DESK, PHONE, REFLOW = 1440, 390, 320
LOW = """() => [...document.querySelectorAll(
  ".btn, .choice, .scale label, select, input:not([type=checkbox], [type=radio])"
)]
  .filter((e) => e.getClientRects().length && e.getBoundingClientRect().height < 44)
  .map((e) => e.outerHTML)"""
MACRO = re.compile(r"{%-? macro ([a-z]\w*)\(")
COMMENT = re.compile(r"{#.*?#}", re.DOTALL)


def test_every_part_stands_on_the_living_page() -> None:
    parts = {file.name: COMMENT.sub("", file.read_text()) for file in (TEMPLATES / "parts").glob("*.html")}
    shown = "".join(file.read_text() for file in (TEMPLATES / "components").glob("*.html"))
    shown = COMMENT.sub("", shown + (TEMPLATES / "base.html").read_text() + "".join(parts.values()))
    calls = re.sub(r"{%-? (macro|from) .*?%}", "", shown)
    names = [(file, name) for file, text in parts.items() for name in MACRO.findall(text)]
    assert len(names) > 40
    assert [place for place in names if not re.search(rf"\b{place[1]}\(", calls)] == []


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_no_part_breaks_an_accessibility_rule(enter: Enter, scheme: str, width: int) -> None:
    with enter(color_scheme=scheme, viewport={"width": width, "height": 900}) as context:
        page = context.new_page()
        page.goto("/components")
        assert axe_violations(page) == []


@pytest.mark.browser
def test_no_part_scrolls_sideways_at_320_pixels(enter: Enter) -> None:
    with enter(viewport={"width": REFLOW, "height": 640}) as context:
        page = context.new_page()
        page.goto("/components")
        assert page.evaluate("document.documentElement.scrollWidth") == REFLOW


@pytest.mark.browser
def test_no_text_for_staff_is_smaller_than_12_pixels(page: Page) -> None:
    sizes = page.evaluate(
        "() => [...document.querySelectorAll('body *:not(svg, svg *)')]"
        ".map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) >= 12


@pytest.mark.browser
def test_whatever_can_be_pressed_on_a_phone_is_at_least_44_pixels_high(enter: Enter) -> None:
    with enter(viewport={"width": PHONE, "height": 900}, has_touch=True) as context:
        page = context.new_page()
        page.goto("/components")
        low = page.evaluate(LOW)
        assert low == []


@pytest.mark.browser
def test_paper_carries_no_navigation_and_no_buttons(page: Page) -> None:
    page.emulate_media(media="print")
    assert page.locator(".bar nav, .btn, .find, .commit, kbd").locator("visible=true").count() == 0
    assert page.locator(".lanes .ph-prep").first.is_visible()


@pytest.mark.browser
def test_without_scripts_a_set_can_be_chosen_and_no_key_is_promised(enter: Enter) -> None:
    with enter(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/components")
        page.get_by_label("Earliest start").check()
        assert page.locator(".commit strong").inner_text() == "Earliest start, Wed 6 to Mon 18 May."
        assert page.locator("kbd, .only-js").locator("visible=true").count() == 0
