"""Protocols: added, changed by a new version, put in order, put away and offered again."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import RuleError
from scheduler.features.capacity.actions import protocols as actions
from scheduler.features.capacity.actions.protocols import ProtocolFacts, facts_of, protocol_of
from scheduler.features.capacity.queries import sites
from scheduler.features.settings.forms import version_of
from scheduler.features.settings.protocol_form import (
    BLANK,
    FIELDS,
    KINDS,
    LABELS,
    NUMBERS,
    ROWS,
    phases_words,
    read_protocol,
    typed_protocol,
)
from scheduler.features.settings.queries import running_by_version
from scheduler.features.settings.sections import ADMINISTRATOR
from scheduler.features.settings.views.blueprint import blueprint
from scheduler.features.settings.views.saving import FormPage, saved, typed_in, wrong
from scheduler.features.settings.words import preview
from scheduler.web import access, current_actor, reading, writing
from scheduler.web.filters import count

DEEDS: Mapping[str, tuple[Callable[..., object], str]] = {
    "up": (partial(actions.shift_protocol, by=-1), "The order is saved."),
    "down": (partial(actions.shift_protocol, by=1), "The order is saved."),
    "archive": (actions.archive_protocol, "No new course begins by it. Running courses go on."),
    "restore": (actions.restore_protocol, "It is offered again."),
}


@blueprint.route("/settings/protocols/new", methods=["GET", "POST"])
@access(ADMINISTRATOR)
def new_protocol() -> ResponseReturnValue:
    """A further protocol."""
    typed = _typed() if request.method == "POST" else {**BLANK, "site_ids": []}
    return _answer("Add a protocol", typed, "Add", actions.add_protocol)


@blueprint.route("/settings/protocols/<int:protocol_id>", methods=["GET", "POST"])
@access(ADMINISTRATOR)
def edit_protocol(protocol_id: int) -> ResponseReturnValue:
    """Change a protocol: other rules become a new version."""
    fresh = partial(_fresh, protocol_id)
    known = fresh()
    with reading() as session:
        running = sum(running_by_version(session, protocol_id).values())
    typed = _typed(fresh) if request.method == "POST" else known
    change = partial(actions.change_protocol, protocol_id=protocol_id, seen=version_of(typed))
    keep = "keeps the rules it began with" if running == 1 else "keep the rules they began with"
    lead = f"{count(running, 'running course')} {keep}; new courses go by what you save."
    return _answer(known["name"], typed, "Save", change, fresh=fresh, lead=lead)


@blueprint.post("/settings/protocols/<int:protocol_id>/deeds")
@access(ADMINISTRATOR)
def protocol_deed(protocol_id: int) -> ResponseReturnValue:
    """Up, down, put away, offer again: no booked visit can break by these."""
    found = DEEDS.get(request.form.get("do", ""))
    if found is None:
        raise RuleError("Press one of the buttons beside a protocol.")
    deed, said = found
    with writing() as session:
        deed(session, current_actor(), clock.now(), protocol_id)
    flash(said, "ok")
    return redirect(url_for("settings.section", section="protocols"), 303)


def _answer(
    title: str,
    typed: Mapping[str, Any],
    save: str,
    change: Callable[..., object],
    *,
    fresh: Callable[[], Mapping[str, Any]] | None = None,
    lead: str = "",
) -> ResponseReturnValue:
    with reading() as session:
        places = [(str(site.id), site.name) for site in sites(session)]
    chosen = tuple(int(key) for key, _ in places if key in typed["site_ids"])
    facts, errors = read_protocol(typed, chosen)
    page = FormPage(
        "settings/edit/protocol.html",
        title,
        url_for("settings.section", section="protocols"),
        typed,
        lead=lead,
        save=save,
        fresh=fresh,
        labels=LABELS,
        words={"chair_type": KINDS, "site_ids": dict(places)},
        more={
            "numbers": NUMBERS,
            "rows": ROWS,
            "kinds": list(KINDS.items()),
            "sites": places,
            "preview": _preview(facts),
        },
    )
    if request.method != "POST":
        return page.show()
    if facts is None:
        return wrong(page, errors)
    if request.form.get("do") == "preview":
        return page.show()
    return saved(page, partial(change, facts=facts), f"{facts.name} is saved.")


def _preview(facts: ProtocolFacts | None) -> list[str]:
    """The course that these rules make, in sentences; what contradicts itself instead."""
    if facts is None:
        return []
    try:
        actions.check(facts)
    except RuleError as error:
        return [error.sentence]
    return preview(actions.version_row(facts, None, 0, current_actor(), clock.now()))


def _typed(fresh: Callable[[], Mapping[str, Any]] | None = None) -> dict[str, Any]:
    typed = typed_in(FIELDS)
    typed["site_ids"] = request.form.getlist("site_ids")
    typed["phases"] = phases_words(typed)
    if fresh is not None and request.form.get("do") == "keep-theirs":
        theirs = fresh()
        for name in request.form.getlist("differs"):
            typed.update((key, theirs[key]) for key in theirs if key == name or _belongs(key, name))
    return typed


def _belongs(key: str, name: str) -> bool:
    """Whether a field is part of what is compared as one thing."""
    return name == "phases" and key.startswith("phase")


def _fresh(protocol_id: int) -> dict[str, Any]:
    with reading() as session:
        row = protocol_of(session, protocol_id)
        facts = facts_of(row)
        typed = typed_protocol(facts, row.revision)
        own = [str(each) for each in facts.site_ids]
        return {**typed, "site_ids": own, "phases": phases_words(typed)}
