"""Correcting who asks, and closing a request: each a page of its own."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, RuleError, SixfoldError
from scheduler.features.audit.actions import record_read
from scheduler.features.intake.consultations.queries import consultations_of
from scheduler.features.path.actions.correct import correct
from scheduler.features.path.actions.turn import close as close_request
from scheduler.features.path.forms import WAYS, DetailsForm, read_details, stored
from scheduler.features.path.queries.person import asked_at
from scheduler.features.path.views.blueprint import blueprint
from scheduler.features.patients.fields import LANGUAGES
from scheduler.web import DESK, access, attempt, current_actor, reading, writing

REASONS = (
    "They changed their mind",
    "Could not be reached",
    "Went elsewhere",
    "The same person asked twice",
    "No real request",
)


@blueprint.get("/requests/<int:request_id>/edit")
@access(DESK)
def edit(request_id: int) -> ResponseReturnValue:
    """The form with what they gave."""
    return _edit(request_id, None)


@blueprint.post("/requests/<int:request_id>/edit")
@access(DESK)
def save(request_id: int) -> ResponseReturnValue:
    """Save what was corrected."""
    with reading() as s:
        country = asked_at(s, request_id).site.country
    form = read_details(request.form, country)
    if form.details is None:
        return _edit(request_id, form), 422
    details = form.details
    try:
        attempt(lambda s: correct(s, current_actor(), clock.now(), request_id, details, form.seen).id)
    except ConflictError as error:
        return _edit(request_id, form, error), error.status
    flash("The details are saved.", "ok")
    return redirect(url_for("path.show", request_id=request_id), 303)


@blueprint.get("/requests/<int:request_id>/close")
@access(DESK)
def ask_to_close(request_id: int) -> ResponseReturnValue:
    """Why nothing comes of it."""
    return _close(request_id, None)


@blueprint.post("/requests/<int:request_id>/close")
@access(DESK)
def close(request_id: int) -> ResponseReturnValue:
    """Close it, with the reason."""
    reason = request.form.get("words", "").strip() or request.form.get("reason", "")
    try:
        attempt(lambda s: close_request(s, current_actor(), clock.now(), request_id, reason).id)
    except (ConflictError, RuleError) as error:
        return _close(request_id, error), error.status
    flash("The request is closed. It can be opened again at any time.", "ok")
    return redirect(url_for("path.show", request_id=request_id), 303)


def _edit(request_id: int, form: DetailsForm | None, refused: SixfoldError | None = None) -> str:
    with reading() as s:
        found = asked_at(s, request_id)
    _seen(request_id, found.request.patient_id)
    return render_template(
        "path/edit.html",
        asked=found.request,
        form=form or stored(found.request, found.site.country),
        refused=refused,
        languages=LANGUAGES,
        ways=WAYS,
    )


def _close(request_id: int, refused: SixfoldError | None) -> str:
    with reading() as s:
        found = asked_at(s, request_id)
        held = consultations_of(s, request_id, found.site)
    _seen(request_id, found.request.patient_id)
    return render_template(
        "path/close.html",
        standing=next((one for one in held if one.is_scheduled), None),
        asked=found.request,
        reasons=REASONS,
        reason=request.form.get("reason", ""),
        words=request.form.get("words", ""),
        refused=refused,
    )


def _seen(request_id: int, patient_id: int | None) -> None:
    with writing() as s:
        record_read(s, current_actor(), clock.now(), "request", request_id, patient_id)
