"""The waiting list: who waits, what could be offered now, and the patient's answer in one click."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, RuleError, SixfoldError
from scheduler.features.audit.actions import record, record_read
from scheduler.features.courses.actions.opened import course_of
from scheduler.features.courses.placing import Done
from scheduler.features.courses.views.steps import said
from scheduler.features.patients.queries import search
from scheduler.features.patients.views.shown import note_shown
from scheduler.features.waiting.actions.answer import accept, answer, offer
from scheduler.features.waiting.actions.entries import add_entry, edit_entry
from scheduler.features.waiting.forms import (
    WishForm,
    parse_patient,
    parse_skip,
    parse_step,
    parse_what,
    parse_wish,
)
from scheduler.features.waiting.page import entry_page, list_page, new_page
from scheduler.features.waiting.queries import already
from scheduler.features.waiting.steps import WaitingStep
from scheduler.web import DESK, access, attempt, current_actor, reading, writing

blueprint = Blueprint("waiting", __name__)

SAID = {
    WaitingStep.OFFER: "The offer is noted. It holds no room: whoever accepts first has it.",
    WaitingStep.DECLINE: "The answer is noted.",
    WaitingStep.TAKE_BACK: "The offer is taken back.",
    WaitingStep.AGAIN: "The patient waits again.",
    WaitingStep.WITHDRAW: "The patient is off the list.",
}


@blueprint.get("/waiting")
@access(DESK)
def index() -> ResponseReturnValue:
    """The list, with what could be offered first."""
    return _list(None)


@blueprint.get("/waiting/new")
@access(DESK)
def new() -> ResponseReturnValue:
    """Who is to wait, then for what. What is on the list already leads to its entry."""
    patient_id = parse_patient(request.args)
    if patient_id is None:
        return _choose_patient()
    what = request.args.get("what", "")
    with reading() as session:
        known = already(session, *parse_what(what)) if what else None
    if known:
        return redirect(url_for("waiting.show", entry_id=known), 303)
    return _new(patient_id, what)


@blueprint.post("/waiting/new")
@access(DESK)
def add() -> ResponseReturnValue:
    """Put somebody on the list."""
    form = parse_wish(request.form)
    try:
        visit, course = parse_what(form.what)
        entry_id = attempt(
            lambda session: (
                add_entry(
                    session,
                    current_actor(),
                    clock.now(),
                    course or course_of(session, visit or 0),
                    visit,
                    form.wish,
                ).id
            )
        )
    except (ConflictError, RuleError) as error:
        patient_id = parse_patient(request.form)
        if patient_id is None:
            raise
        return _new(patient_id, form.what, form, error), error.status
    flash("The patient is on the waiting list.", "ok")
    return redirect(url_for("waiting.show", entry_id=entry_id), 303)


@blueprint.get("/waiting/<int:entry_id>")
@access(DESK)
def show(entry_id: int) -> ResponseReturnValue:
    """One entry: its wishes, which can be changed, and all that happened to it."""
    return _entry(entry_id)


@blueprint.post("/waiting/<int:entry_id>")
@access(DESK)
def edit(entry_id: int) -> ResponseReturnValue:
    """Change what is wished."""
    form = parse_wish(request.form)
    try:
        attempt(
            lambda session: (
                edit_entry(session, current_actor(), clock.now(), entry_id, form.wish, form.version).id
            )
        )
    except (ConflictError, RuleError) as error:
        return _entry(entry_id, form, error), error.status
    flash("The wishes are saved.", "ok")
    return redirect(url_for("waiting.show", entry_id=entry_id), 303)


@blueprint.post("/waiting/<int:entry_id>/steps")
@access(DESK)
def step(entry_id: int) -> ResponseReturnValue:
    """Offer, accept, decline and so on; then the list again, with what went wrong if it did."""
    try:
        taken, move = parse_step(request.form)
        if taken is WaitingStep.ACCEPT:
            done: Done = attempt(
                lambda session: accept(session, current_actor(), clock.now(), entry_id, move)
            )
            count = len(done.infusion_ids)
            said(done, "The visit is moved." if count == 1 else f"{count} visits are moved.")
        elif taken is WaitingStep.OFFER:
            attempt(lambda session: offer(session, current_actor(), clock.now(), entry_id, move).id)
            flash(SAID[taken], "ok")
        else:
            attempt(lambda session: answer(session, current_actor(), clock.now(), entry_id, taken).id)
            flash(SAID[taken], "ok")
    except (ConflictError, RuleError) as error:
        return _list(error), error.status
    return redirect(url_for("waiting.index"), 303)


def _list(refused: SixfoldError | None) -> str:
    with reading() as session:
        page = list_page(session, clock.now(), parse_skip(request.args))
    with writing() as session:
        record(session, current_actor(), clock.now(), "waiting.listed", "waiting_entry")
    return render_template("waiting/index.html", page=page, refused=refused)


def _choose_patient() -> str:
    text = request.args.get("q", "").strip()[:100]
    with reading() as session:
        hits = search(session, text) if text else []
    note_shown(hits)
    template = "waiting/_hits.html" if request.headers.get("HX-Request") else "waiting/who.html"
    return render_template(template, q=text, hits=hits)


def _new(patient_id: int, what: str, form: WishForm | None = None, error: SixfoldError | None = None) -> str:
    with reading() as session:
        page = new_page(session, clock.now(), patient_id)
    with writing() as session:
        record_read(session, current_actor(), clock.now(), "patient", patient_id, patient_id)
    wish, errors = form.wish if form else page.wish, _errors(error)
    return render_template("waiting/new.html", page=page, what=what, form=form, errors=errors, wish=wish)


def _entry(entry_id: int, form: WishForm | None = None, error: SixfoldError | None = None) -> str:
    with reading() as session:
        page = entry_page(session, entry_id)
    with writing() as session:
        patient_id = page.shown.line.patient.id
        record_read(session, current_actor(), clock.now(), "waiting_entry", entry_id, patient_id)
    wish, errors = form.wish if form else page.wish, _errors(error)
    return render_template("waiting/entry.html", page=page, form=form, errors=errors, wish=wish)


def _errors(error: SixfoldError | None) -> dict[str, str]:
    """What is wrong by field; under "" what belongs to none."""
    if error is None:
        return {}
    return dict(error.extra.get("errors", {})) or {"": error.sentence}
