"""Patients for programs: list and search, read, add, change."""

from typing import TYPE_CHECKING, Any

from scheduler import clock
from scheduler.errors import ConflictError
from scheduler.features.audit.actions import record, record_read
from scheduler.features.patients import queries
from scheduler.features.patients.actions.save import add_patient, update_patient
from scheduler.features.patients.contact_wire import contact_facts
from scheduler.features.patients.page import sites_for
from scheduler.features.patients.wire import (
    NewPatient,
    PatientChange,
    PatientQuery,
    PatientSlice,
    PatientWire,
    patient_data,
    patient_facts,
)
from scheduler.web import attempt, bearer, current_actor, reading, writing
from scheduler.web.api import Answer, Slice, api_blueprint, etag, read_cursor, require_match
from scheduler.web.api.etags import IF_MATCH

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from scheduler.models import Patient

blueprint = api_blueprint("patients", "Patients and when they can come")

LIKELY = "Somebody looks the same. Read them first; send add_anyway if this is somebody else."


@blueprint.route("/patients")
@blueprint.arguments(PatientQuery, location="query")
@blueprint.response(200, PatientSlice)
@bearer("patients:read")
def index(query: dict[str, Any]) -> Slice:
    """List or search patients."""
    after = read_cursor(query)
    with reading() as session:
        cursor = queries.Cursor(after) if after else None
        found = queries.page(
            session, query["q"], archived=query["archived"], cursor=cursor, size=query["limit"]
        )
    with writing() as session:
        record(session, current_actor(), clock.now(), "patients.listed", "patient", shown=len(found.hits))
    return Slice(found.hits, str(found.after.patient_id) if found.after else None)


@blueprint.route("/patients", methods=["POST"])
@blueprint.arguments(NewPatient)
@blueprint.response(201, PatientWire)
@bearer("patients:write")
def add(sent: dict[str, Any]) -> Answer:
    """Add a patient."""
    now = clock.now()
    with reading() as session:
        sites = sites_for(list(queries.open_sites(session)), str(sent["site_id"]))
        data = patient_data(sent, None, sites.by_id, sites.today(now))
        likely = [] if sent["add_anyway"] else queries.likely_the_same(session, data)
    if likely:
        raise ConflictError(LIKELY, patient_ids=[hit.patient_id for hit in likely])
    return attempt(lambda session: _told(session, add_patient(session, current_actor(), now, data), 201))


@blueprint.route("/patients/<int:patient_id>")
@blueprint.response(200, PatientWire)
@bearer("patients:read")
def one(patient_id: int) -> Answer:
    """Read a patient."""
    with writing() as session:
        patient = queries.patient(session, patient_id)
        record_read(session, current_actor(), clock.now(), "patient", patient_id, patient_id)
        return _told(session, patient, 200)


@blueprint.route("/patients/<int:patient_id>", methods=["PATCH"])
@blueprint.doc(parameters=[IF_MATCH])
@blueprint.arguments(PatientChange)
@blueprint.response(200, PatientWire)
@bearer("patients:write")
def change(sent: dict[str, Any], patient_id: int) -> Answer:
    """Change a patient: only what is sent."""
    now = clock.now()
    with writing() as session:
        old = queries.locked_patient(session, patient_id)
        require_match(old.version)
        places = list(queries.open_sites(session, old.site_id))
        sites = sites_for(places, str(sent.get("site_id", old.site_id)))
        data = patient_data(sent, old, sites.by_id, sites.today(now))
        patient = update_patient(session, current_actor(), now, patient_id, data, old.version)
        return _told(session, patient, 200)


def _told(session: "Session", patient: "Patient", status: int) -> Answer:
    """The patient as this transaction left them, so that the ETag is of what the program sees."""
    return patient_facts(patient, contact_facts(session, patient)), status, etag(patient.version)
