"""Move one visit: choose a time, see what it does to the others, and do it in one step."""

import secrets

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, NotFoundError, RuleError, SixfoldError
from scheduler.features.audit.actions import record_read
from scheduler.features.courses.actions.place import Done, place_visits
from scheduler.features.courses.moving.forms import MoveForm, PlaceForm, parse_place, parse_wish
from scheduler.features.courses.moving.preview import MovePreview, move_preview
from scheduler.features.courses.moving.sentences import MoveSentences
from scheduler.features.courses.reach import reach_of
from scheduler.features.courses.views.blueprint import blueprint
from scheduler.features.courses.views.overriding import may_override, override_of, typed_reason
from scheduler.features.courses.views.steps import said
from scheduler.web import DESK, access, attempt, current_actor, reading, writing

FIRST_DAYS = 6


@blueprint.get("/infusions/<int:infusion_id>/move")
@access(DESK)
def move(infusion_id: int) -> ResponseReturnValue:
    """Where a visit could go; with a day and a time, what that does, before anything is saved."""
    form = parse_wish(request.args, clock.now())
    with reading() as session:
        page = move_preview(session, clock.now(), infusion_id, form.wish)
    with writing() as session:
        patient_id = page.chart.course.patient_id
        record_read(session, current_actor(), clock.now(), "infusion", infusion_id, patient_id)
    return _shown(page, form, 422 if form.errors else 200)


@blueprint.post("/infusions/<int:infusion_id>/move")
@access(DESK)
def place(infusion_id: int) -> ResponseReturnValue:
    """Do what was chosen. Where it can't be done the page comes back with the reason and fresh ways."""
    now = clock.now()
    form = parse_wish(request.form, now)
    with reading() as session:
        page = move_preview(session, now, infusion_id, form.wish)
    try:
        chosen = parse_place(request.form)
        done = _place(page, chosen)
    except (ConflictError, RuleError) as error:
        return _refused(infusion_id, form, error)
    count = len(done.infusion_ids)
    said(done, "The visit is moved." if count == 1 else f"{count} visits are moved.")
    return redirect(url_for("desk.course", course_id=done.course_id), 303)


def _place(page: MovePreview, chosen: PlaceForm) -> Done:
    override = override_of(chosen, page.override.rules if page.override else ())
    return attempt(
        lambda session: place_visits(
            session,
            current_actor(),
            clock.now(),
            page.chart.course.id,
            chosen.order.placements,
            seen=chosen.order.seen,
            override=override,
            key=chosen.key,
        )
    )


def _refused(infusion_id: int, form: MoveForm, error: SixfoldError) -> ResponseReturnValue:
    """The page again: what went wrong, by whom, and what is possible now. Nothing typed is lost."""
    with reading() as session:
        try:
            page = move_preview(session, clock.now(), infusion_id, form.wish)
        except (ConflictError, NotFoundError):
            raise error from None
    return _shown(page, form, error.status, error)


def _shown(
    page: MovePreview, form: MoveForm, status: int, refused: SixfoldError | None = None
) -> ResponseReturnValue:
    allowed = may_override()
    with reading() as session:
        reach = reach_of(session, page.chart.course.patient)
    ways = (*page.ways[:2], page.override) if page.override and allowed else page.ways
    answer = render_template(
        "courses/move.html",
        page=page,
        form=form,
        ways=ways,
        say=MoveSentences(page, reach),
        may_override=allowed,
        offers=page.offers if request.args.get("days") == "all" else page.offers[:FIRST_DAYS],
        key=secrets.token_urlsafe(16),
        refused=refused,
        chosen=request.form.get("proposal", ""),
        reason=typed_reason(),
    )
    return answer, status
