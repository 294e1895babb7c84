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
    may_change = bool(ADMINISTRATOR & current_user.roles)
    template = f"settings/{found.slug}.html"
    return render_template(template, section=found, may_change=may_change, **facts)


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
