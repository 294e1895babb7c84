"""The browser that looks at pages, and its reading of a page under a strict policy."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.support import browser

PAGE = b"""<!doctype html><html lang="en"><title>Chairs</title><main><h1>Chairs</h1>
<input id="unnamed"><p id="pale" style="color:#ddd">pale</p></main></html>"""


class StrictPage(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", "default-src 'self'; script-src 'self'; style-src 'self'")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def strict_page() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), StrictPage)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.browser
def test_a_page_is_read_under_its_own_policy(strict_page: str) -> None:
    with browser.open_browser() as chromium:
        page = chromium.new_page()
        page.goto(strict_page)
        found = browser.axe_violations(page)
    assert [line for line in found if line.startswith("label:") and line.endswith("#unnamed")], found
    # The policy held while axe read the page: the inline style that makes this text pale was refused.
    assert not [line for line in found if "#pale" in line], found


def test_without_a_browser_the_reader_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser.shutil, "which", lambda _: None)
    with pytest.raises(browser.BrowserUnavailable, match="apt-get install -y chromium"):
        browser.chromium_path()
