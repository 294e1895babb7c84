"""The main navigation: what each role finds at the top of every page."""

from dataclasses import dataclass

from flask import Flask, current_app, request, url_for
from flask_login import current_user

from scheduler.web.access import declared_access


@dataclass(frozen=True)
class NavItem:
    """One entry. `count` is what waits behind it."""

    label: str
    href: str
    current: bool
    count: int | None = None


ENTRIES = (  # label, endpoint, beginning of the paths that belong to it
    ("Today", "desk.today", "/today"),
    ("Day", "desk.day", "/day"),
    ("Book a course", "courses.build", "/courses/new"),
    ("Patients", "patients.index", "/patients"),
    ("Messages", "outbox.index", "/messages"),
    ("Reports", "reports.index", "/reports"),
    ("Settings", "settings.index", "/settings"),
)


def init_navigation(app: Flask) -> None:
    """Put `nav` into every template."""
    app.context_processor(lambda: {"nav": navigation()})


def navigation() -> list[NavItem]:
    """The entries that the signed-in person may open."""
    if not current_user.is_authenticated:
        return []
    return [
        NavItem(label, url_for(endpoint), _is_here(prefix))
        for label, endpoint, prefix in ENTRIES
        if endpoint in current_app.view_functions
        and (declared_access(current_app, endpoint) or frozenset()) & current_user.roles
    ]


def _is_here(prefix: str) -> bool:
    """Whether the page belongs under `prefix`; a form sent to /courses answers with the booking page."""
    return request.path.startswith(prefix) or (request.path == "/courses" and prefix == "/courses/new")
