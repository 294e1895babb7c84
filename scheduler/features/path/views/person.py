"""One request on one page, and what the desk does about it there."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, RuleError, SixfoldError
from scheduler.features.audit.actions import record_read
from scheduler.features.path.actions import tend, turn
from scheduler.features.path.forms import PlanForm, read_plan, stored_plan, typed_plan
from scheduler.features.path.page import person_page
from scheduler.features.path.views.blueprint import blueprint
from scheduler.web import DESK, access, attempt, current_actor, reading, writing


@blueprint.get("/requests/<int:request_id>")
@access(DESK)
def show(request_id: int) -> ResponseReturnValue:
    """Who asks, the way so far, what is next."""
    return _page(request_id)


@blueprint.post("/requests/<int:request_id>/contacted")
@access(DESK)
def contacted(request_id: int) -> ResponseReturnValue:
    """They were spoken with."""
    return _done(request_id, tend.reached, "Noted: they were reached.")


@blueprint.post("/requests/<int:request_id>/tried")
@access(DESK)
def tried(request_id: int) -> ResponseReturnValue:
    """Nobody answered the phone."""
    return _done(request_id, tend.tried, "Noted. It comes up again on the next working day.")


@blueprint.post("/requests/<int:request_id>/reopen")
@access(DESK)
def reopen(request_id: int) -> ResponseReturnValue:
    """Open a request again that has ended."""
    return _done(request_id, turn.reopen, "The request is open again.")


@blueprint.post("/requests/<int:request_id>/notes")
@access(DESK)
def note(request_id: int) -> ResponseReturnValue:
    """Write a note."""
    text = request.form.get("note", "")
    try:
        attempt(lambda s: tend.add_note(s, current_actor(), clock.now(), request_id, text).id)
    except RuleError as error:
        return _page(request_id, note=text, errors={"note": error.sentence}), error.status
    flash("The note is written.", "ok")
    return _back(request_id)


@blueprint.post("/requests/<int:request_id>/plan")
@access(DESK)
def plan(request_id: int) -> ResponseReturnValue:
    """Say what is next, by when, and who looks after it."""
    try:
        wanted = read_plan(request.form)
        attempt(lambda s: tend.plan(s, current_actor(), clock.now(), request_id, wanted).id)
    except (ConflictError, RuleError) as error:
        errors = dict(error.extra.get("errors", {})) or {"next_step": error.sentence}
        return _page(request_id, plan=typed_plan(request.form, errors)), error.status
    flash("What is next is saved.", "ok")
    return _back(request_id)


def _done(request_id: int, work: Callable[..., Any], sentence: str) -> ResponseReturnValue:
    """Do one thing about the request and say so, or show the page with what stands in the way."""
    try:
        attempt(lambda s: work(s, current_actor(), clock.now(), request_id).id)
    except (ConflictError, RuleError) as error:
        return _page(request_id, refused=error), error.status
    flash(sentence, "ok")
    return _back(request_id)


def _back(request_id: int) -> ResponseReturnValue:
    return redirect(url_for("path.show", request_id=request_id), 303)


def _page(
    request_id: int,
    *,
    plan: PlanForm | None = None,
    note: str = "",
    errors: dict[str, str] | None = None,
    refused: SixfoldError | None = None,
) -> str:
    now = clock.now()
    with reading() as s:
        page = person_page(s, request_id, now)
    asked = page.person.request
    with writing() as s:
        record_read(s, current_actor(), now, "request", request_id, asked.patient_id)
    return render_template(
        "path/person.html",
        page=page,
        person=page.person,
        asked=asked,
        plan=plan or stored_plan(asked),
        note=note,
        errors=errors or {},
        refused=refused,
        consultation_card=page.consultation,
        **page.consents,
    )
