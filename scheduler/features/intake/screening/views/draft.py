"""A screening as it is typed: its page, and saving one part, from its button or by itself."""

from collections.abc import Sequence

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import RuleError
from scheduler.features.intake.screening.actions.save import save_part
from scheduler.features.intake.screening.forms import read_part
from scheduler.features.intake.screening.problems import Problem
from scheduler.features.intake.screening.queries.page import page_of
from scheduler.features.intake.screening.views import shared
from scheduler.features.intake.screening.views.blueprint import blueprint
from scheduler.features.intake.screening.views.shared import Back
from scheduler.web import CLINICIAN, access, attempt, current_actor, reading
from scheduler.web.inputs import any_text

JSON = "application/json"
LIVE = ("reading", "lacks", "changes", "crisis")


@blueprint.get("/screenings/<int:screening_id>")
@access(CLINICIAN)
def show(screening_id: int) -> ResponseReturnValue:
    """One screening."""
    return shared.show(screening_id)


@blueprint.post("/screenings/<int:screening_id>/parts/<part>")
@access(CLINICIAN)
@any_text
def save(screening_id: int, part: str) -> ResponseReturnValue:
    """Save what can be saved of a part; the rest comes back with its reason."""
    wrote, now, actor = read_part(part, request.form), clock.now(), current_actor()
    try:
        problems = attempt(lambda s: save_part(s, actor, now, screening_id, wrote))
    except RuleError as error:
        problem = Problem("", error.sentence, "")
        return _refused(screening_id, part, [problem], dict(wrote.texts), error.status)
    if problems:
        return _refused(screening_id, part, problems, {one.field: one.typed for one in problems}, 422)
    if _by_script():
        return jsonify(saved=True, **_live(screening_id, part, ()))
    flash("It is saved.", "ok")
    return redirect(url_for("screening.show", screening_id=screening_id, _anchor=f"part-{part}"), 303)


def _refused(
    screening_id: int, part: str, problems: Sequence[Problem], typed: dict[str, str], status: int
) -> ResponseReturnValue:
    if _by_script():
        return jsonify(saved=False, **_live(screening_id, part, problems))
    return shared.show(screening_id, Back(part, typed, problems), status)


def _live(screening_id: int, part: str, problems: Sequence[Problem]) -> dict[str, object]:
    """What the page's script brings up to date."""
    with reading() as s:
        page = page_of(s, screening_id, clock.now())
    found = page.draft.form.part(part)
    names = [name for name, _ in found.fields()] if found else []
    answers = page.draft.row.answers
    return {
        "version": page.draft.row.version,
        "texts": {name: answers.get(name, "") for name in names},
        "said": render_template("intake/screening/_said.html", problems=problems),
        "fields": [problem.field for problem in problems if problem.field],
        "parts": {name: render_template(f"intake/screening/_{name}.html", page=page) for name in LIVE},
    }


def _by_script() -> bool:
    return request.accept_mimetypes.best == JSON
