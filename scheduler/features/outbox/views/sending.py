"""The page of the switch that stops all sending."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.errors import ConflictError, RuleError
from scheduler.features.outbox.actions.pause import pause, resume
from scheduler.features.outbox.queries.sending import standing
from scheduler.features.outbox.views.blueprint import blueprint
from scheduler.web import STAFF, access, current_actor, reading, writing

PAUSED = "All sending is paused. Every page says so until somebody turns it on again."
GOES_ON = "Messages go out again. What waited goes within a minute."


@blueprint.get("/messages/sending")
@access(STAFF)
def sending() -> ResponseReturnValue:
    """Who paused sending, when and why; the switch, with what it does."""
    return _page()


@blueprint.post("/messages/sending")
@access(STAFF)
def switch_sending() -> ResponseReturnValue:
    """Turn it; the page again where that can't be."""
    to, reason = request.form.get("to", ""), request.form.get("reason", "")
    try:
        with writing() as session:
            if to == "off":
                pause(session, current_actor(), clock.now(), reason)
            elif to == "on":
                resume(session, current_actor(), clock.now())
            else:
                raise RuleError("This could not be read. Choose it on the page again.")
    except (RuleError, ConflictError) as error:
        return _page(reason, error.sentence), error.status
    flash(PAUSED if to == "off" else GOES_ON, "ok")
    return redirect(url_for("outbox.sending"), 303)


def _page(typed: str = "", trouble: str = "") -> str:
    with reading() as session:
        found = standing(session, clock.now(), current_user.site_id)
    facts: dict[str, Any] = {"found": found, "typed": typed, "trouble": trouble}
    return render_template("outbox/sending.html", **facts)
