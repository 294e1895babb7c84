"""Signing a consent, and withdrawing it.

A page that is sent twice, and one that is sent again with the back button, find the signature that stands and
change nothing. The patient's row is locked meanwhile, so that two pages at once are two in a row; the key of
the signature keeps them apart should anything else fail.

The name that is typed is the signature. It has to share a word with the name on the record, or for somebody
under 18 with the guardian's: so that a link that was forwarded, or a tablet in the wrong hands, signs nothing
in somebody else's name by mistake. Accents, case and order don't matter, for people sign as they are used to.
Parent and child often share the family name, so a guardian's signature may not consist of the patient's own
names alone, unless the two are called the same.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.intake.consents.needs import OPEN, consents_of
from scheduler.features.intake.consents.onward import locked_requests, say_next
from scheduler.features.intake.consents.sealed import Given, record_of
from scheduler.features.intake.consents.texts.form import hides
from scheduler.features.intake.steps import local_day
from scheduler.features.outbox.actions.void import void_documents
from scheduler.features.patients.age import is_minor
from scheduler.features.patients.folding import name_words
from scheduler.features.tasks.actions import raise_task
from scheduler.models import (
    ConsentForm,
    ConsentSignature,
    ConsentVersion,
    Course,
    Infusion,
    InfusionStatus,
    Patient,
    Site,
    TaskKind,
)
from scheduler.rendering.canonical import digest_of

LONGEST_NAME = 120
LONGEST_REASON = 300
CHANGED = "The text has changed while it was read. Read it as it is now, then sign."
NO_REASON = "Say why it is withdrawn, in a few words: it stays on the record."


@dataclass(frozen=True)
class Signing:
    """One signature as it is given: which text in which language, the typed name, and by which way."""

    version_id: int
    language: str
    name: str
    source: Literal["link", "tablet"]


def sign(session: Session, actor: Actor, at: datetime, patient_id: int, signing: Signing) -> ConsentSignature:
    """Keep a signature; the one that stands where the text is signed already.

    Raises NotFoundError, ConflictError where the text is not the one that is asked for now, and RuleError
    with `field` "name" and a `problem` (as `name_problem` has it) where the name can't be taken.
    """
    asked = locked_requests(session, patient_id)
    patient = _locked(session, patient_id)
    standing = session.scalars(
        select(ConsentSignature)
        .where(
            ConsentSignature.patient_id == patient_id,
            ConsentSignature.version_id == signing.version_id,
            ConsentSignature.withdrawn_at.is_(None),
        )
        .order_by(ConsentSignature.id)
        .limit(1)
    ).first()
    if standing is not None:
        return standing
    if signing.version_id not in {each.version_id for each in consents_of(session, patient)}:
        if session.get(ConsentVersion, signing.version_id) is None:
            raise NotFoundError("There is no such text.")
        raise ConflictError(CHANGED)
    minor = is_minor(patient.birth_date, local_day(session, patient.site_id, at))
    name = _name(signing.name, patient, minor)
    row = _written(session, at, patient, signing, name, "guardian" if minor else "patient")
    session.add(row)
    session.flush()
    record(
        session, actor, at, "consent.signed", "consent_signature", row.id, patient_id,
        version=signing.version_id, signed_as=row.signed_as, source=row.source, digest=row.digest,
    )  # fmt: skip
    if all(each.signed_at is not None for each in consents_of(session, patient)):
        void_documents(session, at, patient_id, "Everything is signed.")
        say_next(session, actor, at, asked, signed=True)
    return row


def withdraw(
    session: Session,
    actor: Actor,
    at: datetime,
    patient_id: int,
    signature_id: int,
    by: Literal["patient", "desk"],
    reason: str,
) -> ConsentSignature:
    """Withdraw a signature; one that is withdrawn already stays as it is.

    Raises NotFoundError, also for another patient's, and RuleError where the desk gives no reason.
    """
    asked = locked_requests(session, patient_id)
    _locked(session, patient_id)
    row = session.get(ConsentSignature, signature_id, populate_existing=True)
    if row is None or row.patient_id != patient_id:
        raise NotFoundError("There is no such signature.")
    if row.withdrawn_at is not None:
        return row
    words = " ".join(reason.split())[:LONGEST_REASON]
    if hides(words):
        raise RuleError("The reason holds a character that can't be seen. Write it again.", field="reason")
    if by == "desk" and not words:
        raise RuleError(NO_REASON, field="reason")
    row.withdrawn_at, row.withdrawn_by, row.withdraw_reason = at, by, words
    row.withdrawn_by_id = actor.user_id
    session.flush()
    record(session, actor, at, "consent.withdrawn", "consent_signature", row.id, patient_id, by=by)
    say_next(session, actor, at, asked, signed=False)
    if by == "patient":
        _tell_the_clinic(session, at, row)
    return row


def name_problem(typed: str, patient: Patient, minor: bool) -> str:
    """Why a typed name is no signature: missing, long, other, guardian, minor_self; empty where it is one."""
    name = " ".join(typed.split())
    if len(name) < 2 or hides(name):
        return "missing"
    if len(name) > LONGEST_NAME:
        return "long"
    words = name_words(name)
    if not minor:
        return "" if words & name_words(patient.name) else "other"
    known = name_words(patient.guardian_name)
    if known and not words & known:
        return "guardian"
    return "minor_self" if words <= name_words(patient.name) and words != known else ""


def _name(typed: str, patient: Patient, minor: bool) -> str:
    if problem := name_problem(typed, patient, minor):
        raise RuleError("This name can't be taken as a signature.", field="name", problem=problem)
    return " ".join(typed.split())


def _locked(session: Session, patient_id: int) -> Patient:
    patient = session.get(Patient, patient_id, with_for_update=True, populate_existing=True)
    if patient is None:
        raise NotFoundError("There is no such patient.")
    return patient


def _written(
    session: Session, at: datetime, patient: Patient, signing: Signing, name: str, signed_as: str
) -> ConsentSignature:
    """The row, with the bytes that are signed."""
    version = session.get_one(ConsentVersion, signing.version_id)
    form = session.get_one(ConsentForm, version.form_id)
    clinic = session.get_one(Site, patient.site_id).name
    given = Given(form, version, signing.language, patient, clinic, name, signed_as, signing.source)
    body = record_of(given, at)
    before = f"{patient.id}:{version.id}:"
    nth = session.scalars(
        select(func.count(ConsentSignature.id)).where(ConsentSignature.key.startswith(before))
    ).one()
    return ConsentSignature(
        patient_id=patient.id,
        version_id=version.id,
        key=f"{before}{nth}",
        signed_at=at,
        signed_name=name,
        signed_as=signed_as,
        source=signing.source,
        record=body.decode(),
        digest=digest_of(body),
    )


def _tell_the_clinic(session: Session, at: datetime, row: ConsentSignature) -> None:
    """Raise a task where visits are ahead: somebody has to speak with the patient before the next one."""
    ahead = _next_day(session, at, row.patient_id)
    if ahead is None:
        return
    form_id = session.get_one(ConsentVersion, row.version_id).form_id
    name = session.get_one(ConsentForm, form_id).name
    raise_task(
        session,
        at,
        kind=TaskKind.CONSENT_WITHDRAWN,
        dedupe_key=f"consent_withdrawn:{row.id}",
        site_id=session.get_one(Patient, row.patient_id).site_id,
        patient_id=row.patient_id,
        facts={"why": f"{name}, withdrawn on the patient's own page."},
        due_on=ahead,
    )


def _next_day(session: Session, at: datetime, patient_id: int) -> date | None:
    """The day of the patient's next visit in a course that is open."""
    return session.scalars(
        select(Infusion.local_day)
        .join(Course, Course.id == Infusion.course_id)
        .where(
            Infusion.patient_id == patient_id,
            Infusion.status == InfusionStatus.SCHEDULED,
            Infusion.ends_at > at,
            Course.status.in_(OPEN),
        )
        .order_by(Infusion.starts_at)
        .limit(1)
    ).first()
