"""The ratings of a course: looking at all, recording and correcting one, sending a link, ending an alert."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.errors import ConflictError, RuleError
from scheduler.features.audit.actions import record_read
from scheduler.features.ratings.actions.prompt import send_link
from scheduler.features.ratings.actions.record import record as save
from scheduler.features.ratings.cognition.queries import course_tasks
from scheduler.features.ratings.forms import RatingForm, read_answers
from scheduler.features.ratings.queries import place_of_course
from scheduler.features.ratings.queries.course import course_ratings, instrument_at, ratings_at
from scheduler.features.ratings.queries.facts import asked_of
from scheduler.features.ratings.queries.prompts import prompt_for
from scheduler.features.ratings.queries.waiting import due_list
from scheduler.features.ratings.sheet import screens
from scheduler.features.ratings.slots import parse_slot
from scheduler.features.ratings.views.blueprint import blueprint
from scheduler.features.ratings.words import said
from scheduler.features.tasks.alerting.acknowledge import acknowledge
from scheduler.web import CHARTING, CLINICIAN, DESK, access, current_actor, reading, writing

FIELDS = {"rated_at": "rated_time", "answers": ""}


@blueprint.get("/ratings")
@access(DESK)
def due() -> ResponseReturnValue:
    """What waits to be answered. No value stands on it."""
    now = clock.now()
    with reading() as s:
        lines = due_list(s, now)
    for patient_id in sorted({line.patient_id for line in lines}):
        _note("patient", patient_id, patient_id)
    return render_template("ratings/due.html", lines=lines)


@blueprint.get("/courses/<int:course_id>/ratings")
@access(CHARTING)
def course(course_id: int) -> ResponseReturnValue:
    """All occasions of a course, what was given, and how it goes."""
    return _course_page(course_id)


@blueprint.post("/courses/<int:course_id>/ratings/<slot>/link")
@access(DESK)
def link(course_id: int, slot: str) -> ResponseReturnValue:
    """Send the patient a link to what an occasion asks."""
    now, at = clock.now(), parse_slot(slot)
    try:
        with writing() as s:
            message = send_link(s, current_actor(), now, prompt_for(s, course_id, at, now))
            by = "by mail" if message.channel.value == "email" else "by text"
        flash(f"The link goes out {by}.", "ok")
    except RuleError as error:
        flash(error.sentence, "stop")
    return redirect(url_for("ratings.due"), 303)


@blueprint.post("/courses/<int:course_id>/alerts/<int:alert_id>")
@access(CLINICIAN)
def end_alert(course_id: int, alert_id: int) -> ResponseReturnValue:
    """Write down what was done about an alert."""
    words = request.form.get("what_was_done", "")
    try:
        with writing() as s:
            acknowledge(s, current_actor(), clock.now(), alert_id, words, course_id=course_id)
    except (RuleError, ConflictError) as error:
        return _course_page(course_id, wrong=alert_id, typed=words, trouble=error.sentence), error.status
    flash("What was done is recorded.", "ok")
    return redirect(url_for("ratings.course", course_id=course_id), 303)


@blueprint.get("/courses/<int:course_id>/ratings/<slot>/<code>")
@access(CHARTING)
def entry(course_id: int, slot: str, code: str) -> ResponseReturnValue:
    """The form of one instrument at one occasion."""
    return _entry_page(course_id, slot, code)


@blueprint.post("/courses/<int:course_id>/ratings/<slot>/<code>")
@access(CHARTING)
def enter(course_id: int, slot: str, code: str) -> ResponseReturnValue:
    """Record it, or correct what stands there."""
    now, at = clock.now(), parse_slot(slot)
    with reading() as s:
        place = place_of_course(s, course_id)
        instrument = instrument_at(s, asked_of(s, course_id), at, code)
    form = read_answers(request.form, place, at, instrument)
    if form.entry is None:
        return _entry_page(course_id, slot, code, form, form.errors), 422
    try:
        with writing() as s:
            save(s, current_actor(), now, course_id, form.entry)
    except (RuleError, ConflictError) as error:
        name = error.extra.get("field", "") if isinstance(error, RuleError) else ""
        return _entry_page(
            course_id, slot, code, form, {FIELDS.get(name, name): error.sentence}
        ), error.status
    flash("The rating is recorded." if form.entry.replaces is None else "The rating is corrected.", "ok")
    return redirect(url_for("ratings.course", course_id=course_id), 303)


def _course_page(course_id: int, **shown: Any) -> str:
    now = clock.now()
    with reading() as s:
        page, tasks = course_ratings(s, course_id, now), course_tasks(s, course_id)
    _note("course", course_id, page.patient_id)
    may_end = bool(CLINICIAN & current_user.roles)
    return render_template(
        "ratings/course.html",
        page=page,
        tasks=tasks,
        may_end=may_end,
        **{"wrong": 0, "typed": "", "trouble": "", **shown},
    )


def _entry_page(
    course_id: int,
    slot: str,
    code: str,
    form: RatingForm | None = None,
    errors: Mapping[str, str] | None = None,
) -> str:
    now, at = clock.now(), parse_slot(slot)
    with reading() as s:
        place = place_of_course(s, course_id)
        asked = asked_of(s, course_id)
        instrument = instrument_at(s, asked, at, code)
        given = ratings_at(s, course_id, at, code, place.zone)
    _note("course", course_id, place.patient_id)
    return render_template(
        "ratings/entry.html",
        course_id=course_id,
        slot=slot,
        code=code,
        title=said(at, asked.of(at).number),
        instrument=instrument,
        screens=screens((instrument,), place.language),
        given=given,
        current=next((one for one in given if one.voided_at is None), None),
        now=now.astimezone(place.zone),
        form=form,
        errors=errors or {},
    )


def _note(entity: str, entity_id: int, patient_id: int) -> None:
    with writing() as s:
        record_read(s, current_actor(), clock.now(), entity, entity_id, patient_id)
