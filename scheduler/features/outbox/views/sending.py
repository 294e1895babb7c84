"""The switch that stops all sending: its page, and the banner on every page of staff while it is on."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.errors import ConflictError, RuleError
from scheduler.features.outbox.actions.pause import pause, resume
from scheduler.features.outbox.queries.sending import Pause, pause_of, standing
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


@blueprint.app_context_processor
def banner_of_the_pause() -> dict[str, Callable[[], Pause | None]]:
    """`sending_pause()` for the frame of the pages: asked by those that show it, once each."""
    return {"sending_pause": _shown}


def _shown() -> Pause | None:
    if not current_user.is_authenticated or request.endpoint in ("outbox.sending", "outbox.switch_sending"):
        return None
    with reading() as session:
        return pause_of(session, current_user.site_id)


def _page(typed: str = "", trouble: str = "") -> str:
    with reading() as session:
        found = standing(session, clock.now(), current_user.site_id)
    facts: dict[str, Any] = {"found": found, "typed": typed, "trouble": trouble}
    return render_template("outbox/sending.html", **facts)
