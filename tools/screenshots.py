"""Takes the pictures of the README from a running demo clinic: python -m tools.screenshots [ADDRESS]."""

import sys
from pathlib import Path

from tests.support.browser import open_browser

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
PASSWORD = "sixfold-demo-2026"  # noqa: S105 - it is printed by `make run`
SHOTS = (  # name, who, path, width, height
    ("today", "rosa", "/today", 1440, 900),
    ("build", "rosa", "/courses/new?patient=3", 1440, 1000),
    ("build", "rosa", "/courses/new?patient=3", 390, 1400),
    ("log", "helen", "/courses/94/log", 1440, 1240),
    ("requests", "rosa", "/requests", 1440, 1000),
    ("ask", "rosa", "/ask/RV", 390, 1500),
)


def main(address: str) -> None:
    """Take them all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open_browser() as browser:
        for name, who, path, width, height in SHOTS:
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
            page.goto(f"{address}/sign-in")
            page.fill("input[name=email]", f"{who}@sixfold.example")
            page.fill("input[name=password]", PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url(lambda url: "sign-in" not in url)
            page.goto(f"{address}{path}")
            page.screenshot(path=FOLDER / f"{name}-{width}.png")
            page.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
