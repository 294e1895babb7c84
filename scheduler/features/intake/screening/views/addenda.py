"""Addenda to a signed screening."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import RuleError
from scheduler.features.intake.screening.actions.beside import add_addendum
from scheduler.features.intake.screening.forms import read_addendum
from scheduler.features.intake.screening.problems import Problem
from scheduler.features.intake.screening.views import shared
from scheduler.features.intake.screening.views.blueprint import blueprint
from scheduler.features.intake.screening.views.shared import Back
from scheduler.web import CLINICIAN, access, attempt, current_actor
from scheduler.web.inputs import any_text


@blueprint.post("/screenings/<int:screening_id>/addenda")
@access(CLINICIAN)
@any_text
def addendum(screening_id: int) -> ResponseReturnValue:
    """Write one."""
    said, now, actor = read_addendum(request.form), clock.now(), current_actor()
    try:
        attempt(lambda s: add_addendum(s, actor, now, screening_id, said))
    except RuleError as error:
        problem = Problem(str(error.extra.get("field", "")), error.sentence, "")
        typed = {"words": said.words, "reason": said.reason, "key": said.key}
        return shared.show(screening_id, Back("addendum", typed, [problem]), error.status)
    flash("The addendum is signed.", "ok")
    return redirect(url_for("screening.show", screening_id=screening_id, _anchor="addenda"), 303)
