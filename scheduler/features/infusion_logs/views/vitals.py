"""Rows of vitals, their corrections, and what was done about a pressure above a limit."""

from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, RuleError
from scheduler.features.infusion_logs.actions.vitals import add_reading, answer_hold
from scheduler.features.infusion_logs.forms.reading import read_reading
from scheduler.features.infusion_logs.lists import HOLD_DONE
from scheduler.features.infusion_logs.queries.place import place_of
from scheduler.features.infusion_logs.views.blueprint import blueprint
from scheduler.features.infusion_logs.views.shared import broken, refused, sent, taken
from scheduler.web import CHARTING, access, attempt, current_actor, reading

UNREAD = "This answer could not be read. Open the log again and write it there."


@blueprint.post("/infusions/<int:infusion_id>/log/vitals")
@access(CHARTING)
def add(infusion_id: int) -> ResponseReturnValue:
    """Add a row, or a correction of one."""
    with reading() as s:
        place = place_of(s, infusion_id)
    form = read_reading(sent(), place)
    name = f"vitals-{form.correction.replaces_id}" if form.correction else "vitals"
    if form.measured is None:
        return refused(infusion_id, name, form.typed, form.problems)
    measured = form.measured
    try:
        attempt(
            lambda s: add_reading(s, current_actor(), clock.now(), infusion_id, measured, form.correction)
        )
    except (RuleError, ConflictError) as error:
        return broken(infusion_id, name, form.typed, error)
    return taken(infusion_id, "vitals", "The row is corrected." if form.correction else "The row is saved.")


@blueprint.post("/infusions/<int:infusion_id>/log/vitals/<int:reading_id>/done")
@access(CHARTING)
def done(infusion_id: int, reading_id: int) -> ResponseReturnValue:
    """Record what was done about a pressure above a limit."""
    form = sent()
    codes = form.chosen("done", [code for code, _ in HOLD_DONE])
    note, key, name = form.text("note")[:500], form.key(), f"hold-{reading_id}"
    try:
        if key is None:
            raise RuleError(UNREAD)
        attempt(
            lambda s: answer_hold(s, current_actor(), clock.now(), infusion_id, reading_id, key, codes, note)
        )
    except RuleError as error:
        return broken(infusion_id, name, {"note": note}, error)
    return taken(infusion_id, "vitals", "What was done is recorded.")
