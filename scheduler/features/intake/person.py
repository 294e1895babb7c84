"""From somebody who asked to a patient with a record.

A request stays a name and a way to reach somebody until it leads on: only then is there a record, with the
birth date that tells people of one name apart. Who was here before gets no second record: those who may be
the same are named, and a person says which.
"""

from datetime import date, datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.intake.held import hold_record_instead
from scheduler.features.intake.steps import local_day, locked_request, note_event
from scheduler.features.outbox.contact.actions import Source, choose
from scheduler.features.outbox.contact.queries import choices
from scheduler.features.patients.actions.save import add_patient, current_patient
from scheduler.features.patients.age import is_minor
from scheduler.features.patients.data import PatientData
from scheduler.features.patients.queries import PatientHit, likely_the_same
from scheduler.models import ConsultationRequest, Patient, Topic

NO_NAME = "A record needs the given name and the family name. Complete them on the request first."
NO_GUARDIAN = (
    "Somebody under 18 needs a guardian's name. Write it on the request first: the guardian signs for them."
)


def become_patient(
    session: Session,
    actor: Actor,
    at: datetime,
    request_id: int,
    birth_date: date,
    existing_patient_id: int | None = None,
    *,
    anyway: bool = False,
) -> Patient:
    """Give the request its record, new or that of `existing_patient_id`; a request that has one keeps it.

    Raises NotFoundError, RuleError for a name that is not whole and for somebody under 18 without a
    guardian, and ConflictError with `twins` (`PatientHit`) where somebody looks the same, unless `anyway`.
    """
    request = locked_request(session, request_id)
    if request.patient_id is not None:
        return current_patient(session, request.patient_id)
    if is_minor(birth_date, local_day(session, request.site_id, at)) and not request.guardian_name:
        raise RuleError(NO_GUARDIAN)
    request.birth_date = birth_date
    if existing_patient_id is not None:
        patient = current_patient(session, existing_patient_id)
        _name_guardian(session, actor, at, patient, request.guardian_name)
    else:
        patient = _new(session, actor, at, request, birth_date, anyway)
    request.patient_id = patient.id
    session.flush()
    hold_record_instead(session, request.id, patient.id)
    _allow(session, actor, at, request, patient)
    note_event(session, actor, at, request, "record", new=existing_patient_id is None)
    record(session, actor, at, "request.record", "request", request.id, patient.id)
    return patient


def likely_twins(session: Session, request: ConsultationRequest, birth_date: date) -> list[PatientHit]:
    """Patients who may be the one who asks: born that day under a similar name, or reached the same way."""
    return likely_the_same(session, _data(request, birth_date))


def _new(
    session: Session, actor: Actor, at: datetime, request: ConsultationRequest, born: date, anyway: bool
) -> Patient:
    if not request.given_name or not request.family_name:
        raise RuleError(NO_NAME)
    twins = [] if anyway else likely_twins(session, request, born)
    if twins:
        raise ConflictError(
            "Somebody who looks the same has a record already. Choose that record, or make a new one.",
            twins=tuple(twins),
        )
    return add_patient(session, actor, at, _data(request, born))


def _data(request: ConsultationRequest, birth_date: date) -> PatientData:
    return PatientData(
        given_name=request.given_name,
        family_name=request.family_name,
        birth_date=birth_date,
        site_id=request.site_id,
        phone=request.phone,
        email=request.email,
        language=request.language,
        guardian_name=request.guardian_name,
    )


def _name_guardian(session: Session, actor: Actor, at: datetime, patient: Patient, name: str) -> None:
    """Who asked for them is the guardian of a record that names none yet."""
    if not name or patient.guardian_name:
        return
    patient.guardian_name = name
    session.flush()
    detail = {"fields": ["guardian_name"], "version": patient.version}
    record(session, actor, at, "patient.changed", "patient", patient.id, patient.id, **detail)


def _allow(
    session: Session, actor: Actor, at: datetime, request: ConsultationRequest, patient: Patient
) -> None:
    """What they agreed to holds for the ways they gave; what a patient chose themselves before is kept."""
    chosen = choices(session, patient.id).last
    source: Source = "patient" if request.source == "page" else "desk"
    words = f"Agreed on {local_day(session, request.site_id, request.consent_at):%-d %b %Y} with the request"
    given = ((Topic.EMAIL, request.email, patient.email), (Topic.SMS, request.phone, patient.phone))
    for topic, asked, kept in given:
        if asked and asked == kept and topic not in chosen:
            choose(session, actor, at, patient.id, topic, True, source, words)
