"""What may still be said of a signed screening: an addendum beside it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import RuleError
from scheduler.features.audit.actions import record
from scheduler.features.intake.screening.queries.rows import screening
from scheduler.features.intake.screening.seals import addendum_digest
from scheduler.models import ScreeningAddendum

LONGEST = 2000


@dataclass(frozen=True)
class Said:
    """What is set right and why; `key` names this writing-down."""

    words: str
    reason: str
    key: str


def add_addendum(session: Session, actor: Actor, at: datetime, screening_id: int, said: Said) -> None:
    """Write it beside what it speaks of; the same key again adds nothing.

    Raises NotFoundError, and RuleError where words or reason are missing or it is not signed yet.
    """
    row = screening(session, screening_id, locked=True)
    own = select(ScreeningAddendum.id).where(ScreeningAddendum.key == said.key)
    if not said.key:
        raise RuleError("Open the page again, and write the addendum there.")
    if session.scalar(own) is not None:
        return
    for name, text in (("words", said.words), ("reason", said.reason)):
        if not text or len(text) > LONGEST:
            what = "what has to be set right" if name == "words" else "why"
            raise RuleError(f"Write {what}, in at most {LONGEST} characters.", field=name)
    if row.digest is None or actor.user_id is None:
        raise RuleError("This is not signed yet: set it right where it stands.")
    added = ScreeningAddendum(
        screening_id=row.id,
        words=said.words,
        reason=said.reason,
        written_at=at,
        written_by_id=actor.user_id,
        key=said.key,
    )
    added.digest = addendum_digest(added, row.digest)
    session.add(added)
    session.flush()
    digest = added.digest
    record(session, actor, at, "screening.addendum", "screening", row.id, row.patient_id, digest=digest)
