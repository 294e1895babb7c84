"""A course beside the patient's last one."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.features.audit.actions import record_read
from scheduler.features.review.progress.last import beside_last
from scheduler.features.review.views.blueprint import blueprint
from scheduler.web import CHARTING, access, current_actor, reading, writing


@blueprint.get("/courses/<int:course_id>/beside")
@access(CHARTING)
def beside(course_id: int) -> ResponseReturnValue:
    """The page, or for the course log the part of it that stands there."""
    now = clock.now()
    with reading() as s:
        found = beside_last(s, course_id, now)
    with writing() as s:
        for side in (found.before, found.now):
            record_read(s, current_actor(), now, "course_log", side.course_id, found.patient_id)
    part = bool(request.headers.get("HX-Request"))
    return render_template("review/_beside.html" if part else "review/beside.html", found=found)
