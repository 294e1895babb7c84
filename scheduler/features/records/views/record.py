"""One person's record: how much there is, until when it is kept, holds, and its deletion.

Clinicians see whose it is and get the files. An administrator sees the record number and how much there is,
no name and no contents, and deletes; both may place a hold and lift it.
"""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.errors import NotFoundError, RuleError
from scheduler.features.audit.actions import record_read
from scheduler.features.records.actions.delete import delete_record
from scheduler.features.records.actions.hold import lift_hold, place_hold
from scheduler.features.records.forms import words
from scheduler.features.records.queries.page import record_page
from scheduler.features.records.views.blueprint import blueprint
from scheduler.web import ADMINISTRATOR, CLINICIAN, access, attempt, current_actor, reading, writing

KEEPERS = CLINICIAN | ADMINISTRATOR


@blueprint.get("/patients/<int:patient_id>/record")
@access(KEEPERS)
def show(patient_id: int) -> ResponseReturnValue:
    """The page."""
    return _page(patient_id)


@blueprint.post("/patients/<int:patient_id>/record/holds")
@access(KEEPERS)
def hold(patient_id: int) -> ResponseReturnValue:
    """Place a hold."""
    reason = words(request.form, "reason")
    try:
        attempt(lambda session: place_hold(session, current_actor(), clock.now(), patient_id, reason))
    except RuleError as error:
        return _page(patient_id, "hold", error), 422
    flash("The hold stands. Nothing of this record is deleted until somebody lifts it.", "ok")
    return redirect(url_for("records.show", patient_id=patient_id), 303)


@blueprint.post("/patients/<int:patient_id>/record/holds/<int:hold_id>/lift")
@access(KEEPERS)
def lift(patient_id: int, hold_id: int) -> ResponseReturnValue:
    """Lift a hold of this person."""
    reason = words(request.form, "reason")
    with reading() as session:
        if hold_id not in [each.hold_id for each in record_page(session, patient_id, clock.now()).holds]:
            raise NotFoundError("There is no such hold on this record.")
    try:
        attempt(lambda session: lift_hold(session, current_actor(), clock.now(), hold_id, reason))
    except RuleError as error:
        return _page(patient_id, f"lift-{hold_id}", error), 422
    flash("The hold is lifted. The record is kept for its usual time.", "ok")
    return redirect(url_for("records.show", patient_id=patient_id), 303)


@blueprint.post("/patients/<int:patient_id>/record/delete")
@access(ADMINISTRATOR)
def delete(patient_id: int) -> ResponseReturnValue:
    """Delete whatever the law lets go."""
    number, reason = words(request.form, "number"), words(request.form, "reason")
    try:
        gone = attempt(
            lambda session: delete_record(session, current_actor(), clock.now(), patient_id, number, reason)
        )
    except RuleError as error:
        return _page(patient_id, "delete", error), 422
    rest = f" The rest may go from {gone.rest_from:%-d %b %Y}." if gone.rest_from else ""
    flash(f"Of {gone.record_number} {gone.rows:,} entries are deleted for good.{rest}", "ok")
    return redirect(url_for("records.retention"), 303)


def _page(patient_id: int, form: str = "", error: RuleError | None = None) -> str:
    """The page; what was typed comes back in the `form` that the error is about."""
    now = clock.now()
    with reading() as session:
        page = record_page(session, patient_id, now)
    with writing() as session:
        record_read(session, current_actor(), now, "record", page.patient_id, page.patient_id)
    errors = {str(error.extra.get("field", "")): error.sentence} if error else {}
    return render_template(
        "records/record.html",
        page=page,
        form=form,
        errors=errors,
        typed=request.form if error else {},
        knows=bool(CLINICIAN & current_user.roles),
        deletes=bool(ADMINISTRATOR & current_user.roles),
    )
