"""Closing a site or a chair, taking a closure back, and opening on a public holiday."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.features.capacity.actions.closures import add_closure, remove_closure, set_holiday
from scheduler.features.settings.closing import closable, holiday_on
from scheduler.features.settings.forms import Typed
from scheduler.features.settings.sections import ADMINISTRATOR
from scheduler.features.settings.views.blueprint import blueprint
from scheduler.features.settings.views.saving import FormPage, saved, wrong
from scheduler.web import access, current_actor, reading, writing
from scheduler.web.filters import long_day

BLANK = {"what": "", "first": "", "from": "", "last": "", "until": "", "reason": ""}
DAY = 1440


@blueprint.get("/settings/closures/new")
@access(ADMINISTRATOR)
def new_closure() -> ResponseReturnValue:
    """An empty form, for today."""
    return _page({**BLANK, "what": request.args.get("what", "")[:20]}).show()


@blueprint.post("/settings/closures/new")
@access(ADMINISTRATOR)
def close() -> ResponseReturnValue:
    """Shut a site or a chair for a time."""
    page = _page({name: request.form.get(name, "") for name in BLANK})
    typed = Typed(page.typed)
    what = typed.choice("what", page.more["choices"], "Choose what is closed.")
    first, last = typed.day("first"), typed.day("last", required=False)
    begin, end = typed.minute("from", 0), typed.minute("until", DAY)
    reason = typed.text("reason", "The reason")
    if typed.errors or what is None or first is None:
        return wrong(page, typed.errors)
    site_id, chair_id, name = what
    change = partial(
        add_closure,
        site_id=site_id,
        chair_id=chair_id,
        starts=_wall(first, begin),
        ends=_wall(last or first, end),
        reason=reason,
    )
    return saved(page, change, f"{name} is closed then.")


@blueprint.post("/settings/closures/<int:closure_id>/remove")
@access(ADMINISTRATOR)
def reopen(closure_id: int) -> ResponseReturnValue:
    """Take a closure back: no visit can break by that."""
    with writing() as session:
        remove_closure(session, current_actor(), clock.now(), closure_id)
    flash("The closure is taken back. Visits can be planned then again.", "ok")
    return redirect(url_for("settings.section", section="closures"), 303)


@blueprint.route("/settings/sites/<int:site_id>/holidays/<day>", methods=["GET", "POST"])
@access(ADMINISTRATOR)
def holiday(site_id: int, day: str) -> ResponseReturnValue:
    """Open on one public holiday, or close on it again."""
    when = Typed({"day": day}).day("day")
    with reading() as session:
        found = holiday_on(session, site_id, when)
    page = FormPage(
        "settings/edit/holiday.html",
        f"{found.name}, {long_day(found.day)}",
        url_for("settings.section", section="closures"),
        {},
        lead=f"{found.site} is {'open' if found.is_open else 'closed'} on this holiday.",
        save="Close on this day" if found.is_open else "Open on this day",
    )
    if request.method != "POST":
        return page.show()
    change = partial(set_holiday, site_id=site_id, day=found.day, is_open=not found.is_open)
    return saved(page, change, f"{found.site} is {'closed' if found.is_open else 'open'} on {found.name}.")


def _page(typed: Mapping[str, str]) -> FormPage:
    with reading() as session:
        choices = closable(session)
    return FormPage(
        "settings/edit/closure.html",
        "Close a site or a chair",
        url_for("settings.section", section="closures"),
        typed,
        lead="For a service, a training day or a holiday of the house. No visit is planned then.",
        save="Close",
        more={
            "choices": choices,
            "options": [("", "Choose"), *((key, words) for key, (_, _, words) in choices.items())],
        },
    )


def _wall(day: date, minute: int) -> datetime:
    """A local time; 24:00 is the next midnight."""
    return datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001 - wall time
