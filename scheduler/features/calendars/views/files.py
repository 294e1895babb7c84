"""Downloads of calendar files."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Response
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.features.audit.actions import record_read
from scheduler.features.calendars.queries import CalendarFacts, of_course, of_infusion
from scheduler.features.calendars.views.blueprint import blueprint
from scheduler.rendering import ics
from scheduler.web import DESK, access, current_actor, reading, writing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@blueprint.get("/courses/<int:course_id>/calendar.ics")
@access(DESK)
def course(course_id: int) -> ResponseReturnValue:
    """All visits of a course in one file."""
    return _download(of_course, "course_calendar", course_id)


@blueprint.get("/infusions/<int:infusion_id>/calendar.ics")
@access(DESK)
def infusion(infusion_id: int) -> ResponseReturnValue:
    """One visit in a file."""
    return _download(of_infusion, "infusion_calendar", infusion_id)


def _download(
    read: "Callable[[Session, int], CalendarFacts]", entity: str, entity_id: int
) -> ResponseReturnValue:
    with reading() as session:
        facts = read(session, entity_id)
    body = ics.calendar_file(facts.events, facts.name, facts.locale, facts.language)
    with writing() as session:
        record_read(session, current_actor(), clock.now(), entity, entity_id, facts.patient_id)
    answer = Response(body, content_type=ics.CONTENT_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{ics.file_name(len(facts.events))}"'
    return answer
