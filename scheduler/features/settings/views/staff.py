"""Staff: taken on, changed, given a new password, and let go with all that hangs on them."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.features.accounts.passwords import Hasher
from scheduler.features.accounts.roles import WORDS as ROLE_WORDS
from scheduler.features.settings.actions.staff import change_person, let_go, set_password, take_back, take_on
from scheduler.features.settings.forms import Typed
from scheduler.features.settings.leaving import Person, hanging_on, person_of, site_choices
from scheduler.features.settings.sections import ADMINISTRATOR
from scheduler.features.settings.views.blueprint import blueprint
from scheduler.features.settings.views.saving import FormPage, saved, wrong
from scheduler.web import access, current_actor, reading, writing

FIELDS = ("name", "email", "site", "password")
ROLES = [(str(role), words) for role, words in ROLE_WORDS.items()]


@blueprint.route("/settings/staff/new", methods=["GET", "POST"])
@access(ADMINISTRATOR)
def new_person() -> ResponseReturnValue:
    """Give somebody a log-in."""
    page = _form("settings/edit/person.html", "Add a member of staff", _typed(), save="Add", is_new=True)
    if request.method != "POST":
        return page.show()
    typed = Typed(page.typed)
    facts = _facts(typed, page)
    if typed.errors:
        return wrong(page, typed.errors)
    password = page.typed["password"]
    said = (
        f"{facts['name']} can sign in." if password else f"An invitation is on its way to {facts['email']}."
    )
    return saved(page, partial(take_on, **facts, password=password, hasher=_hasher()), said)


@blueprint.route("/settings/staff/<int:user_id>", methods=["GET", "POST"])
@access(ADMINISTRATOR)
def person(user_id: int) -> ResponseReturnValue:
    """Change who somebody is."""
    with reading() as session:
        found = person_of(session, user_id)
    typed = _typed() if request.method == "POST" else _known(found)
    page = _form("settings/edit/person.html", found.name, typed, person=found, is_new=False)
    if request.method != "POST":
        return page.show()
    fields = Typed(page.typed)
    facts = _facts(fields, page)
    if fields.errors:
        return wrong(page, fields.errors)
    return saved(page, partial(change_person, user_id=user_id, **facts), f"{facts['name']} is saved.")


@blueprint.route("/settings/staff/<int:user_id>/password", methods=["GET", "POST"])
@access(ADMINISTRATOR)
def new_password(user_id: int) -> ResponseReturnValue:
    """Give somebody a new password."""
    with reading() as session:
        found = person_of(session, user_id)
    lead = "Every log-in of theirs that is open ends. Tell them the new password in person."
    title = f"New password for {found.name}"
    page = _form("settings/edit/password.html", title, _typed(), lead=lead, log_in=found.email)
    if request.method != "POST":
        return page.show()
    if not page.typed["password"]:
        return wrong(page, {"password": "Write the new password."})
    change = partial(set_password, user_id=user_id, password=page.typed["password"], hasher=_hasher())
    return saved(page, change, f"{found.name} signs in with the new password from now on.")


@blueprint.route("/settings/staff/<int:user_id>/leave", methods=["GET", "POST"])
@access(ADMINISTRATOR)
def leave(user_id: int) -> ResponseReturnValue:
    """Somebody leaves: what ends, which visits no longer hold, then done."""
    now = clock.now()
    typed = {"day": request.form.get("day", now.date().isoformat())}
    fields = Typed(typed)
    day = fields.day("day")
    with reading() as session:
        found = person_of(session, user_id)
        hanging = hanging_on(session, user_id, now, day or now.date())
    page = _form(
        "settings/edit/leave.html",
        f"{found.name} leaves",
        typed,
        lead="Their history stays. The log-in closes at once, shifts end on the day below.",
        save="Close the log-in",
        hanging=hanging,
    )
    if request.method != "POST":
        return page.show()
    if day is None:
        return wrong(page, fields.errors)
    return saved(page, partial(let_go, user_id=user_id, first_day_off=day), f"{found.name} has left.")


@blueprint.post("/settings/staff/<int:user_id>/return")
@access(ADMINISTRATOR)
def come_back(user_id: int) -> ResponseReturnValue:
    """Somebody who left is back."""
    with writing() as session:
        found = person_of(session, user_id)
        take_back(session, current_actor(), clock.now(), user_id)
    flash(f"{found.name} can sign in again. Shifts and addresses of programs have to be made anew.", "ok")
    return redirect(url_for("settings.person", user_id=user_id), 303)


def _typed() -> dict[str, Any]:
    return {**{name: request.form.get(name, "") for name in FIELDS}, "roles": request.form.getlist("role")}


def _hasher() -> Hasher:
    found: Hasher = current_app.extensions["hasher"]
    return found


def _known(found: Person) -> dict[str, Any]:
    site = str(found.site_id) if found.site_id else ""
    roles = sorted(str(role) for role in found.roles)
    return {"name": found.name, "email": found.email, "site": site, "password": "", "roles": roles}


def _facts(typed: Typed, page: FormPage) -> dict[str, Any]:
    """Name, address, roles and site for the actions; what is wrong stands in `typed.errors`."""
    name = typed.text("name", "The name", longest=100)
    email = typed.text("email", "The e-mail address", longest=254)
    sites = {key: int(key) if key else None for key, _ in page.more["sites"]}
    if page.typed["site"] not in sites:
        typed.errors["site"] = "Choose a site from the list."
    known = {str(role): role for role in ROLE_WORDS}
    roles = [known[each] for each in page.typed["roles"] if each in known]
    if not roles:
        typed.errors["role"] = "Choose at least one role."
    return {"name": name, "email": email, "roles": roles, "site_id": sites.get(page.typed["site"])}


def _form(
    template: str, title: str, typed: Mapping[str, Any], *, lead: str = "", save: str = "Save", **more: Any
) -> FormPage:
    with reading() as session:
        sites = site_choices(session)
    back = url_for("settings.section", section="staff")
    return FormPage(
        template, title, back, typed, lead=lead, save=save, more={"sites": sites, "roles": ROLES, **more}
    )
