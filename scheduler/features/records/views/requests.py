"""Holding back the request of somebody without a record: clinicians see the name, administrators do not."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.errors import NotFoundError, RuleError
from scheduler.features.audit.actions import record_read
from scheduler.features.records.actions.hold import hold_request, lift_hold
from scheduler.features.records.forms import words
from scheduler.features.records.queries.request_page import request_holds
from scheduler.features.records.views.blueprint import blueprint
from scheduler.features.records.views.record import KEEPERS
from scheduler.web import CLINICIAN, access, attempt, current_actor, reading, writing


@blueprint.get("/requests/<int:request_id>/holds")
@access(KEEPERS)
def request_hold(request_id: int) -> ResponseReturnValue:
    """The page; of somebody who has a record by now, that record's."""
    return _page(request_id)


@blueprint.post("/requests/<int:request_id>/holds")
@access(KEEPERS)
def place_on_request(request_id: int) -> ResponseReturnValue:
    """Place a hold."""
    reason = words(request.form, "reason")
    try:
        attempt(lambda session: hold_request(session, current_actor(), clock.now(), request_id, reason))
    except RuleError as error:
        return _page(request_id, "hold", error)
    flash("The hold stands. This request is not erased until somebody lifts it.", "ok")
    return redirect(url_for("records.request_hold", request_id=request_id), 303)


@blueprint.post("/requests/<int:request_id>/holds/<int:hold_id>/lift")
@access(KEEPERS)
def lift_from_request(request_id: int, hold_id: int) -> ResponseReturnValue:
    """Lift a hold of this request."""
    reason = words(request.form, "reason")
    with reading() as session:
        if hold_id not in [each.hold_id for each in request_holds(session, request_id).holds]:
            raise NotFoundError("There is no such hold on this request.")
    try:
        attempt(lambda session: lift_hold(session, current_actor(), clock.now(), hold_id, reason))
    except RuleError as error:
        return _page(request_id, f"lift-{hold_id}", error)
    flash("The hold is lifted. The request is kept for its usual time.", "ok")
    return redirect(url_for("records.request_hold", request_id=request_id), 303)


def _page(request_id: int, form: str = "", error: RuleError | None = None) -> ResponseReturnValue:
    with reading() as session:
        page = request_holds(session, request_id)
    if page.patient_id is not None:
        if error is not None:
            flash(error.sentence, "due")
        return redirect(url_for("records.show", patient_id=page.patient_id), 303)
    with writing() as session:
        record_read(session, current_actor(), clock.now(), "request", request_id, None)
    shown = render_template(
        "records/request.html",
        page=page,
        form=form,
        errors={str(error.extra.get("field", "")): error.sentence} if error else {},
        typed=request.form if error else {},
        knows=bool(CLINICIAN & current_user.roles),
    )
    return shown, 422 if error else 200
