"""The screenings of a person, and beginning the next one."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.features.audit.actions import record_read
from scheduler.features.intake.screening.actions.begin import begin_for_patient, begin_for_request
from scheduler.features.intake.screening.actions.sign import OUTCOMES
from scheduler.features.intake.screening.queries.page import Person, person_of_patient, person_of_request
from scheduler.features.intake.screening.views.blueprint import blueprint
from scheduler.web import CLINICIAN, access, attempt, current_actor, reading, writing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@blueprint.get("/requests/<int:request_id>/screening")
@access(CLINICIAN)
def of_request(request_id: int) -> ResponseReturnValue:
    """Those of somebody who asked; a draft that stands is opened at once."""
    begin = url_for("screening.begin_request", request_id=request_id)
    return _page(lambda s: person_of_request(s, request_id), begin)


@blueprint.post("/requests/<int:request_id>/screening")
@access(CLINICIAN)
def begin_request(request_id: int) -> ResponseReturnValue:
    """Begin one of somebody who asked."""
    now, actor = clock.now(), current_actor()
    return _to(attempt(lambda s: begin_for_request(s, actor, now, request_id).id))


@blueprint.get("/patients/<int:patient_id>/screening")
@access(CLINICIAN)
def of_patient(patient_id: int) -> ResponseReturnValue:
    """Those of a patient."""
    begin = url_for("screening.begin_patient", patient_id=patient_id)
    return _page(lambda s: person_of_patient(s, patient_id), begin)


@blueprint.post("/patients/<int:patient_id>/screening")
@access(CLINICIAN)
def begin_patient(patient_id: int) -> ResponseReturnValue:
    """Begin one of a patient, before a new course."""
    now, actor = clock.now(), current_actor()
    return _to(attempt(lambda s: begin_for_patient(s, actor, now, patient_id).id))


def _to(screening_id: int) -> ResponseReturnValue:
    return redirect(url_for("screening.show", screening_id=screening_id), 303)


def _page(read: "Callable[[Session], Person]", begin: str) -> ResponseReturnValue:
    with reading() as s:
        person = read(s)
    if person.open_id is not None:
        return _to(person.open_id)
    entity, whose = ("patient", person.patient_id) if person.patient_id else ("request", person.request_id)
    with writing() as s:
        record_read(s, current_actor(), clock.now(), entity, whose or 0, person.patient_id)
    return render_template("intake/screening/person.html", person=person, begin=begin, outcomes=OUTCOMES)
