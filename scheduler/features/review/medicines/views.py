"""The medicines beside a course: looking at them, noting one, ending one, striking one out."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, RuleError
from scheduler.features.audit.actions import record_read
from scheduler.features.review.medicines.actions import end_medicine, note_medicine, strike_medicine
from scheduler.features.review.medicines.forms import Typed, read_end, read_medicine, read_reason
from scheduler.features.review.medicines.queries import medicines_page
from scheduler.web import CHARTING, access, attempt, current_actor, reading, writing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

blueprint = Blueprint("medicines", __name__)


@blueprint.get("/courses/<int:course_id>/medicines")
@access(CHARTING)
def course(course_id: int) -> ResponseReturnValue:
    """What is taken beside a course."""
    return _page(course_id, Typed({}))


@blueprint.post("/courses/<int:course_id>/medicines")
@access(CHARTING)
def note(course_id: int) -> ResponseReturnValue:
    """Note one."""
    form, actor, now = Typed(request.form), current_actor(), clock.now()
    entry = read_medicine(form)
    return _answer(course_id, form, "It is noted.", lambda s: note_medicine(s, actor, now, course_id, entry))


@blueprint.post("/courses/<int:course_id>/medicines/<int:medicine_id>/end")
@access(CHARTING)
def end(course_id: int, medicine_id: int) -> ResponseReturnValue:
    """Note the last day of one."""
    form, actor, now = Typed(request.form, medicine_id=medicine_id), current_actor(), clock.now()
    day = read_end(form) or now.date()
    return _answer(
        course_id,
        form,
        "Its last day is noted.",
        lambda s: end_medicine(s, actor, now, course_id, medicine_id, day),
    )


@blueprint.post("/courses/<int:course_id>/medicines/<int:medicine_id>/strike")
@access(CHARTING)
def strike(course_id: int, medicine_id: int) -> ResponseReturnValue:
    """Strike out one that was written by mistake."""
    form, actor, now = Typed(request.form, medicine_id=medicine_id), current_actor(), clock.now()
    reason = read_reason(form)
    return _answer(
        course_id,
        form,
        "It is struck out.",
        lambda s: strike_medicine(s, actor, now, course_id, medicine_id, reason),
    )


def _answer(course_id: int, form: Typed, said: str, work: "Callable[[Session], None]") -> ResponseReturnValue:
    """Save and go back to the page; or the page again, with what was typed and what is to be said."""
    if form.errors:
        return _page(course_id, form), 422
    try:
        attempt(work)
    except (RuleError, ConflictError) as error:
        form.errors[str(error.extra.get("field", ""))] = error.sentence
        return _page(course_id, form), error.status
    flash(said, "ok")
    return redirect(url_for("medicines.course", course_id=course_id), 303)


def _page(course_id: int, form: Typed) -> str:
    now = clock.now()
    with reading() as s:
        page = medicines_page(s, course_id, now)
    with writing() as s:
        record_read(s, current_actor(), now, "course", course_id, page.patient_id)
    return render_template("review/medicines.html", page=page, form=form)
