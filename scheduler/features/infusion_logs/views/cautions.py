"""Allergies and interpreters, noted at the chair."""

from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import RuleError
from scheduler.features.infusion_logs.actions.cautions import note_at_visit, strike_at_visit
from scheduler.features.infusion_logs.views.blueprint import blueprint
from scheduler.features.infusion_logs.views.shared import broken, sent, taken
from scheduler.web import CHARTING, access, attempt, current_actor


@blueprint.post("/infusions/<int:infusion_id>/log/cautions")
@access(CHARTING)
def note(infusion_id: int) -> ResponseReturnValue:
    """Note an allergy, that there is none, or an interpreter; with `strike`, strike one out."""
    form, now, actor = sent(), clock.now(), current_actor()
    kind, words, strike = form.text("kind"), form.text("words"), form.whole("strike")
    try:
        if strike is not None:
            attempt(lambda s: strike_at_visit(s, actor, now, infusion_id, strike))
        else:
            attempt(lambda s: note_at_visit(s, actor, now, infusion_id, kind, words))
    except RuleError as error:
        return broken(infusion_id, "cautions", {"kind": kind, "words": words}, error)
    return taken(infusion_id, "cautions", "It is noted." if strike is None else "It is struck out.")
