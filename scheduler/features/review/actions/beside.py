"""What may still be said of a signed log: an addendum, and the second clinician's signature."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.audit import actions as audit
from scheduler.features.review.queries.people import people
from scheduler.features.review.seals import addendum_digest, co_signature_digest
from scheduler.models import Addendum, CoSignature, Course, SignedRecord

LONGEST = 2000


@dataclass(frozen=True)
class Said:
    """What is set right, why, and of which infusion (None: of the course). `key` names this writing-down."""

    words: str
    reason: str
    key: str
    infusion_id: int | None = None


def add_addendum(session: Session, actor: Actor, at: datetime, course_id: int, said: Said) -> Addendum:
    """Write an addendum beside what it speaks of; the same key again gives the one that stands.

    Raises NotFoundError, and RuleError where words or reason are missing or nothing is signed yet.
    """
    if not said.key:
        raise RuleError("Open the page again, and write the addendum there.")
    same = session.scalar(select(Addendum).where(Addendum.key == said.key, Addendum.course_id == course_id))
    if same is not None:
        return same
    for name, text in (("words", said.words), ("reason", said.reason)):
        if not text or len(text) > LONGEST:
            what = "what has to be set right" if name == "words" else "why"
            raise RuleError(f"Write {what}, in at most {LONGEST} characters.", field=name)
    if actor.user_id is None:
        raise RuleError("An addendum is signed by a person. Sign in as a clinician.")
    record = _record(session, course_id, said.infusion_id)
    row = Addendum(
        signed_record_id=record.id,
        course_id=course_id,
        infusion_id=said.infusion_id,
        words=said.words,
        reason=said.reason,
        written_at=at,
        written_by_id=actor.user_id,
        written_name=people(session).name(actor.user_id),
        key=said.key,
    )
    row.digest = addendum_digest(row, record.digest)
    session.add(row)
    session.flush()
    _note(session, actor, at, "course_log.addendum", course_id, row.digest)
    return row


def co_sign(session: Session, actor: Actor, at: datetime, course_id: int) -> CoSignature:
    """Sign second. Raises NotFoundError, RuleError (not signed, or by the same person), ConflictError."""
    record = _record(session, course_id, None)
    if actor.user_id is None or actor.user_id == record.signed_by_id:
        raise RuleError("The second signature is another clinician's.")
    known = session.scalar(select(CoSignature.signed_name).where(CoSignature.signed_record_id == record.id))
    if known is not None:
        raise ConflictError(f"{known} has signed second already.")
    by = {"signed_by_id": actor.user_id, "signed_name": people(session).name(actor.user_id)}
    row = CoSignature(signed_record_id=record.id, signed_at=at, **by)
    row.digest = co_signature_digest(row, record.digest)
    session.add(row)
    session.flush()
    session.execute(update(Course).where(Course.id == course_id).values(signatures=2))
    _note(session, actor, at, "course_log.co_signed", course_id, row.digest)
    return row


def _record(session: Session, course_id: int, infusion_id: int | None) -> SignedRecord:
    """What is signed of the course, or of one infusion of it."""
    if session.get(Course, course_id) is None:
        raise NotFoundError("There is no such course. Find the patient, and open it from there.")
    of: Any = (
        SignedRecord.infusion_id.is_(None) if infusion_id is None else SignedRecord.infusion_id == infusion_id
    )
    found = session.scalar(select(SignedRecord).where(SignedRecord.course_id == course_id, of))
    if found is None:
        raise RuleError("This is not signed yet: set it right where it stands.", field="infusion")
    return found


def _note(session: Session, actor: Actor, at: datetime, action: str, course_id: int, digest: str) -> None:
    patient_id = session.get_one(Course, course_id).patient_id
    audit.record(session, actor, at, action, "course", course_id, patient_id, digest=digest)
