"""Screenings for tests: whole sets of answers, and drafts that hold them."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.intake.screening.actions.begin import begin_for_patient, begin_for_request
from scheduler.features.intake.screening.actions.save import Wrote, save_part
from scheduler.features.intake.screening.actions.sign import Decision
from scheduler.features.intake.screening.actions.sign import sign as sign_it
from scheduler.features.intake.screening.form import form_of
from scheduler.features.intake.screening.queries.draft import draft_of
from scheduler.models import ConsultationRequest, Screening
from tests.support.clinic import NOW, SmallClinic

TRIAL = {
    "trials.1.medicine": "Sertraline",
    "trials.1.dose": "200 mg",
    "trials.1.weeks": "10",
    "trials.1.adequate": "yes",
    "trials.1.response": "none",
}
SUITABLE: Mapping[str, str] = {
    "worry": "yes",
    "worry_months": "14",
    **dict.fromkeys(("restless", "fatigued", "sleep"), "yes"),
    **dict.fromkeys(("concentration", "irritable", "tension"), "no"),
    **TRIAL,
    **dict.fromkeys(form_of(1).risks, "no"),
    "takes_medicines": "no",
    "has_allergies": "yes",
    "allergies.1.what": "Penicillin",
    "allergies.1.how": "Rash",
    "birth_date": "1986-03-14",
    "escort": "yes",
}
"""Nothing stands out, and nothing is missing."""


def clinician_of(clinic: SmallClinic) -> Actor:
    """The clinic's clinician."""
    user = clinic.users["clinician"]
    return Actor(user.id, user.name, "127.0.0.1")


def write(session: Session, clinic: SmallClinic, row: Screening, answers: Mapping[str, str]) -> None:
    """Type answers into a draft, part by part."""
    for part in form_of(row.form).parts:
        own = {name: answers[name] for name, _ in part.fields() if name in answers}
        problems = save_part(session, clinician_of(clinic), NOW, row.id, Wrote(part.code, row.version, own))
        assert not problems


def begun(
    session: Session,
    clinic: SmallClinic,
    answers: Mapping[str, str] = SUITABLE,
    request: ConsultationRequest | None = None,
) -> Screening:
    """A draft of a request, or else of the clinic's patient, with these answers."""
    actor = clinician_of(clinic)
    if request is not None:
        row = begin_for_request(session, actor, NOW, request.id)
    else:
        row = begin_for_patient(session, actor, NOW, clinic.patient.id)
    write(session, clinic, row, answers)
    return row


def signed(
    session: Session, clinic: SmallClinic, row: Screening, outcome: str = "suitable", reason: str = ""
) -> Screening:
    """The same, signed by the clinic's clinician at `NOW`."""
    seen = draft_of(session, row.id, NOW).digest
    return sign_it(session, clinician_of(clinic), NOW, row.id, Decision(outcome, reason, seen))
