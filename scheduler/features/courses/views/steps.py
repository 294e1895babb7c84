"""Steps of a visit, and taking back what was done: one POST each, from any page and back to it."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.errors import ForbiddenError
from scheduler.features.courses.actions.counts import say_counts
from scheduler.features.courses.actions.expect import expect
from scheduler.features.courses.actions.step import take_step
from scheduler.features.courses.actions.undo import undo as undo_change
from scheduler.features.courses.placing import Done
from scheduler.features.courses.queries import visit_day
from scheduler.features.courses.step_forms import StepForm, expected_at, parse_step
from scheduler.features.courses.transitions import TRANSITIONS
from scheduler.features.courses.views.blueprint import blueprint
from scheduler.web import DESK, access, attempt, current_actor, reading
from scheduler.web.local_paths import local_path, path_of


@blueprint.post("/infusions/<int:infusion_id>/steps")
@access(DESK)
def step(infusion_id: int) -> ResponseReturnValue:
    """Take one step, then back to where the button stood."""
    form = parse_step(request.form)
    if form.counts is not None and "clinician" not in current_user.roles:
        raise ForbiddenError("Only a clinician can say whether an infusion counts.")
    done, words = _taken(infusion_id, form)
    said(done, words, frees=form.step is not None and TRANSITIONS[form.step].frees)
    return redirect(_next(url_for("desk.visit", infusion_id=infusion_id)), 303)


@blueprint.post("/changes/<int:change_id>/undo")
@access(DESK)
def undo(change_id: int) -> ResponseReturnValue:
    """Take back a change."""
    done = attempt(lambda session: undo_change(session, current_actor(), clock.now(), change_id))
    flash(f"It is undone.{_told(done)}", "ok")
    return redirect(_next(url_for("desk.course", course_id=done.course_id)), 303)


def said(done: Done, words: str, *, frees: bool = False) -> None:
    """The toast after a change, with the way back, and the way to new dates where it `frees` a number."""
    category = f"undo:{done.change_id}" if done.undo_until and not done.replayed else "ok"
    if frees and category != "ok":
        after = done.infusion_ids[0] if len(done.infusion_ids) == 1 else 0
        category = f"{category}:{done.course_id}:{after}"
    flash(f"{words}{_told(done)}", category)


def _told(done: Done) -> str:
    if not done.messages:
        return ""
    return " 1 message goes out." if done.messages == 1 else f" {done.messages} messages go out."


def _taken(infusion_id: int, form: StepForm) -> tuple[Done, str]:
    now, actor = clock.now(), current_actor()
    with reading() as session:
        number, day, tz = visit_day(session, infusion_id)
    if form.step is not None and form.seen is not None:
        taken, seen = form.step, form.seen
        done = attempt(
            lambda session: take_step(
                session, actor, now, infusion_id, taken, seen=seen, reason=form.reason, counts=form.counts
            )
        )
        return done, f"Visit no. {number} {TRANSITIONS[taken].done}."
    if form.counts is not None:
        counts = form.counts
        done = attempt(lambda session: say_counts(session, actor, now, infusion_id, counts))
        return done, f"Visit no. {number} {'counts' if counts else 'does not count'}."
    at = expected_at(day, form.expected, tz)
    done = attempt(lambda session: expect(session, actor, now, infusion_id, at))
    return done, f"Visit no. {number} is expected at {at:%H:%M}." if at else "The time is taken away."


def _next(otherwise: str) -> str:
    origin = request.host_url.rstrip("/")
    return (
        local_path(request.form.get("next")) or path_of(request.headers.get("Referer"), {origin}) or otherwise
    )
