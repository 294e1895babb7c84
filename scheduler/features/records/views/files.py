"""One person's whole record as files: to read, to bring into another program, to put into a calendar.

For clinicians, and never without a line in the audit. The names of the files tell the record number only.
"""

import json

from flask import Response
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.features.audit.actions import record
from scheduler.features.records.paper.sheet import person_pdf
from scheduler.features.records.queries.calendar import appointments
from scheduler.features.records.queries.dump import whole_record
from scheduler.features.records.queries.page import record_number
from scheduler.features.records.queries.papers import papers_of
from scheduler.features.records.views.blueprint import blueprint
from scheduler.rendering import ics
from scheduler.web import CLINICIAN, access, current_actor, reading, writing


@blueprint.get("/patients/<int:patient_id>/record.json")
@access(CLINICIAN)
def as_json(patient_id: int) -> ResponseReturnValue:
    """Everything that is stored, table by table."""
    with reading() as session:
        found = whole_record(session, patient_id, clock.now())
    body = json.dumps(found, indent=1, ensure_ascii=False).encode()
    return _sent(patient_id, body, "application/json", "json")


@blueprint.get("/patients/<int:patient_id>/record.pdf")
@access(CLINICIAN)
def as_pdf(patient_id: int) -> ResponseReturnValue:
    """The record as it is read."""
    now = clock.now()
    with reading() as session:
        papers = papers_of(session, patient_id, now)
    return _sent(patient_id, person_pdf(papers, now), "application/pdf", "pdf")


@blueprint.get("/patients/<int:patient_id>/record.ics")
@access(CLINICIAN)
def as_ics(patient_id: int) -> ResponseReturnValue:
    """The appointments."""
    with reading() as session:
        found = appointments(session, patient_id)
    body = ics.calendar_file(found.events, found.name, found.locale, found.language)
    return _sent(patient_id, body, ics.CONTENT_TYPE, "ics")


def _sent(patient_id: int, body: bytes, kind: str, ending: str) -> Response:
    with writing() as session:
        person_id, number = record_number(session, patient_id)
        record(
            session,
            current_actor(),
            clock.now(),
            "record.exported",
            "patient",
            person_id,
            person_id,
            format=ending,
        )
    name = "".join(each for each in number if each.isalnum() or each == "-")
    headers = {"Content-Disposition": f'attachment; filename="{name}-record.{ending}"'}
    return Response(body, content_type=kind, headers=headers)
