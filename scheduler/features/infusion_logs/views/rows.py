"""Adverse events, rescue drugs, interruptions of the pump: added, changed, struck out."""

from flask import abort
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, RuleError
from scheduler.features.infusion_logs.actions.rows import put_row, strike_row
from scheduler.features.infusion_logs.forms.row import RowForm, read_row
from scheduler.features.infusion_logs.queries.place import place_of
from scheduler.features.infusion_logs.rows import SPECS, RowKind
from scheduler.features.infusion_logs.views.blueprint import blueprint
from scheduler.features.infusion_logs.views.shared import broken, refused, sent, taken
from scheduler.web import CHARTING, access, attempt, current_actor, reading


@blueprint.post("/infusions/<int:infusion_id>/log/rows/<kind>")
@access(CHARTING)
def put(infusion_id: int, kind: str) -> ResponseReturnValue:
    """Add a line, change one or strike one out."""
    if kind not in list(RowKind):
        abort(404)
    now = clock.now()
    with reading() as s:
        place = place_of(s, infusion_id)
    form = read_row(RowKind(kind), sent(), place, now)
    name = kind if form.entered.row_id is None else f"{kind}-{form.entered.row_id}"
    if form.problems:
        return refused(infusion_id, name, form.typed, form.problems)
    try:
        _write(infusion_id, form)
    except (RuleError, ConflictError) as error:
        return broken(infusion_id, name, form.typed, error)
    one = SPECS[RowKind(kind)].one
    return taken(infusion_id, kind, f"The {one} is {'struck out' if form.strikes else 'recorded'}.")


def _write(infusion_id: int, form: RowForm) -> None:
    now, actor = clock.now(), current_actor()
    if form.strikes:
        reason = form.typed["reason"]
        attempt(lambda s: strike_row(s, actor, now, infusion_id, form.entered, reason))
    else:
        attempt(lambda s: put_row(s, actor, now, infusion_id, form.entered))
