"""The page of a log, and marking it as complete."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import RuleError
from scheduler.features.infusion_logs.actions.complete import complete as mark_complete
from scheduler.features.infusion_logs.views.blueprint import blueprint
from scheduler.features.infusion_logs.views.shared import broken
from scheduler.features.infusion_logs.views.shared import show as page
from scheduler.web import CHARTING, access, attempt, current_actor


@blueprint.get("/infusions/<int:infusion_id>/log")
@access(CHARTING)
def show(infusion_id: int) -> ResponseReturnValue:
    """The log of one infusion, to read and to write."""
    return page(infusion_id, clock.now())


@blueprint.post("/infusions/<int:infusion_id>/log/complete")
@access(CHARTING)
def complete(infusion_id: int) -> ResponseReturnValue:
    """Mark the log as complete, or say what is missing."""
    try:
        attempt(lambda s: mark_complete(s, current_actor(), clock.now(), infusion_id))
    except RuleError as error:
        return broken(infusion_id, "complete", {}, error)
    flash("The log is complete.", "ok")
    return redirect(url_for("infusion_logs.show", infusion_id=infusion_id), 303)
