"""One patient's chart, or one course's, as a file: for clinicians, and never without a line in the audit."""

from flask import Response, current_app
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.features.audit.actions import record
from scheduler.features.interchange.names import base_of
from scheduler.features.interchange.queries import course_chart, patient_chart
from scheduler.features.interchange.views.blueprint import blueprint
from scheduler.rendering.fhir.facts import Chart
from scheduler.rendering.fhir.records import MEDIA_TYPE, bundle
from scheduler.web import CLINICIAN, access, current_actor, reading, writing


@blueprint.get("/patients/<int:patient_id>/fhir.json")
@access(CLINICIAN)
def patient(patient_id: int) -> ResponseReturnValue:
    """The whole chart of one patient."""
    with reading() as session:
        chart = patient_chart(session, patient_id)
    return _sent(chart, "patient", patient_id)


@blueprint.get("/courses/<int:course_id>/fhir.json")
@access(CLINICIAN)
def course(course_id: int) -> ResponseReturnValue:
    """One course with its patient."""
    with reading() as session:
        chart = course_chart(session, course_id)
    return _sent(chart, "course", course_id)


def _sent(chart: Chart, what: str, number: int) -> Response:
    name = f"{what}-{number}"
    body = bundle(chart, name, base_of(current_app.extensions["sixfold"]))
    with writing() as session:
        record(
            session,
            current_actor(),
            clock.now(),
            f"{what}.exported",
            what,
            number,
            chart.person.id,
            format="fhir",
        )
    headers = {"Content-Disposition": f'attachment; filename="{name}.fhir.json"'}
    return Response(body, mimetype=MEDIA_TYPE, headers=headers)
