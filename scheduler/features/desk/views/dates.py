"""A patient's dates on paper."""

from flask import render_template
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.features.desk.queries.dates import date_sheet
from scheduler.features.desk.views.blueprint import blueprint
from scheduler.features.desk.views.shared import note_read
from scheduler.web import DESK, access, reading


@blueprint.get("/courses/<int:course_id>/dates")
@access(DESK)
def dates(course_id: int) -> ResponseReturnValue:
    """The sheet, to look at and to print."""
    now = clock.now()
    with reading() as s:
        sheet = date_sheet(s, course_id, now)
    note_read(now, "course", course_id, sheet.patient_id)
    return render_template("desk/dates.html", sheet=sheet, course_id=course_id)
