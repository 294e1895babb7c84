"""The opening hours of a site, edited as people write them."""

from collections.abc import Mapping
from functools import partial

from flask import request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from scheduler.features.capacity.actions.hours import set_hours
from scheduler.features.capacity.queries import site
from scheduler.features.capacity.spans import spans_text
from scheduler.features.settings.forms import Typed, version_of
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
    return _page(site_id, _fresh(site_id)).show()


@blueprint.post("/settings/sites/<int:site_id>/hours")
@access(ADMINISTRATOR)
def save_hours(site_id: int) -> ResponseReturnValue:
    """Save the week."""
    read = {**week_typed(request.form), "version": request.form.get("version", "")}
    if request.form.get("do") == "keep-theirs":
        theirs = _fresh(site_id)
        read.update((name, theirs[name]) for name in request.form.getlist("differs") if name in FIELDS)
    page = _page(site_id, read)
    if copies(request.form):
        return page.show()
    typed = Typed(page.typed)
    week = {weekday: typed.spans(name) for weekday, name in enumerate(FIELDS)}
    if typed.errors:
        return wrong(page, typed.errors)
    change = partial(set_hours, site_id=site_id, week=week, seen=version_of(read))
    return saved(page, change, "The opening hours are saved.")


def copies(form: MultiDict[str, str]) -> bool:
    """Whether the form asks for hours to be copied from one day to others, and not yet to be saved."""
    return form.get("do") == "copy"


def week_typed(form: MultiDict[str, str]) -> dict[str, str]:
    """The seven fields, with one day's hours copied to the days that were chosen for it."""
    typed = {name: form.get(name, "") for name in FIELDS}
    source = form.get("copy_from", "")
    if copies(form) and source in typed:
        typed.update((name, typed[source]) for name in form.getlist("copy_to") if name in typed)
    return typed


def week_fields() -> list[tuple[str, str]]:
    """The fields of a week with their labels."""
    return list(zip(FIELDS, LONG_DAYS, strict=True))


def _fresh(site_id: int) -> dict[str, str]:
    with reading() as session:
        place = site(session, site_id)
        days = {FIELDS[day.weekday]: spans_text(day.spans) for day in open_week(place).days}
        return {**days, "version": str(place.version)}


def _page(site_id: int, typed: Mapping[str, str]) -> FormPage:
    with reading() as session:
        place = site(session, site_id)
    return FormPage(
        "settings/edit/hours.html",
        f"Opening hours of {place.name}",
        url_for("settings.section", section="sites"),
        typed,
        lead="Every week from now on. For one day that differs, enter a closure.",
        fresh=partial(_fresh, site_id),
        labels=dict(week_fields()),
        more={"days": week_fields()},
    )
