"""The consents of the demo clinic: two that everybody signs, a draft, and who signed when.

Whoever was treated signed before their first visit. Of those who are still to come for the first time some
have not yet, and one patient withdrew: so that every list has something to say.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.actor import COMMAND, Actor
from scheduler.cli.demo.chance import stream
from scheduler.cli.demo.consent_texts import example
from scheduler.cli.demo.days import Calendar
from scheduler.features.audit.actions import record
from scheduler.features.intake.consents.sealed import Given, record_of
from scheduler.features.intake.consents.signing import withdraw
from scheduler.features.intake.consents.texts.actions import add_consent, next_version, publish, save_draft
from scheduler.features.intake.consents.texts.form import Where
from scheduler.models import ConsentForm, ConsentSignature, ConsentVersion, Infusion, Patient, Site
from scheduler.rendering.canonical import digest_of

SIGNED_AHEAD = 0.7
"""So many of those whose first visit is still to come have signed already."""
ON_TABLET = 0.3
NEWER = 60
"""So many days ago the first text was worded anew; who had signed it before need not sign again."""


def consent(session: Session, calendar: Calendar, seed: int) -> None:
    """Write the texts, and the signatures under them."""
    versions = _texts(session, calendar)
    chance = stream(seed, "consents")
    rows = session.execute(
        select(Patient, Site, func.min(Infusion.starts_at))
        .join(Infusion, Infusion.patient_id == Patient.id)
        .join(Site, Site.id == Patient.site_id)
        .group_by(Patient.id, Site.id)
        .order_by(Patient.id)
    ).all()
    papers = []
    for person, site, first in rows:
        before, tablet = timedelta(minutes=chance.randrange(12 * 60, 96 * 60)), chance.random() < ON_TABLET
        at = min(first - before, calendar.now - timedelta(minutes=chance.randrange(20, 600)))
        if first > calendar.now and chance.random() > SIGNED_AHEAD:
            continue
        source = "tablet" if tablet else "link"
        papers += [_paper(form, _version(known, at), person, site, at, source) for form, known in versions]
    session.add_all(papers)
    session.flush()
    patient = Actor(None, "patient", "")
    for paper in papers:
        facts = {"version": paper.version_id, "signed_as": paper.signed_as, "source": paper.source}
        facts |= {"digest": paper.digest}
        at, whose = paper.signed_at, paper.patient_id
        record(session, patient, at, "consent.signed", "consent_signature", paper.id, whose, **facts)
    _withdraw_one(session, calendar)


def _texts(session: Session, calendar: Calendar) -> list[tuple[ConsentForm, list[ConsentVersion]]]:
    """Two consents that are needed, the first in two versions, and a draft of a third."""
    found = []
    for name, words in (("Treatment", example("treatment")), ("Data", example("privacy"))):
        version_id = add_consent(session, COMMAND, calendar.opened, Where(name), words)
        publish(session, COMMAND, calendar.opened, version_id, 1)
        version = session.get_one(ConsentVersion, version_id)
        found.append((session.get_one(ConsentForm, version.form_id), [version]))
    form, known = found[0]
    later = calendar.now - timedelta(days=NEWER)
    second = next_version(session, COMMAND, later, form.id)
    save_draft(session, COMMAND, later, second, example("treatment"), asks_again=False, seen=1)
    publish(session, COMMAND, later, second, 2)
    known.append(session.get_one(ConsentVersion, second))
    begun = calendar.now - timedelta(days=3)
    add_consent(session, COMMAND, begun, Where("Visitors in the room"), example("visitors"))
    return found


def _version(known: list[ConsentVersion], at: datetime) -> ConsentVersion:
    """The version that was in force at a time; the first one for what was signed before there was any."""
    return next((each for each in reversed(known) if each.published_at and each.published_at <= at), known[0])


def _paper(
    form: ConsentForm, version: ConsentVersion, patient: Patient, site: Site, at: datetime, source: str
) -> ConsentSignature:
    at = at.replace(microsecond=0)
    body = record_of(
        Given(form, version, patient.language, patient, site.name, patient.name, "patient", source), at
    )
    return ConsentSignature(
        patient_id=patient.id,
        version_id=version.id,
        key=f"{patient.id}:{version.id}:0",
        signed_at=at,
        signed_name=patient.name,
        signed_as="patient",
        source=source,
        record=body.decode(),
        digest=digest_of(body),
    )


def _withdraw_one(session: Session, calendar: Calendar) -> None:
    """The last who signed the second text takes it back, on their own page."""
    last = session.scalars(
        select(ConsentSignature)
        .join(ConsentVersion, ConsentVersion.id == ConsentSignature.version_id)
        .join(ConsentForm, ConsentForm.id == ConsentVersion.form_id)
        .where(ConsentForm.name == "Data")
        .order_by(ConsentSignature.signed_at.desc(), ConsentSignature.id.desc())
        .limit(1)
    ).first()
    if last is not None:
        at = calendar.now - timedelta(minutes=10)
        withdraw(session, Actor(None, "patient", ""), at, last.patient_id, last.id, "patient", "")
