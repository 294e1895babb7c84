"""What patients have to have ready for a visit: the clinic's list, and the form of one item."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import RuleError
from scheduler.features.capacity.queries import protocols_with_versions
from scheduler.features.courses.preparation.clinic_list import (
    add_item,
    all_items,
    change_item,
    item_of,
    put_away,
    shift_item,
)
from scheduler.features.settings.preparation_form import as_typed, fields, languages, parse_item
from scheduler.features.settings.sections import ADMINISTRATOR
from scheduler.features.settings.views.blueprint import blueprint
from scheduler.web import access, current_actor, reading, writing

WAYS = {"up": -1, "down": 1}


@blueprint.get("/settings/preparation")
@access(ADMINISTRATOR)
def preparation() -> ResponseReturnValue:
    """The list, and what was put away."""
    with reading() as session:
        items = all_items(session)
    return render_template(
        "settings/preparation.html", items=items, protocols=dict(_protocols()), languages=languages()
    )


@blueprint.route("/settings/preparation/new", methods=["GET", "POST"])
@access(ADMINISTRATOR)
def new_item() -> ResponseReturnValue:
    """Put something on the list."""
    if request.method != "POST":
        return _form("Add an item", dict.fromkeys(fields(), ""), {})
    facts, errors = parse_item(request.form, _protocols())
    if errors:
        return _form("Add an item", _typed(), errors), 422
    with writing() as session:
        add_item(session, current_actor(), clock.now(), facts)
    return _back(f"{facts.label} is on the list.")


@blueprint.route("/settings/preparation/<int:item_id>", methods=["GET", "POST"])
@access(ADMINISTRATOR)
def edit_item(item_id: int) -> ResponseReturnValue:
    """Word an item anew, or give it to another protocol."""
    with reading() as session:
        known = as_typed(item_of(session, item_id))
    if request.method != "POST":
        return _form(known["label"], known, {})
    facts, errors = parse_item(request.form, _protocols())
    if errors:
        return _form(known["label"], _typed(), errors), 422
    with writing() as session:
        change_item(session, current_actor(), clock.now(), item_id, facts)
    return _back(f"{facts.label} is saved.")


@blueprint.post("/settings/preparation/<int:item_id>/order")
@access(ADMINISTRATOR)
def order_item(item_id: int) -> ResponseReturnValue:
    """One place up or down."""
    by = WAYS.get(request.form.get("way", ""))
    if by is None:
        raise RuleError("Press Up or Down beside an item.")
    with writing() as session:
        shift_item(session, current_actor(), clock.now(), item_id, by)
    return redirect(url_for("settings.preparation"), 303)


@blueprint.post("/settings/preparation/<int:item_id>/archive")
@access(ADMINISTRATOR)
def archive_item(item_id: int) -> ResponseReturnValue:
    """Off the lists of all visits, or back on them (`back`)."""
    away = not request.form.get("back")
    with writing() as session:
        label = put_away(session, current_actor(), clock.now(), item_id, away).label
    return _back(f"{label} is off the list." if away else f"{label} is back on the list.")


def _back(said: str) -> ResponseReturnValue:
    flash(said, "ok")
    return redirect(url_for("settings.preparation"), 303)


def _protocols() -> list[tuple[str, str]]:
    with reading() as session:
        return [
            ("", "All protocols"),
            *((str(each.id), each.name) for each in protocols_with_versions(session)),
        ]


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in fields()}


def _form(title: str, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    return render_template(
        "settings/edit/preparation_item.html",
        title=title,
        typed=typed,
        errors=errors,
        protocols=_protocols(),
        languages=languages(),
    )
