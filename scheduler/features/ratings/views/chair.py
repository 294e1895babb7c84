"""Recording a rating from the visit page."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, RuleError
from scheduler.features.audit.actions import record_read
from scheduler.features.ratings.actions.record import record as save
from scheduler.features.ratings.forms import RatingForm, read_rating
from scheduler.features.ratings.queries import panel_of, place_of
from scheduler.features.ratings.views.blueprint import blueprint
from scheduler.web import CHARTING, access, current_actor, reading, writing

FIELDS = {"rated_at": "rated_time", "answers": "value"}


@blueprint.post("/infusions/<int:infusion_id>/ratings")
@access(CHARTING)
def record(infusion_id: int) -> ResponseReturnValue:
    """Save one rating or a correction; an error shows the panel again with what was typed."""
    now = clock.now()
    with reading() as s:
        place = place_of(s, infusion_id)
    form = read_rating(request.form, place, infusion_id)
    if form.entry is None:
        return _again(infusion_id, form, form.errors, 422)
    try:
        with writing() as s:
            save(s, current_actor(), now, place.course_id, form.entry)
    except RuleError as error:
        field = FIELDS.get(error.extra.get("field", ""), error.extra.get("field", ""))
        return _again(infusion_id, form, {field: error.sentence}, error.status)
    except ConflictError as error:
        return _again(infusion_id, form, {"": error.sentence}, error.status)
    flash("The rating is recorded." if form.entry.replaces is None else "The rating is corrected.", "ok")
    return redirect(url_for("desk.visit", infusion_id=infusion_id, _anchor="ratings"), 303)


def _again(infusion_id: int, form: RatingForm, errors: Mapping[str, str], status: int) -> ResponseReturnValue:
    now = clock.now()
    with reading() as s:
        panel = panel_of(s, infusion_id, now)
    with writing() as s:
        record_read(s, current_actor(), now, "infusion", infusion_id, panel.patient_id)
    return render_template("ratings/again.html", panel=panel, form=form, errors=errors), status
