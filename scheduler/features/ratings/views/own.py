"""Instruments that the clinic writes itself: the form, the preview on a phone, and versions."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.capacity.queries import sites
from scheduler.features.ratings.own.actions import (
    add_draft,
    next_version,
    publish,
    retire,
    save_draft,
    throw_away,
)
from scheduler.features.ratings.own.form import FIELDS, LANGUAGES, read_instrument, typed_of
from scheduler.features.ratings.own.licensed import licensed_name
from scheduler.features.ratings.own.queries import OwnLine, own_line
from scheduler.features.ratings.queries.links import preview_of
from scheduler.features.ratings.scoring import score
from scheduler.features.ratings.sheet import read_sheet, screens
from scheduler.features.ratings.views.blueprint import blueprint
from scheduler.features.ratings.views.plans import RECALL
from scheduler.features.ratings.views.questions import sheet_page
from scheduler.rendering.language import codes, load
from scheduler.web import ADMINISTRATOR, access, current_actor, reading, writing
from scheduler.web.csrf import check_without_referrer, csrf
from scheduler.web.inputs import any_text

FORMS = (("words", "Words to choose from"), ("numbers", "Numbers from 0 to 10"), ("line", "A line, 0 to 100"))
METHODS = (("sum", "The sum of all answers"), ("mean", "Their mean"), ("highest", "The highest of them"))


@blueprint.route("/settings/instruments/new", methods=["GET", "POST"])
@access(ADMINISTRATOR)
@any_text
def new_instrument() -> ResponseReturnValue:
    """Write an instrument of the clinic's own."""
    if request.method == "GET":
        return _form({**dict.fromkeys(FIELDS, ""), "recall": "week", "form": "words", "method": "sum"})
    typed = _typed()
    instrument, errors = read_instrument(typed)
    if instrument is None:
        return _form(typed, errors), 422
    with writing() as s:
        own_id = add_draft(s, current_actor(), clock.now(), instrument)
    return _to(own_id, "The draft is kept. Look at it as a patient sees it, then publish it.")


@blueprint.get("/settings/instruments/own/<int:own_id>")
@access(ADMINISTRATOR)
def own_instrument(own_id: int) -> ResponseReturnValue:
    """One version, with what can be done with it."""
    line = _line(own_id)
    languages = [
        (one, load(one).name, screens((line.instrument,), one))
        for one in codes()
        if one in line.instrument.wordings
    ]
    return render_template(
        "ratings/own/show.html", line=line, instrument=line.instrument, languages=languages, recall=RECALL
    )


@blueprint.route("/settings/instruments/own/<int:own_id>/edit", methods=["GET", "POST"])
@access(ADMINISTRATOR)
@any_text
def edit_instrument(own_id: int) -> ResponseReturnValue:
    """Write a draft anew."""
    line = _line(own_id)
    if not line.is_draft:
        raise NotFoundError("A published version never changes. Begin a new version of it.")
    if request.method == "GET":
        return _form(typed_of(line.instrument), line=line)
    typed = _typed()
    instrument, errors = read_instrument(typed)
    if instrument is None:
        return _form(typed, errors, line), 422
    try:
        with writing() as s:
            save_draft(s, current_actor(), clock.now(), own_id, instrument, _seen())
    except (ConflictError, RuleError) as error:
        return _form(typed, {}, line, error.sentence), error.status
    return _to(own_id, "The draft is saved.")


@blueprint.route("/settings/instruments/own/<int:own_id>/preview", methods=["GET", "POST"])
@csrf.exempt  # The page sends no Referer, as the patients' own page: it is checked without one.
@access(ADMINISTRATOR)
def preview(own_id: int) -> ResponseReturnValue:
    """The questions as a patient sees them. Answers are scored and not kept."""
    instrument = _line(own_id).instrument
    language = instrument.language(request.args.get("in", "en"))
    action = f"{url_for('ratings.preview', own_id=own_id)}?in={language}"
    with reading() as s:
        questions = preview_of(instrument, language, next(iter(sites(s)), None), clock.now())
    if request.method == "GET":
        return sheet_page(questions, action, "")
    check_without_referrer()
    form = read_sheet(request.form, (instrument,))
    if form.trouble:
        return sheet_page(questions, action, "", form), 422
    found = score(instrument, form.answers[instrument.key])
    return render_template("ratings/own/tried.html", own_id=own_id, instrument=instrument, score=found)


@blueprint.post("/settings/instruments/own/<int:own_id>/publish")
@access(ADMINISTRATOR)
def publish_instrument(own_id: int) -> ResponseReturnValue:
    """From now on protocols can ask it, and it never changes."""
    with writing() as s:
        publish(s, current_actor(), clock.now(), own_id, _seen())
    return _to(own_id, "Published. Protocols can ask it from now on, under Ratings of each.")


@blueprint.post("/settings/instruments/own/<int:own_id>/next")
@access(ADMINISTRATOR)
def next_instrument(own_id: int) -> ResponseReturnValue:
    """Begin the next version, as a draft with the same words."""
    with writing() as s:
        draft = next_version(s, current_actor(), clock.now(), own_id)
    return redirect(url_for("ratings.edit_instrument", own_id=draft), 303)


@blueprint.post("/settings/instruments/own/<int:own_id>/retire")
@access(ADMINISTRATOR)
def retire_instrument(own_id: int) -> ResponseReturnValue:
    """Offer it to no protocol any more, or again (`back`)."""
    away = not request.form.get("back")
    with writing() as s:
        retire(s, current_actor(), clock.now(), own_id, away)
    return _to(own_id, "Retired. What was answered stays." if away else "Protocols can ask it again.")


@blueprint.post("/settings/instruments/own/<int:own_id>/throw-away")
@access(ADMINISTRATOR)
def throw_away_draft(own_id: int) -> ResponseReturnValue:
    """Delete a draft that nobody needs."""
    with writing() as s:
        throw_away(s, current_actor(), clock.now(), own_id)
    flash("The draft is thrown away.", "ok")
    return redirect(url_for("ratings.instruments"), 303)


def _line(own_id: int) -> OwnLine:
    with reading() as s:
        return own_line(s, own_id)


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "")[:20_000] for name in FIELDS}


def _seen() -> int:
    seen = request.form.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0


def _form(
    typed: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    line: OwnLine | None = None,
    trouble: str = "",
) -> str:
    return render_template(
        "ratings/own/form.html",
        typed=typed,
        errors=errors or {},
        line=line,
        trouble=trouble,
        licensed=licensed_name(typed["name"]),
        languages=LANGUAGES,
        recalls=[(value, words.capitalize()) for value, words in RECALL.items()],
        forms=FORMS,
        methods=METHODS,
    )


def _to(own_id: int, said: str) -> ResponseReturnValue:
    flash(said, "ok")
    return redirect(url_for("ratings.own_instrument", own_id=own_id), 303)
