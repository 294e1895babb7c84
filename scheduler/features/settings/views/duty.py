"""Who is on duty: a person's month, the days that differ, and the usual week."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import NotFoundError
from scheduler.features.capacity.actions.duty import Period, clear_days, set_days, set_week
from scheduler.features.capacity.spans import spans_text
from scheduler.features.settings import duty as facts
from scheduler.features.settings.forms import Typed
from scheduler.features.settings.sections import ADMINISTRATOR
from scheduler.features.settings.views.blueprint import blueprint
from scheduler.features.settings.views.hours import FIELDS, copies, week_fields, week_typed
from scheduler.features.settings.views.saving import FormPage, saved, wrong
from scheduler.web import access, reading
from scheduler.web.filters import LONG_MONTHS, day_year, long_day

DAYS = "/settings/duty/<int:user_id>/<duty>/days"
WEEK = "/settings/duty/<int:user_id>/<duty>/week/<int:site_id>"
PAST = "What is over stays as it was. Choose today or a later day."


@blueprint.get("/settings/duty/<int:user_id>/<duty>")
@access(ADMINISTRATOR)
def duty_month(user_id: int, duty: str) -> ResponseReturnValue:
    """A month as a calendar; each day leads to its form."""
    with reading() as session:
        who = facts.person(session, user_id, duty, clock.now())
        chosen = Typed({"month": request.args.get("month", "")}).day("month") or who.today
        first = chosen.replace(day=1)
        weeks = facts.month(session, who, first)
    after = (first + timedelta(days=31)).replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    title = f"{LONG_MONTHS[first.month - 1]} {first.year}"
    return render_template(
        "settings/duty.html", who=who, weeks=weeks, month=title, before=before, after=after
    )


@blueprint.get(DAYS)
@access(ADMINISTRATOR)
def days(user_id: int, duty: str) -> ResponseReturnValue:
    """A day that differs, as it is; one that does not differ yet begins as a day of absence."""
    with reading() as session:
        who = facts.person(session, user_id, duty, clock.now())
        day = Typed({"day": request.args.get("day", "")}).day("day") or who.today
        row = facts.exception_on(session, who, day)
        there = facts.hours_on(session, who, day) if row else {}
    typed = {"first": day.isoformat(), "last": "", "reason": row.reason if row else "Ill"}
    typed.update({f"site{site.id}": spans_text(there.get(site.id, ())) for site in who.sites})
    return _days_page(who, typed, day).show()


@blueprint.post(DAYS)
@access(ADMINISTRATOR)
def save_days(user_id: int, duty: str) -> ResponseReturnValue:
    """Save the days that differ, or go back to the usual week on them."""
    with reading() as session:
        who = facts.person(session, user_id, duty, clock.now())
    names = ["first", "last", "reason", *(f"site{site.id}" for site in who.sites)]
    read = {name: request.form.get(name, "") for name in names}
    typed = Typed(read)
    first, last = typed.day("first"), typed.day("last", required=False)
    page = _days_page(who, read, first or who.today)
    there = {site.id: typed.spans(f"site{site.id}") for site in who.sites}
    usual = bool(request.form.get("usual"))
    reason = typed.text("reason", "The reason", required=not usual)
    if first and first < who.today:
        typed.errors["first"] = PAST
    if typed.errors or first is None:
        return wrong(page, typed.errors)
    period = Period(first, last or first)
    if usual:
        back = partial(clear_days, user_id=user_id, duty=who.duty, period=period)
        return saved(page, back, f"{who.user.name} works the usual week then.")
    change = partial(set_days, user_id=user_id, duty=who.duty, period=period, there=there, reason=reason)
    return saved(page, change, f"{who.user.name}'s days are saved.")


@blueprint.get(WEEK)
@access(ADMINISTRATOR)
def week(user_id: int, duty: str, site_id: int) -> ResponseReturnValue:
    """The usual week at one site, to change from today on."""
    with reading() as session:
        who = facts.person(session, user_id, duty, clock.now())
        usual = facts.usual_week(session, who, site_id)
    typed = {name: spans_text(usual.get(weekday, ())) for weekday, name in enumerate(FIELDS)}
    return _week_page(who, site_id, {**typed, "since": who.today.isoformat(), "until": ""}).show()


@blueprint.post(WEEK)
@access(ADMINISTRATOR)
def save_week(user_id: int, duty: str, site_id: int) -> ResponseReturnValue:
    """Save the usual week from a day on."""
    with reading() as session:
        who = facts.person(session, user_id, duty, clock.now())
    read = {**week_typed(request.form), **{name: request.form.get(name, "") for name in ("since", "until")}}
    page, typed = _week_page(who, site_id, read), Typed(read)
    if copies(request.form):
        return page.show()
    since, until = typed.day("since"), typed.day("until", required=False)
    hours = {weekday: typed.spans(name) for weekday, name in enumerate(FIELDS)}
    if since and since < who.today:
        typed.errors["since"] = PAST
    if typed.errors or since is None:
        return wrong(page, typed.errors)
    change = partial(
        set_week, user_id=user_id, duty=who.duty, site_id=site_id, period=Period(since, until), week=hours
    )
    return saved(page, change, f"{who.user.name}'s week is saved from {day_year(since)} on.")


def _days_page(who: facts.Person, typed: Mapping[str, str], day: date) -> FormPage:
    with reading() as session:
        differs = facts.exception_on(session, who, day) is not None
    return FormPage(
        "settings/edit/days.html",
        f"{who.user.name}, {long_day(day)}",
        url_for("settings.section", section="shifts", week=day.isoformat()),
        typed,
        lead="What differs from the usual week. Without hours, they are away.",
        more={"sites": who.sites, "differs": differs},
    )


def _week_page(who: facts.Person, site_id: int, typed: Mapping[str, str]) -> FormPage:
    place = next((site for site in who.sites if site.id == site_id), None)
    if place is None:
        raise NotFoundError("There is no such site. Choose one from the list.")
    return FormPage(
        "settings/edit/duty_week.html",
        f"{who.user.name}'s week at {place.name}",
        url_for("settings.duty_month", user_id=who.user.id, duty=who.duty.value),
        typed,
        lead="Every week from the first day on. A gap between two stretches is a break.",
        more={"days": week_fields()},
    )
