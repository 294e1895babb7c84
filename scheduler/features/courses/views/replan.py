"""Dates for the visits of a course that have none: ranked ways, and one step to take one of them."""

import secrets

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, NotFoundError, RuleError, SixfoldError
from scheduler.features.audit.actions import record_read
from scheduler.features.courses.actions.place import Done, place_visits
from scheduler.features.courses.moving.forms import PlaceForm, parse_place
from scheduler.features.courses.moving.replan.preview import ReplanPage, is_held, replan_preview
from scheduler.features.courses.moving.replan.sentences import ReplanSentences
from scheduler.features.courses.moving.replan.wish import ReplanForm, parse_replan
from scheduler.features.courses.reach import reach_of
from scheduler.features.courses.views.blueprint import blueprint
from scheduler.features.courses.views.overriding import may_override, override_of, typed_reason
from scheduler.features.courses.views.steps import said
from scheduler.web import DESK, access, attempt, current_actor, reading, writing

SPACING = ("R10", "R11")


@blueprint.get("/courses/<int:course_id>/plan")
@access(DESK)
def replan(course_id: int) -> ResponseReturnValue:
    """Ways to plan what has no date; a held course is resumed first."""
    now = clock.now()
    form = parse_replan(request.args, now.date())
    with reading() as session:
        if is_held(session, course_id):
            return redirect(url_for("courses.resume", course_id=course_id), 303)
        page = replan_preview(session, now, course_id, form)
    if page is None:
        flash("Every visit of this course has a date.", "ok")
        return redirect(url_for("desk.course", course_id=course_id), 303)
    with writing() as session:
        patient_id = page.chart.course.patient_id
        record_read(session, current_actor(), now, "course", course_id, patient_id)
    return _shown(page, form, 422 if form.errors else 200)


@blueprint.post("/courses/<int:course_id>/plan")
@access(DESK)
def plan(course_id: int) -> ResponseReturnValue:
    """Do what was chosen. Where it can't be done the page comes back with the reason and fresh ways."""
    form = parse_replan(request.form, clock.now().date())
    try:
        done = _place(course_id, parse_place(request.form))
    except (ConflictError, RuleError) as error:
        return _refused(course_id, form, error)
    count = len(done.infusion_ids)
    said(done, "The visit is booked." if count == 1 else f"{count} visits are booked or moved.")
    return redirect(url_for("desk.course", course_id=done.course_id), 303)


def _place(course_id: int, chosen: PlaceForm) -> Done:
    rules = [rule for rule in SPACING if rule in request.form.getlist("rule")]
    override = override_of(chosen, rules)
    return attempt(
        lambda session: place_visits(
            session,
            current_actor(),
            clock.now(),
            course_id,
            chosen.order.placements,
            seen=chosen.order.seen,
            kind="replaced",
            override=override,
            key=chosen.key,
        )
    )


def _refused(course_id: int, form: ReplanForm, error: SixfoldError) -> ResponseReturnValue:
    """The page again: what went wrong, and what is possible now. Nothing typed is lost."""
    with reading() as session:
        try:
            page = replan_preview(session, clock.now(), course_id, form)
        except (ConflictError, NotFoundError):
            raise error from None
    if page is None:
        raise error
    return _shown(page, form, error.status, error)


def _shown(
    page: ReplanPage, form: ReplanForm, status: int, refused: SixfoldError | None = None
) -> ResponseReturnValue:
    allowed = may_override()
    with reading() as session:
        reach = reach_of(session, page.chart.course.patient)
    ways = (page.override,) if page.override and allowed else page.ways
    answer = render_template(
        "courses/replan.html",
        page=page,
        form=form,
        ways=ways,
        reach=reach,
        say=ReplanSentences(page, reach),
        may_override=allowed,
        key=secrets.token_urlsafe(16),
        refused=refused,
        chosen=request.form.get("proposal", ""),
        reason=typed_reason(),
    )
    return answer, status
