"""Enter a course from before: one form of lines, sent as often as lines are added, saved once."""

import secrets

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.errors import ConflictError, RuleError
from scheduler.features.audit.actions import record_read
from scheduler.features.courses.actions.enter import enter_course
from scheduler.features.courses.entering.forms import (
    EnterForm,
    blank,
    changed_lines,
    judged,
    read_typed,
    told_lines,
)
from scheduler.features.courses.entering.page import enter_page
from scheduler.features.courses.queries import today
from scheduler.features.courses.views.blueprint import blueprint
from scheduler.features.courses.views.steps import said
from scheduler.web import DESK, access, attempt, current_actor, reading, writing


@blueprint.get("/patients/<int:patient_id>/courses/enter")
@access(DESK)
def enter(patient_id: int) -> ResponseReturnValue:
    """The empty form."""
    form = blank(str(current_user.site_id or ""), secrets.token_urlsafe(16))
    with writing() as session:
        record_read(session, current_actor(), clock.now(), "patient", patient_id, patient_id)
    return _shown(patient_id, form)


@blueprint.post("/patients/<int:patient_id>/courses/enter")
@access(DESK)
def save_entered(patient_id: int) -> ResponseReturnValue:
    """Save it, or come back with everything as it was typed and what stands in the way."""
    now, typed = clock.now(), read_typed(request.form)
    lines = changed_lines(typed, request.form.get("do", ""))
    if lines is not None:
        return _shown(patient_id, lines, is_longer=len(lines.lines) > len(typed.lines))
    with reading() as session:
        day = today(session, now)
    form, entry = judged(typed, patient_id, day, clinician=_is_clinician())
    if entry is None:
        return _shown(patient_id, form), 422
    try:
        done = attempt(lambda session: enter_course(session, current_actor(), now, entry))
    except (ConflictError, RuleError) as error:
        return _shown(patient_id, _with(form, error)), error.status
    said(done, "The course is entered.")
    return redirect(url_for("desk.course", course_id=done.course_id), 303)


def _with(form: EnterForm, error: ConflictError | RuleError) -> EnterForm:
    """The form with the error beside its line, where it is about one."""
    place = error.extra.get("line")
    return form.with_error("" if place is None else f"line-{told_lines(form)[place]}", error.sentence)


def _shown(patient_id: int, form: EnterForm, *, is_longer: bool = False) -> str:
    with reading() as session:
        page = enter_page(session, patient_id, form, clinician=_is_clinician())
    return render_template("courses/enter.html", page=page, is_longer=is_longer)


def _is_clinician() -> bool:
    return "clinician" in current_user.roles
