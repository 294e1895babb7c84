"""What a clinic decides about charting: limits of pressure, how often vitals are due, the discharge list."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, RuleError
from scheduler.features.infusion_logs.actions.settings import save_items, save_rules
from scheduler.features.infusion_logs.forms.settings import NAMES, read_items, read_rules
from scheduler.features.infusion_logs.queries.settings import charting_of_sites, protocols
from scheduler.features.infusion_logs.views.blueprint import blueprint
from scheduler.features.infusion_logs.views.shared import sent
from scheduler.web import ADMINISTRATOR, access, attempt, current_actor, reading
from scheduler.web.inputs import any_text


@blueprint.get("/settings/charting")
@access(ADMINISTRATOR)
def settings() -> ResponseReturnValue:
    """All sites with their limits and lists."""
    return _page()


@blueprint.post("/settings/charting/<int:site_id>/limits")
@access(ADMINISTRATOR)
def limits(site_id: int) -> ResponseReturnValue:
    """Save the limits of a site or of one protocol there, or go back to the usual ones."""
    form, now, actor = sent(), clock.now(), current_actor()
    protocol_id, seen = form.whole("protocol"), form.whole("seen") or 0
    try:
        rules = None if form.text("usual") else read_rules(form)
        attempt(lambda s: save_rules(s, actor, now, site_id, protocol_id, rules, seen))
    except (RuleError, ConflictError) as error:
        return _page(site_id, error.sentence), error.status
    return _saved("The limits are saved. A log that was begun keeps those it was begun with.")


@blueprint.post("/settings/charting/<int:site_id>/discharge")
@access(ADMINISTRATOR)
@any_text
def discharge(site_id: int) -> ResponseReturnValue:
    """Save a site's discharge list."""
    now, actor, seen = clock.now(), current_actor(), request.form.get("seen", "")
    try:
        lines = read_items(request.form.get("lines", ""))
        attempt(lambda s: save_items(s, actor, now, site_id, lines, seen))
    except (RuleError, ConflictError) as error:
        return _page(site_id, error.sentence), error.status
    return _saved("The discharge list is saved.")


def _saved(said: str) -> ResponseReturnValue:
    flash(said, "ok")
    return redirect(url_for("infusion_logs.settings"), 303)


def _page(site_id: int | None = None, sentence: str = "") -> str:
    """The page; with a `sentence`, what was typed for `site_id` comes back in its form."""
    with reading() as s:
        sites, known = charting_of_sites(s), protocols(s)
    return render_template(
        "infusion_logs/settings.html",
        sites=sites,
        protocols=known,
        names=NAMES,
        failed=site_id,
        sentence=sentence,
        typed=request.form if sentence else {},
    )
