"""Saving one part of a log: from its button, or by itself as somebody writes."""

from flask import abort, request
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import RuleError
from scheduler.features.infusion_logs.actions.save import save_part
from scheduler.features.infusion_logs.fields import Part
from scheduler.features.infusion_logs.forms.part import read_part
from scheduler.features.infusion_logs.queries.place import place_of
from scheduler.features.infusion_logs.views.blueprint import blueprint
from scheduler.features.infusion_logs.views.shared import broken, is_clinician, refused, sent, taken
from scheduler.web import CHARTING, access, attempt, current_actor, reading
from scheduler.web.inputs import any_text


@blueprint.post("/infusions/<int:infusion_id>/log/<part>")
@access(CHARTING)
@any_text
def save(infusion_id: int, part: str) -> ResponseReturnValue:
    """Save what can be saved of a part; the rest comes back with its reason."""
    if part not in list(Part):
        abort(404)
    with reading() as s:
        now = place_of(s, infusion_id).clock(clock.now())
    wrote = read_part(Part(part), sent(), list(request.form), now, by_clinician=is_clinician())
    try:
        problems = attempt(lambda s: save_part(s, current_actor(), clock.now(), infusion_id, wrote))
    except RuleError as error:
        return broken(infusion_id, part, dict(wrote.texts), error)
    if problems:
        # Only what was not taken: anything else shows what stands there now, perhaps somebody else's.
        return refused(infusion_id, part, {problem.field: problem.typed for problem in problems}, problems)
    return taken(infusion_id, part, "It is saved.")
