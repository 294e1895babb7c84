"""Chromium for the tests that look at pages, and axe-core to read them as a screen reader would.

Debian's Chromium is used, never one that a tool downloads: it is the same for everybody and gets its security
updates. Where there is none, the tests that need it fail with one line that says what to install.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tools.system_packages import BROWSER_PACKAGES, BROWSERS, install_command

AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe.min.js"

LAUNCH_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# WCAG 2.2 AA and what came before it.
AXE_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

# What of it changes when the same page folds for a phone: the rest follows from its markup and its colours.
AXE_FOLDED = ("target-size", "scrollable-region-focusable")


class BrowserUnavailable(RuntimeError):
    """There is no Chromium here; the text says how to get one."""


def chromium_path() -> str:
    """The browser's program. Raises BrowserUnavailable."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    raise BrowserUnavailable(f"No Chromium to open pages with. Run: {install_command(BROWSER_PACKAGES)}")


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A browser with a fresh profile; all its pages end with the block."""
    program = chromium_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(LAUNCH_ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def axe_violations(page: Page, rules: Sequence[str] = AXE_TAGS) -> list[str]:
    """What axe-core finds wrong on the page as it stands: one line an element, with its rule and selector.

    `rules` are tags or names of rules.

    The script goes in through the debugger, which the page's content security policy does not govern, so the
    page is read under the very policy that patients and staff get.
    """
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.read_text())
    result: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", list(rules)
    )
    return [
        f"{violation['id']}: {violation['help']}: {' '.join(map(str, node['target']))}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
