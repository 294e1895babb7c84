"""Sites: added, changed, put away and taken up again."""

from collections.abc import Callable, Mapping
from functools import partial

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.features.capacity.actions.sites import add_site, archive_site, change_site, restore_site
from scheduler.features.capacity.queries import site
from scheduler.features.settings import site_form
from scheduler.features.settings.forms import version_of
from scheduler.features.settings.sections import ADMINISTRATOR
from scheduler.features.settings.site_form import ASKED, LABELS, read_site, typed_site
from scheduler.features.settings.views.blueprint import blueprint
from scheduler.features.settings.views.saving import FormPage, saved, typed_in, wrong
from scheduler.web import access, current_actor, reading, writing

FIELDS = (*LABELS, "version")
WORDS = {
    "date_order": dict(site_form.ORDERS),
    "clock24": dict(site_form.CLOCKS),
    "weight_unit": dict(site_form.UNITS),
}


@blueprint.route("/settings/sites/new", methods=["GET", "POST"])
@access(ADMINISTRATOR)
def new_site() -> ResponseReturnValue:
    """A further site: its facts first, then hours and chairs."""
    typed = typed_in(FIELDS) if request.method == "POST" else {each.name: each.default for each in ASKED}
    page = _page("Add a site", typed, lead="Opening hours, chairs and shifts come after this.", save="Add")
    if request.method != "POST":
        return page.show()
    facts, errors = read_site(typed)
    if facts is None:
        return wrong(page, errors)
    return saved(
        page, partial(add_site, facts=facts), f"{facts.name} is added. Now enter its hours and chairs."
    )


@blueprint.route("/settings/sites/<int:site_id>", methods=["GET", "POST"])
@access(ADMINISTRATOR)
def edit_site(site_id: int) -> ResponseReturnValue:
    """Change the facts of a site."""
    fresh = partial(_fresh, site_id)
    known = fresh()
    typed = typed_in(FIELDS, fresh) if request.method == "POST" else known
    page = _page(known["name"], typed, fresh=fresh)
    if request.method != "POST":
        return page.show()
    facts, errors = read_site(typed)
    if facts is None:
        return wrong(page, errors)
    change = partial(change_site, site_id=site_id, facts=facts, seen=version_of(typed))
    return saved(page, change, f"{facts.name} is saved.")


@blueprint.route("/settings/sites/<int:site_id>/archive", methods=["GET", "POST"])
@access(ADMINISTRATOR)
def put_away(site_id: int) -> ResponseReturnValue:
    """Put a site away, with the visits that this leaves without a place."""
    with reading() as session:
        name = site(session, site_id).name
    page = FormPage(
        "settings/edit/archive.html",
        f"Put {name} away",
        url_for("settings.section", section="sites"),
        {},
        lead="Nothing is planned there any more. Its past stays, and it can be taken up again.",
        save="Put away",
    )
    if request.method != "POST":
        return page.show()
    return saved(page, partial(archive_site, site_id=site_id), f"{name} is put away.")


@blueprint.post("/settings/sites/<int:site_id>/restore")
@access(ADMINISTRATOR)
def take_up(site_id: int) -> ResponseReturnValue:
    """A site is in use again: no visit can break by that."""
    with writing() as session:
        restore_site(session, current_actor(), clock.now(), site_id)
        name = site(session, site_id).name
    flash(f"{name} is in use again, with the hours and chairs it had.", "ok")
    return redirect(url_for("settings.section", section="sites"), 303)


def _fresh(site_id: int) -> Mapping[str, str]:
    with reading() as session:
        return typed_site(site(session, site_id))


def _page(
    title: str,
    typed: Mapping[str, str],
    *,
    fresh: Callable[[], Mapping[str, str]] | None = None,
    lead: str = "",
    save: str = "Save",
) -> FormPage:
    return FormPage(
        "settings/edit/site.html",
        title,
        url_for("settings.section", section="sites"),
        typed,
        lead=lead,
        save=save,
        fresh=fresh,
        labels=LABELS,
        words=WORDS,
        more={"asked": {each.name: each for each in ASKED}, "choices": site_form},
    )
