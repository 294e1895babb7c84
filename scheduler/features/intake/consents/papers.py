"""A patient's consents as papers: what is to be signed, what was, and one of either with its exact words."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.intake.consents.needs import consents_of
from scheduler.features.intake.consents.texts.form import FIRST
from scheduler.features.patients.age import is_minor
from scheduler.models import ConsentForm, ConsentSignature, ConsentVersion, Patient, Site, User


@dataclass(frozen=True)
class ToSign:
    """One text that is to be read and signed.

    `since` is why a signature counts no more: "again" (the text has changed), "withdrawn", or "" for
    none yet.
    """

    version_id: int
    title: str
    since: str


@dataclass(frozen=True)
class Signed:
    """One signature, times at the site; `title` is that of the text in the language it was read in.

    `withdrawn_who` is who of the staff wrote a withdrawal down, empty where the patient withdrew it.
    """

    id: int
    name: str
    title: str
    version: int
    signed_at: datetime
    signed_name: str
    signed_as: str
    source: str
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    withdrawn_who: str
    withdraw_reason: str
    digest: str


@dataclass(frozen=True)
class Text:
    """The words that are signed, in the language in which they are read."""

    version_id: int
    form: str
    version: int
    language: str
    title: str
    text: str
    languages: tuple[str, ...]


@dataclass(frozen=True)
class Papers:
    """All papers of one patient, the signed ones newest first.

    `is_minor`: a guardian signs. `done`: the versions that are asked for and signed.
    """

    language: str
    is_minor: bool
    done: frozenset[int]
    to_sign: tuple[ToSign, ...]
    signed: tuple[Signed, ...]


def papers_of(session: Session, patient_id: int, at: datetime) -> Papers:
    """What a patient has to sign and has signed. Raises NotFoundError."""
    patient, site = _person(session, patient_id)
    asked = consents_of(session, patient)
    needed = [each for each in asked if each.signed_at is None]
    done = frozenset(each.version_id for each in asked if each.signed_at is not None)
    versions = {
        row.id: row
        for row in session.scalars(
            select(ConsentVersion)
            .where(ConsentVersion.id.in_([each.version_id for each in needed]))
            .order_by(ConsentVersion.id)
        )
    }
    to_sign = tuple(
        ToSign(
            each.version_id,
            _worded(versions[each.version_id], patient.language)[1],
            "" if each.state == "missing" else each.state,
        )
        for each in needed
    )
    minor = is_minor(patient.birth_date, at.astimezone(ZoneInfo(site.tz)).date())
    return Papers(patient.language, minor, done, to_sign, signed_by(session, patient_id, site.tz))


def text_to_sign(session: Session, patient_id: int, version_id: int, language: str) -> Text:
    """A text that this patient is asked to sign now, or has signed in this version. Raises NotFoundError."""
    patient, _ = _person(session, patient_id)
    asked = {each.version_id for each in consents_of(session, patient)}
    row = session.get(ConsentVersion, version_id)
    if row is None or version_id not in asked:
        raise NotFoundError("This text is not asked for now.")
    form = session.get_one(ConsentForm, row.form_id)
    code, title = _worded(row, language)
    return Text(
        row.id, form.name, row.version, code, title, row.words[code]["text"], tuple(sorted(row.words))
    )


def signed_by(session: Session, patient_id: int, tz: str) -> tuple[Signed, ...]:
    """Every signature of a patient, the newest first."""
    zone = ZoneInfo(tz)
    rows = session.execute(
        select(ConsentSignature, ConsentVersion.version, ConsentForm.name, User.name)
        .join(ConsentVersion, ConsentVersion.id == ConsentSignature.version_id)
        .join(ConsentForm, ConsentForm.id == ConsentVersion.form_id)
        .outerjoin(User, User.id == ConsentSignature.withdrawn_by_id)
        .where(ConsentSignature.patient_id == patient_id)
        .order_by(ConsentSignature.signed_at.desc(), ConsentSignature.id.desc())
    )
    return tuple(_signed(row, version, name, who or "", zone) for row, version, name, who in rows)


def signed_paper(session: Session, patient_id: int, signature_id: int) -> tuple[Signed, Mapping[str, Any]]:
    """One signature with what was signed, word for word. Raises NotFoundError, also for another's."""
    row = session.get(ConsentSignature, signature_id)
    if row is None or row.patient_id != patient_id:
        raise NotFoundError("There is no such signature. Look at what stands on the patient's page.")
    _, site = _person(session, patient_id)
    found = next(each for each in signed_by(session, patient_id, site.tz) if each.id == signature_id)
    return found, json.loads(row.record)


def _person(session: Session, patient_id: int) -> tuple[Patient, Site]:
    found = session.execute(
        select(Patient, Site).join(Site, Site.id == Patient.site_id).where(Patient.id == patient_id)
    ).one_or_none()
    if found is None:
        raise NotFoundError("There is no such patient. They may have been merged into another record.")
    return found.Patient, found.Site


def _worded(row: ConsentVersion, language: str) -> tuple[str, str]:
    """The language in which somebody reads a text, and its title in it."""
    code = language if language in row.words else FIRST
    return code, row.words[code]["title"]


def _signed(row: ConsentSignature, version: int, name: str, who: str, zone: ZoneInfo) -> Signed:
    return Signed(
        row.id,
        name,
        json.loads(row.record)["title"],
        version,
        row.signed_at.astimezone(zone),
        row.signed_name,
        row.signed_as,
        row.source,
        row.withdrawn_at.astimezone(zone) if row.withdrawn_at else None,
        row.withdrawn_by,
        who,
        row.withdraw_reason,
        row.digest,
    )
