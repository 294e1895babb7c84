"""Signing: the facts become bytes, the bytes a digest, and the database lets nobody change them.

Whoever signs has seen something, and signs that and nothing else. The page carries the digest of the facts
it showed; if anything was charted since, the signature is not taken, and the page tells what changed and by
whom. The course row and the visits are locked first, in the order in which all others lock them, so that
nobody charts between the look and the signature.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.audit import actions as audit
from scheduler.features.review.completeness import completeness, lacking
from scheduler.features.review.queries.course import lacking_ratings
from scheduler.features.review.queries.people import people
from scheduler.features.review.queries.record import live_record, log_record
from scheduler.features.review.queries.rows import CourseRows
from scheduler.features.review.queries.signed import signed_of
from scheduler.features.review.queries.standing import standing_of
from scheduler.models import Course, Infusion, InfusionLog, LogStatus, SignedRecord, User
from scheduler.rendering.canonical import Facts, canonical_bytes, digest_of, facts_digest, plain

CHANGED = "Something was charted since you opened this page. Look at what is new, and sign then."


def sign_course(session: Session, actor: Actor, at: datetime, course_id: int, seen: str) -> SignedRecord:
    """Sign the course log, and with it every complete log that nobody signed yet.

    `seen` is the digest of the facts that the page showed (`canonical.facts_digest`). Raises NotFoundError,
    ConflictError (signed already, changed since) and RuleError (something is missing).
    """
    signed = _locked(session, course_id)
    _not_yet(session, signed.get(None))
    rows = CourseRows(session, course_id)
    lacks = lacking_ratings(rows, at)
    facts = live_record(rows, at, lacks)
    _unchanged(facts, seen)
    standing = standing_of(rows, lacks)
    missing = lacking(completeness(facts, standing))
    if missing:
        raise RuleError(f"The course log can't be signed yet. The first thing missing: {missing[0].words}.")
    digests = {str(infusion_id): row.digest for infusion_id, row in signed.items() if infusion_id}
    for infusion_id, state in standing.logs.items():
        if state == LogStatus.COMPLETE:
            digests[str(infusion_id)] = _sign_log(session, actor, at, facts, infusion_id).digest
    row = _sign(session, actor, at, {**facts, "log_digests": digests}, course_id, None)
    session.execute(update(Course).where(Course.id == course_id).values(signatures=1))
    _note(session, actor, at, "course_log.signed", "course", course_id, facts, row.digest)
    return row


def sign_log(
    session: Session, actor: Actor, at: datetime, course_id: int, infusion_id: int, seen: str
) -> SignedRecord:
    """Sign the log of one infusion of a course. Raises as `sign_course` does."""
    own = select(Infusion.id).where(Infusion.id == infusion_id, Infusion.course_id == course_id)
    if session.scalar(own) is None:
        raise NotFoundError("There is no such visit. Find the patient, and open it from there.")
    _not_yet(session, _locked(session, course_id).get(infusion_id))
    state = session.scalar(select(InfusionLog.status).where(InfusionLog.infusion_id == infusion_id))
    if state is not LogStatus.COMPLETE:
        raise RuleError("This log is not complete yet. Its page says what is missing.")
    facts = live_record(CourseRows(session, course_id), at)
    _unchanged(log_record(facts, infusion_id), seen)
    return _sign_log(session, actor, at, facts, infusion_id)


def _locked(session: Session, course_id: int) -> Mapping[int | None, SignedRecord]:
    """What of the course is signed by now; from here on nobody else can change its facts."""
    course = session.scalar(select(Course.id).where(Course.id == course_id).with_for_update())
    if course is None:
        raise NotFoundError("There is no such course. Find the patient, and open it from there.")
    session.scalars(
        select(Infusion.id).where(Infusion.course_id == course_id).order_by(Infusion.id).with_for_update()
    ).all()
    return signed_of(session, course_id)


def _not_yet(session: Session, row: SignedRecord | None) -> None:
    if row is not None:
        by = session.scalar(select(User.name).where(User.id == row.signed_by_id))
        raise ConflictError(f"{by} has signed this already. What has to be set right becomes an addendum.")


def _unchanged(facts: Mapping[str, Any], seen: str) -> None:
    if facts_digest(facts) != seen:
        raise ConflictError(CHANGED, changed=True)


def _sign_log(session: Session, actor: Actor, at: datetime, facts: Facts, infusion_id: int) -> SignedRecord:
    log = session.scalars(select(InfusionLog).where(InfusionLog.infusion_id == infusion_id)).one()
    row = _sign(session, actor, at, log_record(facts, infusion_id), facts["course"]["id"], infusion_id)
    log.status = LogStatus.SIGNED
    session.flush()
    _note(session, actor, at, "infusion_log.signed", "infusion", infusion_id, facts, row.digest)
    return row


def _sign(
    session: Session, actor: Actor, at: datetime, facts: Facts, course_id: int, infusion_id: int | None
) -> SignedRecord:
    if actor.user_id is None:
        raise RuleError("A log is signed by a person. Sign in as a clinician.")
    who = people(session)
    signer = who(actor.user_id)
    body = canonical_bytes({**facts, "signed_by": signer, "signed_at": plain(at)})
    row = SignedRecord(
        course_id=course_id,
        infusion_id=infusion_id,
        record=body.decode(),
        digest=digest_of(body),
        signed_at=at,
        signed_by_id=actor.user_id,
        signed_name=who.name(actor.user_id),
    )
    session.add(row)
    session.flush()
    return row


def _note(
    session: Session,
    actor: Actor,
    at: datetime,
    action: str,
    entity: str,
    entity_id: int,
    facts: Facts,
    digest: str,
) -> None:
    """The trail keeps the digest too: whoever writes a record anew would have to write the trail anew."""
    audit.record(session, actor, at, action, entity, entity_id, facts["patient"]["id"], digest=digest)
