"""The settings of consents: the list, the words of a version, where a consent is needed, and the preview."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.capacity.queries import protocols_with_versions, sites
from scheduler.features.intake.consents.prose import blocks
from scheduler.features.intake.consents.texts import actions
from scheduler.features.intake.consents.texts.form import (
    FIRST,
    WORDS,
    Where,
    read_where,
    read_words,
    typed_words,
)
from scheduler.features.intake.consents.texts.queries import (
    VersionLine,
    newest_line,
    signed_before,
    version_line,
    version_lines,
)
from scheduler.rendering.language import codes, load
from scheduler.web import ADMINISTRATOR, access, current_actor, reading, writing
from scheduler.web.inputs import any_text

blueprint = Blueprint("consent_texts", __name__)
MOST = 40_000


@dataclass(frozen=True)
class Places:
    """Where a consent can be needed: (id as text, name) of protocols and of sites."""

    protocols: list[tuple[str, str]]
    sites: list[tuple[str, str]]

    @property
    def known(self) -> tuple[set[int], set[int]]:
        """Their ids."""
        return {int(each) for each, _ in self.protocols}, {int(each) for each, _ in self.sites}

    def said(self, line: VersionLine) -> str:
        """`All protocols, all sites` of a consent."""
        parts = []
        for ids, among, every in (
            (line.protocol_ids, self.protocols, "All protocols"),
            (line.site_ids, self.sites, "all sites"),
        ):
            parts.append(", ".join(name for each, name in among if int(each) in ids) if ids else every)
        return ", ".join(parts)


@dataclass
class Typed:
    """What the form of a new consent, or of its place, holds."""

    name: str = ""
    protocols: list[str] = field(default_factory=list)
    sites: list[str] = field(default_factory=list)


@blueprint.get("/settings/consents")
@access(ADMINISTRATOR)
def index() -> ResponseReturnValue:
    """Every consent with its newest version and the draft of the next."""
    with reading() as s:
        lines = version_lines(s)
    return render_template("consents/texts/index.html", lines=lines, places=_places())


@blueprint.route("/settings/consents/new", methods=["GET", "POST"])
@access(ADMINISTRATOR)
@any_text
def new() -> ResponseReturnValue:
    """Write a consent."""
    if request.method == "GET":
        return _form(None, Typed(), dict.fromkeys(WORDS, ""))
    place, words = _typed_place(), _typed_words()
    where, errors = _where(place)
    said, wrong = read_words(words)
    if errors or wrong:
        return _form(None, place, words, {**errors, **wrong}), 422
    with writing() as s:
        version_id = actions.add_consent(s, current_actor(), clock.now(), where, said)
    return _to(version_id, "The draft is kept. Look at it as a patient sees it, then publish it.")


@blueprint.get("/settings/consents/texts/<int:version_id>")
@access(ADMINISTRATOR)
def show(version_id: int) -> ResponseReturnValue:
    """One version, with what can be done with it."""
    with reading() as s:
        line = version_line(s, version_id)
        newest = newest_line(s, line.form_id)
        before = signed_before(s, line.form_id)
    languages = [(code, load(code).name, blocks(each["text"])) for code, each in sorted(line.words.items())]
    return render_template(
        "consents/texts/show.html",
        line=line,
        newest=newest,
        before=before,
        languages=languages,
        where=_places().said(line),
    )


@blueprint.route("/settings/consents/texts/<int:version_id>/edit", methods=["GET", "POST"])
@access(ADMINISTRATOR)
@any_text
def edit(version_id: int) -> ResponseReturnValue:
    """Write a draft anew."""
    line = _line(version_id)
    if not line.is_draft:
        raise NotFoundError("A published version never changes. Begin a new version of it.")
    if request.method == "GET":
        return _form(line, None, typed_words(line.words))
    words, again = _typed_words(), bool(request.form.get("asks_again"))
    said, errors = read_words(words)
    if errors:
        return _form(line, None, words, errors, asks_again=again), 422
    try:
        with writing() as s:
            actions.save_draft(s, current_actor(), clock.now(), version_id, said, again, _seen())
    except (ConflictError, RuleError) as error:
        return _form(line, None, words, {}, error.sentence, again), error.status
    return _to(version_id, "The draft is saved.")


@blueprint.route("/settings/consents/<int:form_id>/place", methods=["GET", "POST"])
@access(ADMINISTRATOR)
def place(form_id: int) -> ResponseReturnValue:
    """Its name, and for which protocols and at which sites it is needed."""
    with reading() as s:
        line = newest_line(s, form_id)
    if request.method == "GET":
        ids = [str(each) for each in line.protocol_ids], [str(each) for each in line.site_ids]
        return _place(line, Typed(line.name, *ids))
    typed = _typed_place()
    where, errors = _where(typed)
    if errors:
        return _place(line, typed, errors), 422
    with writing() as s:
        actions.save_where(s, current_actor(), clock.now(), form_id, where)
    return _to(line.id, "Saved. It holds from now on.")


@blueprint.get("/settings/consents/texts/<int:version_id>/preview")
@access(ADMINISTRATOR)
def preview(version_id: int) -> ResponseReturnValue:
    """The text as a patient sees it; nothing can be signed here."""
    line = _line(version_id)
    asked = request.args.get("in", FIRST)
    code = asked if asked in line.words else FIRST
    return render_template(
        "consents/texts/preview.html",
        line=line,
        language=load(code),
        title=line.words[code]["title"],
        blocks=blocks(line.words[code]["text"]),
    )


@blueprint.post("/settings/consents/texts/<int:version_id>/publish")
@access(ADMINISTRATOR)
def publish(version_id: int) -> ResponseReturnValue:
    """From now on it is what patients sign, and it never changes."""
    with writing() as s:
        actions.publish(s, current_actor(), clock.now(), version_id, _seen())
    return _to(version_id, "Published. From now on patients sign this version.")


@blueprint.post("/settings/consents/<int:form_id>/next")
@access(ADMINISTRATOR)
def next_text(form_id: int) -> ResponseReturnValue:
    """Begin the next version, as a draft with the same words."""
    with writing() as s:
        draft = actions.next_version(s, current_actor(), clock.now(), form_id)
    return redirect(url_for("consent_texts.edit", version_id=draft), 303)


@blueprint.post("/settings/consents/<int:form_id>/retire")
@access(ADMINISTRATOR)
def retire(form_id: int) -> ResponseReturnValue:
    """Ask nobody for it any more, or again (`back`)."""
    away = not request.form.get("back")
    with writing() as s:
        actions.retire(s, current_actor(), clock.now(), form_id, away)
    flash("Retired. What was signed stays." if away else "Patients are asked for it again.", "ok")
    return redirect(url_for("consent_texts.index"), 303)


@blueprint.post("/settings/consents/texts/<int:version_id>/throw-away")
@access(ADMINISTRATOR)
def throw_away(version_id: int) -> ResponseReturnValue:
    """Delete a draft that nobody needs."""
    with writing() as s:
        actions.throw_away(s, current_actor(), clock.now(), version_id)
    flash("The draft is thrown away.", "ok")
    return redirect(url_for("consent_texts.index"), 303)


def _line(version_id: int) -> VersionLine:
    with reading() as s:
        return version_line(s, version_id)


def _places() -> Places:
    with reading() as s:
        protocols = [(str(each.id), each.name) for each in protocols_with_versions(s)]
        return Places(protocols, [(str(each.id), each.name) for each in sites(s)])


def _typed_place() -> Typed:
    form = request.form
    return Typed(form.get("name", "")[:MOST], form.getlist("protocols"), form.getlist("sites"))


def _typed_words() -> dict[str, str]:
    return {name: request.form.get(name, "")[:MOST] for name in WORDS}


def _where(typed: Typed) -> tuple[Where, dict[str, str]]:
    return read_where(typed.name, typed.protocols, typed.sites, _places().known)


def _seen() -> int:
    seen = request.form.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0


def _form(
    line: VersionLine | None,
    place: Typed | None,
    words: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    trouble: str = "",
    asks_again: bool | None = None,
) -> str:
    """The form of the words; a new consent's has its name and place besides."""
    again = asks_again if asks_again is not None else line is None or line.asks_again
    more: dict[str, Any] = {"languages": [(code, load(code).name) for code in codes()], "asks_again": again}
    return render_template(
        "consents/texts/form.html",
        line=line,
        place=place,
        places=_places(),
        words=words,
        errors=errors or {},
        trouble=trouble,
        **more,
    )


def _place(line: VersionLine, typed: Typed, errors: Mapping[str, str] | None = None) -> str:
    return render_template(
        "consents/texts/place.html", line=line, place=typed, places=_places(), errors=errors or {}
    )


def _to(version_id: int, said: str) -> ResponseReturnValue:
    flash(said, "ok")
    return redirect(url_for("consent_texts.show", version_id=version_id), 303)
