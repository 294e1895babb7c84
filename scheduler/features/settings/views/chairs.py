"""Chairs of a site: added, named, put in order, retired on a day, brought back."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import RuleError
from scheduler.features.capacity.actions.chairs import (
    add_chair,
    bring_back_chair,
    chair_of,
    change_chair,
    retire_chair,
    shift_chair,
)
from scheduler.features.capacity.queries import site
from scheduler.features.settings.forms import Typed, version_of
from scheduler.features.settings.queries import local_time
from scheduler.features.settings.sections import ADMINISTRATOR
from scheduler.features.settings.views.blueprint import blueprint
from scheduler.features.settings.views.saving import FormPage, saved, typed_in, wrong
from scheduler.web import access, current_actor, reading, writing
from scheduler.web.filters import day_year

KINDS = {"chair": "Chair", "bed": "Bed", "room": "Room"}
LABELS = {"name": "Name", "kind": "Kind"}
FIELDS = (*LABELS, "version")
WAYS = {"up": -1, "down": 1}


@blueprint.route("/settings/sites/<int:site_id>/chairs/new", methods=["GET", "POST"])
@access(ADMINISTRATOR)
def new_chair(site_id: int) -> ResponseReturnValue:
    """Add a chair, bed or room."""
    with reading() as session:
        place = site(session, site_id)
    typed = typed_in(FIELDS) if request.method == "POST" else {"name": "", "kind": "chair"}
    page = _page(f"Add a chair at {place.name}", typed, save="Add")
    if request.method != "POST":
        return page.show()
    fields = Typed(typed)
    name, kind = _facts(fields)
    if fields.errors or kind is None:
        return wrong(page, fields.errors)
    return saved(page, partial(add_chair, site_id=site_id, name=name, kind=kind), f"{name} is added.")


@blueprint.route("/settings/chairs/<int:chair_id>", methods=["GET", "POST"])
@access(ADMINISTRATOR)
def edit_chair(chair_id: int) -> ResponseReturnValue:
    """Change a chair's name or kind."""
    fresh = partial(_fresh, chair_id)
    known = fresh()
    typed = typed_in(FIELDS, fresh) if request.method == "POST" else known
    page = replace(
        _page(known["name"], typed),
        fresh=fresh,
        more={"kinds": list(KINDS.items()), "chair_id": chair_id, "retired": known["retired"]},
    )
    if request.method != "POST":
        return page.show()
    fields = Typed(typed)
    name, kind = _facts(fields)
    if fields.errors or kind is None:
        return wrong(page, fields.errors)
    change = partial(change_chair, chair_id=chair_id, name=name, kind=kind, seen=version_of(typed))
    return saved(page, change, f"{name} is saved.")


@blueprint.post("/settings/chairs/<int:chair_id>/order")
@access(ADMINISTRATOR)
def order_chair(chair_id: int) -> ResponseReturnValue:
    """One place up or down on the board."""
    by = WAYS.get(request.form.get("way", ""))
    if by is None:
        raise RuleError("Press Up or Down beside a chair.")
    with writing() as session:
        _, place = chair_of(session, chair_id)
        shift_chair(session, current_actor(), clock.now(), chair_id, by)
        anchor = f"chairs-{place.id}"
    return redirect(url_for("settings.section", section="sites", _anchor=anchor), 303)


@blueprint.route("/settings/chairs/<int:chair_id>/retire", methods=["GET", "POST"])
@access(ADMINISTRATOR)
def retire(chair_id: int) -> ResponseReturnValue:
    """From a day on the chair takes no visit; the visits that this breaks are shown first."""
    known = _fresh(chair_id)
    with reading() as session:
        today = local_time(session, clock.now()).date()
    typed = typed_in(("day",)) if request.method == "POST" else {"day": today.isoformat()}
    page = FormPage(
        "settings/edit/retire.html",
        f"Retire {known['name']}",
        url_for("settings.section", section="sites"),
        typed,
        lead="Its past visits stay. It can be brought back.",
        save="Retire",
    )
    if request.method != "POST":
        return page.show()
    fields = Typed(typed)
    day = fields.day("day")
    if day is None:
        return wrong(page, fields.errors)
    change = partial(retire_chair, chair_id=chair_id, first_day_off=day)
    return saved(page, change, f"{known['name']} takes no visit from {day_year(day)} on.")


@blueprint.post("/settings/chairs/<int:chair_id>/return")
@access(ADMINISTRATOR)
def bring_back(chair_id: int) -> ResponseReturnValue:
    """The chair is in use again: no visit can break by that."""
    with writing() as session:
        bring_back_chair(session, current_actor(), clock.now(), chair_id)
        name = chair_of(session, chair_id)[0].name
    flash(f"{name} is in use again.", "ok")
    return redirect(url_for("settings.section", section="sites"), 303)


def _fresh(chair_id: int) -> dict[str, str]:
    with reading() as session:
        row, _ = chair_of(session, chair_id)
        return {
            "name": row.name,
            "kind": row.chair_type,
            "version": str(row.version),
            "retired": "1" if row.retired_at else "",
        }


def _facts(typed: Typed) -> tuple[str, str | None]:
    name = typed.text("name", "The name", longest=40)
    return name, typed.choice("kind", {key: key for key in KINDS}, "Choose chair, bed or room.")


def _page(title: str, typed: Mapping[str, str], *, save: str = "Save") -> FormPage:
    return FormPage(
        "settings/edit/chair.html",
        title,
        url_for("settings.section", section="sites"),
        typed,
        save=save,
        labels=LABELS,
        words={"kind": KINDS},
        more={"kinds": list(KINDS.items())},
    )
