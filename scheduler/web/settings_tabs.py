"""The tabs of the settings: one row, the same on every page of them, whichever slice the page belongs to.

The settings gather pages of many slices, most of which stand below the slice of that name and may not look up
to it. So the row is kept here, beside the main navigation, and the frame of the pages draws it; a page under
the settings does nothing for it but lie at an address that one of the tabs says is its own.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from operator import itemgetter

from flask import Flask, current_app, request, url_for
from flask_login import current_user

from scheduler.models import Role
from scheduler.web.access import ADMINISTRATOR, declared_access


@dataclass(frozen=True)
class SettingsTab:
    """One tab. `paths` are the addresses that belong to it; `section` is the view's, where it has many;
    `roles` narrows what the view declares.
    """

    title: str
    endpoint: str
    paths: tuple[str, ...]
    section: str | None = None
    roles: frozenset[Role] = frozenset(Role)


def _section(title: str, slug: str, *others: str, roles: frozenset[Role] = frozenset(Role)) -> SettingsTab:
    """A tab of the slice of settings itself, whose sections share one view."""
    return SettingsTab(title, "settings.section", _under(slug, *others), slug, roles)


def _page(title: str, endpoint: str, slug: str) -> SettingsTab:
    return SettingsTab(title, endpoint, _under(slug))


def _under(*slugs: str) -> tuple[str, ...]:
    return tuple(path for slug in slugs for path in (f"/settings/{slug}", f"/settings/{slug}/*"))


TABS = (  # Where the addresses of two fit, the one that says more is the current one.
    _section("Sites and hours", "sites", "chairs"),
    _section("Closures and holidays", "closures", "sites/*/holidays"),
    _section("Shifts", "shifts", "duty"),
    _section("Protocols", "protocols", "instruments"),
    _section("Messages", "messages", roles=ADMINISTRATOR),
    _section("Staff", "staff", roles=ADMINISTRATOR),
    SettingsTab("Calendars", "calendars.index", ("/calendars", "/calendars/*")),
    _page("Preparation", "settings.preparation", "preparation"),
    _page("Consents", "consent_texts.index", "consents"),
    _page("Request pages", "requests.settings", "requests"),
    _page("Screening", "screening.rules", "screening"),
    _page("Charting", "infusion_logs.settings", "charting"),
    _page("Sign-off", "review.rules", "sign-off"),
    _page("Alerts", "ratings.alert_rules", "alerts"),
    _page("Wall screens", "desk.wall_tokens", "wall"),
    _page("Mailbox", "outbox.mailbox", "mailbox"),
    _page("Backups", "backups.index", "backups"),
    _page("Records", "records.retention", "retention"),
    _page("Access", "accounts.access_rules", "access"),
    _page("Audit trail", "audit.index", "audit"),
    SettingsTab("Emergency access", "emergency.opened", ("/emergency/opened", "/emergency/opened/*")),
    _page("API", "accounts.api_access", "api"),
)

Tab = tuple[str, str, bool, None]


def init_settings_tabs(app: Flask) -> None:
    """Put `settings_tabs` into every template: the row for `parts/tabs.html`, empty outside the settings."""
    app.context_processor(lambda: {"settings_tabs": tabs_here()})


def tabs_here() -> list[Tab]:
    """The row for the page that is asked for, its tab marked; nothing where it is no page of the settings."""
    return settings_tabs() if current_user.is_authenticated and in_settings(request.path) else []


def settings_tabs() -> list[Tab]:
    """All tabs that the signed-in person may open: words, address, whether it is this page's, no count."""
    here = _tab_of(request.path)
    return [
        (tab.title, url_for(tab.endpoint, section=tab.section), tab is here, None)
        for tab in TABS
        if _may_open(tab)
    ]


def in_settings(path: str) -> bool:
    """Whether the page at `path` belongs to the settings."""
    return _tab_of(path) is not None


def _tab_of(path: str) -> SettingsTab | None:
    fits = [(len(each), tab) for tab in TABS for each in tab.paths if fnmatchcase(path, each)]
    return max(fits, key=itemgetter(0))[1] if fits else None


def _may_open(tab: SettingsTab) -> bool:
    declared = declared_access(current_app, tab.endpoint) or frozenset()
    return bool(declared & tab.roles & current_user.roles)
