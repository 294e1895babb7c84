"""The tabs above every report: those that the person may open."""

from flask import current_app, url_for
from flask_login import current_user

from scheduler.features.reports.cover import Cover
from scheduler.features.reports.pages import PAGES
from scheduler.web.access import declared_access

OUTCOMES, FOLLOW_UP = "outcomes", "follow_up"
OWN = ((OUTCOMES, "Outcomes"), (FOLLOW_UP, "Follow-up"))
"""Reports with pages of their own: for fewer people than the others."""


def report_tabs(cover: Cover, current: str) -> list[tuple[str, str, bool, None]]:
    """Words, address and whether it is `current`, over the same dates and site."""
    found = [
        (page.title, url_for("reports.show", report=name, **cover.address), name == current, None)
        for name, page in PAGES.items()
    ]
    for name, title in OWN:
        if (declared_access(current_app, f"{name}.show") or frozenset()) & current_user.roles:
            found.append((title, url_for(f"{name}.show", **cover.address), current == name, None))
    return found
