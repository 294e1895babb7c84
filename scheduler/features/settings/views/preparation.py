"""What patients have to have ready for a visit: the clinic's list, and the form of one item."""

from collections.abc import Callable, Mapping
from functools import partial

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
from scheduler.features.settings.forms import version_of
from scheduler.features.settings.preparation_form import as_typed, fields, labels, languages, parse_item
from scheduler.features.settings.sections import ADMINISTRATOR
from scheduler.features.settings.views.blueprint import blueprint
from scheduler.features.settings.views.saving import FormPage, kept, typed_in, wrong
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
    typed = typed_in(fields()) if request.method == "POST" else dict.fromkeys(fields(), "")
    page = _page("Add an item", typed)
    if request.method != "POST":
        return page.show()
    facts, errors = parse_item(typed, _protocols())
    if errors:
        return wrong(page, errors)
    return kept(page, partial(add_item, facts=facts), f"{facts.label} is on the list.")


@blueprint.route("/settings/preparation/<int:item_id>", methods=["GET", "POST"])
@access(ADMINISTRATOR)
def edit_item(item_id: int) -> ResponseReturnValue:
    """Word an item anew, or give it to another protocol."""
    fresh = partial(_fresh, item_id)
    known = fresh()
    typed = typed_in((*fields(), "version"), fresh) if request.method == "POST" else known
    page = _page(known["label"], typed, fresh)
    if request.method != "POST":
        return page.show()
    facts, errors = parse_item(typed, _protocols())
    if errors:
        return wrong(page, errors)
    change = partial(change_item, item_id=item_id, facts=facts, seen=version_of(typed))
    return kept(page, change, f"{facts.label} is saved.")


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


def _fresh(item_id: int) -> Mapping[str, str]:
    with reading() as session:
        return as_typed(item_of(session, item_id))


def _page(
    title: str, typed: Mapping[str, str], fresh: Callable[[], Mapping[str, str]] | None = None
) -> FormPage:
    protocols = _protocols()
    return FormPage(
        "settings/edit/preparation_item.html",
        title,
        url_for("settings.preparation"),
        typed,
        fresh=fresh,
        labels=labels(),
        words={"protocol": dict(protocols)},
        more={"protocols": protocols, "languages": languages()},
    )
