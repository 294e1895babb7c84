"""The main navigation: what each role finds at the top of every page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from flask import Flask, current_app, request, url_for
from flask_login import current_user

from scheduler.web.access import declared_access
from scheduler.web.settings_tabs import in_settings


@dataclass(frozen=True)
class NavItem:
    """One entry. `counter` says how many things wait behind it, asked by pages that show them."""

    label: str
    href: str
    current: bool
    counter: Callable[[], int] | None = None

    @cached_property
    def count(self) -> int | None:
        """What waits behind the entry."""
        return self.counter() if self.counter else None


ENTRIES = (  # label, endpoint, beginning of the paths that belong to it
    ("Today", "desk.today", "/today"),
    ("Inbox", "desk.inbox", "/inbox"),
    ("Requests", "path.index", "/requests"),
    ("To review", "review.queue", "/review"),
    ("Alerts", "ratings.alerts", "/alerts"),
    ("Board", "desk.board", "/board"),
    ("Book a course", "courses.build", "/courses/new"),
    ("Patients", "patients.index", "/patients"),
    ("Waiting list", "waiting.index", "/waiting"),
    ("Tasks", "tasks.index", "/tasks"),
    ("Messages", "outbox.index", "/messages"),
    ("Reports", "reports.index", "/reports"),
    ("Settings", "settings.index", "/settings"),
)


def init_navigation(app: Flask, counters: Mapping[str, Callable[[], int]]) -> None:
    """Put `nav` into every template; `counters` are by the endpoint of the entry that they stand beside."""
    app.extensions["counters"] = counters
    app.context_processor(lambda: {"nav": navigation()})


def navigation() -> list[NavItem]:
    """The entries that the signed-in person may open."""
    if not current_user.is_authenticated:
        return []
    counters = current_app.extensions["counters"]
    return [
        NavItem(label, url_for(endpoint), _is_here(prefix), counters.get(endpoint))
        for label, endpoint, prefix in ENTRIES
        if endpoint in current_app.view_functions
        and (declared_access(current_app, endpoint) or frozenset()) & current_user.roles
    ]


def _is_here(prefix: str) -> bool:
    """Whether the page belongs under `prefix`; a form sent to /courses answers with the booking page."""
    if prefix == "/settings":
        return request.path.startswith(prefix) or in_settings(request.path)
    return request.path.startswith(prefix) or (request.path == "/courses" and prefix == "/courses/new")
