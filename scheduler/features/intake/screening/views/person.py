"""The screenings of a person, and beginning the next one."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.features.audit.actions import record_read
from scheduler.features.intake.screening.actions.begin import begin_for_patient, begin_for_request
from scheduler.features.intake.screening.actions.sign import OUTCOMES
from scheduler.features.intake.screening.queries.page import Person, person_of_patient, person_of_request
from scheduler.features.intake.screening.views.blueprint import blueprint
from scheduler.web import CLINICIAN, access, attempt, current_actor, reading, writing


@blueprint.get("/requests/<int:request_id>/screening")
@access(CLINICIAN)
def of_request(request_id: int) -> ResponseReturnValue:
    """Those of somebody who asked; a draft that stands is opened at once."""
    with reading() as s:
        person = person_of_request(s, request_id)
    return _page(person, url_for("screening.begin_request", request_id=request_id))


@blueprint.post("/requests/<int:request_id>/screening")
@access(CLINICIAN)
def begin_request(request_id: int) -> ResponseReturnValue:
    """Begin one of somebody who asked."""
    now, actor = clock.now(), current_actor()
    found = attempt(lambda s: begin_for_request(s, actor, now, request_id).id)
    return redirect(url_for("screening.show", screening_id=found), 303)


@blueprint.get("/patients/<int:patient_id>/screening")
@access(CLINICIAN)
def of_patient(patient_id: int) -> ResponseReturnValue:
    """Those of a patient."""
    with reading() as s:
        person = person_of_patient(s, patient_id)
    return _page(person, url_for("screening.begin_patient", patient_id=patient_id))


@blueprint.post("/patients/<int:patient_id>/screening")
@access(CLINICIAN)
def begin_patient(patient_id: int) -> ResponseReturnValue:
    """Begin one of a patient, before a new course."""
    now, actor = clock.now(), current_actor()
    found = attempt(lambda s: begin_for_patient(s, actor, now, patient_id).id)
    return redirect(url_for("screening.show", screening_id=found), 303)


def _page(person: Person, begin: str) -> ResponseReturnValue:
    if person.open_id is not None:
        return redirect(url_for("screening.show", screening_id=person.open_id), 303)
    entity, whose = ("patient", person.patient_id) if person.patient_id else ("request", person.request_id)
    with writing() as s:
        record_read(s, current_actor(), clock.now(), entity, whose or 0, person.patient_id)
    return render_template("intake/screening/person.html", person=person, begin=begin, outcomes=OUTCOMES)
