"""The settings, to read: one page for each section."""

from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.errors import ForbiddenError, NotFoundError, RuleError
from scheduler.features.settings.facts import When
from scheduler.features.settings.sections import ADMINISTRATOR, BY_SLUG, SECTIONS
from scheduler.features.settings.views.blueprint import blueprint
from scheduler.web import STAFF, access, reading

ELSEWHERE = (  # Pages of other slices that an administrator looks for here.
    ("Preparation", "settings.preparation"),
    ("Request pages", "requests.settings"),
    ("Screening", "screening.rules"),
    ("Charting", "infusion_logs.settings"),
    ("Sign-off", "review.rules"),
    ("Alerts", "ratings.alert_rules"),
    ("Wall screens", "desk.wall_tokens"),
    ("Mailbox", "outbox.mailbox"),
    ("Backups", "backups.index"),
    ("Records", "records.retention"),
    ("Access", "accounts.access_rules"),
    ("Audit trail", "audit.index"),
    ("Emergency access", "emergency.opened"),
    ("API", "accounts.api_access"),
)


@blueprint.get("/settings")
@access(STAFF)
def index() -> ResponseReturnValue:
    """The first section."""
    return redirect(url_for("settings.section", section=SECTIONS[0].slug), 303)


@blueprint.get("/settings/<section>")
@access(STAFF)
def section(section: str) -> ResponseReturnValue:
    """One section, for the roles it is open to."""
    found = BY_SLUG.get(section)
    if found is None:
        raise NotFoundError("There is no such page of settings. Choose one of the tabs under Settings.")
    if not found.roles & current_user.roles:
        raise ForbiddenError("This page of the settings is for administrators.", denied=True)
    with reading() as session:
        facts = found.read(session, When(clock.now(), _day(request.args.get("week", ""))))
    tabs = [
        (each.title, url_for("settings.section", section=each.slug), each is found, None)
        for each in SECTIONS
        if each.roles & current_user.roles
    ]
    tabs.append(("Calendars", url_for("calendars.index"), False, None))
    may_change = bool(ADMINISTRATOR & current_user.roles)
    if may_change:
        tabs += [(title, url_for(endpoint), False, None) for title, endpoint in ELSEWHERE]
    template = f"settings/{found.slug}.html"
    return render_template(template, section=found, section_tabs=tabs, may_change=may_change, **facts)


def _day(text: str) -> date | None:
    """The week that the address names by any of its days; none is this week."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.max
    if not 1990 <= day.year <= 2190:
        raise RuleError("Write the week as one of its days, such as 2026-05-04.")
    return day
