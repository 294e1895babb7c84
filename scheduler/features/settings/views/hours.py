"""The opening hours of a site, edited as people write them."""

from collections.abc import Mapping
from functools import partial

from flask import request, url_for
from flask.typing import ResponseReturnValue

from scheduler.features.capacity.actions.hours import set_hours
from scheduler.features.capacity.queries import site
from scheduler.features.capacity.spans import spans_text
from scheduler.features.settings.forms import Typed
from scheduler.features.settings.hours import open_week
from scheduler.features.settings.sections import ADMINISTRATOR
from scheduler.features.settings.views.blueprint import blueprint
from scheduler.features.settings.views.saving import FormPage, saved, wrong
from scheduler.web import access, reading
from scheduler.web.filters import LONG_DAYS

FIELDS = tuple(f"day{weekday}" for weekday in range(7))


@blueprint.get("/settings/sites/<int:site_id>/hours")
@access(ADMINISTRATOR)
def hours(site_id: int) -> ResponseReturnValue:
    """The week as it is."""
    with reading() as session:
        days = open_week(site(session, site_id)).days
    return _page(site_id, {FIELDS[day.weekday]: spans_text(day.spans) for day in days}).show()


@blueprint.post("/settings/sites/<int:site_id>/hours")
@access(ADMINISTRATOR)
def save_hours(site_id: int) -> ResponseReturnValue:
    """Save the week."""
    page = _page(site_id, week_typed(request.form))
    typed = Typed(page.typed)
    week = {weekday: typed.spans(name) for weekday, name in enumerate(FIELDS)}
    if typed.errors:
        return wrong(page, typed.errors)
    return saved(page, partial(set_hours, site_id=site_id, week=week), "The opening hours are saved.")


def week_typed(form: Mapping[str, str]) -> dict[str, str]:
    """The seven fields; where Monday's hours are to hold from Monday to Friday, those four follow it."""
    typed = {name: form.get(name, "") for name in FIELDS}
    if form.get("same"):
        typed.update(dict.fromkeys(FIELDS[1:5], typed[FIELDS[0]]))
    return typed


def week_fields() -> list[tuple[str, str]]:
    """The fields of a week with their labels."""
    return list(zip(FIELDS, LONG_DAYS, strict=True))


def _page(site_id: int, typed: Mapping[str, str]) -> FormPage:
    with reading() as session:
        place = site(session, site_id)
    return FormPage(
        "settings/edit/hours.html",
        f"Opening hours of {place.name}",
        url_for("settings.section", section="sites"),
        typed,
        lead="Every week from now on. For one day that differs, enter a closure.",
        more={"days": week_fields()},
    )
