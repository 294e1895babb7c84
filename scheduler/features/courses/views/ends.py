"""The pages that ask before visits are given up or a course changes its state."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, RuleError
from scheduler.features.audit.actions import record_read
from scheduler.features.courses.actions.cancel import cancel_visits
from scheduler.features.courses.actions.discontinue import discontinue_course
from scheduler.features.courses.actions.hold import hold_course, resume_course
from scheduler.features.courses.ends import (
    EndPage,
    cancel_page,
    discontinue_page,
    hold_page,
    lacks_dates,
    rest_of,
    resume_page,
)
from scheduler.features.courses.placing import Done
from scheduler.features.courses.step_forms import parse_keep
from scheduler.features.courses.views.blueprint import blueprint
from scheduler.features.courses.views.steps import said
from scheduler.web import DESK, access, attempt, current_actor, reading, writing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Reader = Callable[["Session"], EndPage]
Writer = Callable[["Session"], Done]


@blueprint.route("/infusions/<int:infusion_id>/cancel", methods=["GET", "POST"])
@access(DESK)
def cancel(infusion_id: int) -> ResponseReturnValue:
    """Cancel a visit, or it and all that follow."""

    def write(session: "Session") -> Done:
        course_id, rest = rest_of(session, infusion_id)
        ids = rest if request.form.get("which") == "rest" else [infusion_id]
        return cancel_visits(
            session, current_actor(), clock.now(), course_id, ids, request.form.get("reason", "")
        )

    return _ask(lambda session: cancel_page(session, infusion_id), write, "Cancelled.", frees=True)


@blueprint.route("/courses/<int:course_id>/hold", methods=["GET", "POST"])
@access(DESK)
def hold(course_id: int) -> ResponseReturnValue:
    """Put a course on hold."""

    def write(session: "Session") -> Done:
        reason = request.form.get("reason", "")
        return hold_course(session, current_actor(), clock.now(), course_id, reason, parse_keep(request.form))

    return _ask(lambda session: hold_page(session, course_id), write, "The course is on hold.")


@blueprint.route("/courses/<int:course_id>/resume", methods=["GET", "POST"])
@access(DESK)
def resume(course_id: int) -> ResponseReturnValue:
    """Let a course go on, and find dates where it lacks some."""
    return _ask(
        lambda session: resume_page(session, course_id),
        lambda session: resume_course(session, current_actor(), clock.now(), course_id),
        "The course goes on.",
        then=lambda session: "courses.replan" if lacks_dates(session, course_id) else "desk.course",
    )


@blueprint.route("/courses/<int:course_id>/discontinue", methods=["GET", "POST"])
@access(DESK)
def discontinue(course_id: int) -> ResponseReturnValue:
    """End a course early."""

    def write(session: "Session") -> Done:
        reason = request.form.get("reason", "")
        return discontinue_course(session, current_actor(), clock.now(), course_id, reason)

    return _ask(lambda session: discontinue_page(session, course_id), write, "The course has ended.")


def _ask(
    read: Reader,
    write: Writer,
    words: str,
    *,
    frees: bool = False,
    then: Callable[["Session"], str] = lambda _: "desk.course",
) -> ResponseReturnValue:
    """Ask, and do it; `then` names the page of the course that comes after."""
    if request.method == "POST":
        try:
            done = attempt(write)
        except (ConflictError, RuleError) as error:
            return _page(read, {str(error.extra.get("field", "")): error.sentence}), error.status
        said(done, words, frees=frees)
        with reading() as session:
            return redirect(url_for(then(session), course_id=done.course_id), 303)
    return _page(read, {})


def _page(read: Reader, errors: Mapping[str, str]) -> str:
    with reading() as session:
        page = read(session)
    with writing() as session:
        record_read(session, current_actor(), clock.now(), "course", page.course_id, page.patient_id)
    page = replace(page, back=url_for("desk.course", course_id=page.course_id))
    return render_template("courses/end.html", page=page, errors=errors, typed=request.form)
