"""Calling a consultation off, and what became of it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, RuleError, SixfoldError
from scheduler.features.audit.actions import record_read
from scheduler.features.intake.consultations.actions.attend import attend
from scheduler.features.intake.consultations.actions.change import cancel
from scheduler.features.intake.consultations.forms import parse_seen
from scheduler.features.intake.consultations.queries import request_of
from scheduler.features.intake.consultations.views.blueprint import blueprint
from scheduler.web import DESK, access, attempt, current_actor, reading, writing
from scheduler.web.local_paths import local_path

DONE = {
    "arrived": "They are here.",
    "seen": "The consultation was held. The screening is what comes next.",
    "missed": "They did not come. The request waits for a call.",
    "undo": "It is undone.",
}


@blueprint.get("/consultations/<int:consultation_id>/cancel")
@access(DESK)
def ask_to_cancel(consultation_id: int) -> ResponseReturnValue:
    """Ask why."""
    return _ask(consultation_id, None)


@blueprint.post("/consultations/<int:consultation_id>/cancel")
@access(DESK)
def call_off(consultation_id: int) -> ResponseReturnValue:
    """Call it off, with the reason."""
    reason, seen = request.form.get("reason", ""), parse_seen(request.form)
    try:
        found = attempt(
            lambda s: cancel(s, current_actor(), clock.now(), consultation_id, reason, seen).request_id
        )
    except (ConflictError, RuleError) as error:
        return _ask(consultation_id, error), error.status
    flash("The consultation is called off. The request waits for another time.", "ok")
    return redirect(url_for("path.show", request_id=found), 303)


@blueprint.post("/consultations/<int:consultation_id>/steps")
@access(DESK)
def step(consultation_id: int) -> ResponseReturnValue:
    """They are here, were seen, did not come; or none of it."""
    name, seen = request.form.get("step", ""), parse_seen(request.form)
    found = attempt(lambda s: attend(s, current_actor(), clock.now(), consultation_id, name, seen).request_id)
    flash(DONE[name], "ok")
    return redirect(local_path(request.form.get("next")) or url_for("path.show", request_id=found), 303)


def _ask(consultation_id: int, refused: SixfoldError | None) -> str:
    with reading() as session:
        booked, asked = request_of(session, consultation_id)
    with writing() as session:
        record_read(session, current_actor(), clock.now(), "request", asked.id, asked.patient_id)
    return render_template(
        "intake/consultations/cancel.html",
        booked=booked,
        asked=asked,
        refused=refused,
        reason=request.form.get("reason", ""),
    )
