"""What each site asks of a sign-off."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.features.review.actions.rules import set_second
from scheduler.features.review.queries.rules import site_rules
from scheduler.features.review.views.blueprint import blueprint
from scheduler.web import ADMINISTRATOR, access, current_actor, reading, writing


@blueprint.get("/settings/sign-off")
@access(ADMINISTRATOR)
def rules() -> ResponseReturnValue:
    """One switch for each site."""
    with reading() as s:
        sites = site_rules(s)
    return render_template("review/settings.html", sites=sites)


@blueprint.post("/settings/sign-off/<int:site_id>")
@access(ADMINISTRATOR)
def save_rules(site_id: int) -> ResponseReturnValue:
    """Turn the second signature on or off."""
    with writing() as s:
        set_second(s, current_actor(), clock.now(), site_id, request.form.get("wants_second") == "1")
    flash("Saved. It holds from now on, also for course logs that are signed already.", "ok")
    return redirect(url_for("review.rules"), 303)
