"""Ticking for a patient on the phone what they have ready."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.features.courses.preparation.ticks import set_tick
from scheduler.features.desk.views.blueprint import blueprint
from scheduler.web import DESK, access, attempt, current_actor


@blueprint.post("/infusions/<int:infusion_id>/ready/<int:item_id>")
@access(DESK)
def tick(infusion_id: int, item_id: int) -> ResponseReturnValue:
    """Tick one thing of a visit, or take the tick back."""
    ready = bool(request.form.get("ready"))
    attempt(
        lambda session: set_tick(session, current_actor(), clock.now(), infusion_id, item_id, ready, "desk")
    )
    return redirect(url_for("desk.visit", infusion_id=infusion_id, _anchor="ready"), 303)
