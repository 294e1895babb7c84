"""Signing a screening: the clinician decides, the facts become bytes, and what follows from it is set off.

Whoever signs has seen something, and signs that and nothing else: the page carries the digest of the facts it
showed. "Suitable" makes the person a patient, or finds them among the patients; the path of the request goes
on with every outcome. The reason stays in the record: whoever reads the path of a request may not read it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.intake.person import become_patient
from scheduler.features.intake.screening.actions.follow import follow
from scheduler.features.intake.screening.queries.draft import Draft, draft_of
from scheduler.features.intake.steps import locked_request
from scheduler.models import Screening, User
from scheduler.rendering.canonical import canonical_bytes, digest_of, plain

SUITABLE, NOT_NOW, REFERRED = "suitable", "not_now", "referred"
OUTCOMES = {SUITABLE: "Suitable", NOT_NOW: "Not now", REFERRED: "Referred elsewhere"}
LONGEST = 2000
CHANGED = "Something was written since you opened this page. Look at what is new, and sign then."


@dataclass(frozen=True)
class Decision:
    """What a clinician decided and why, and the digest of what they saw.

    `record_id` is the patient's record that this person already has; `is_new` says that those who look the
    same are somebody else.
    """

    outcome: str
    reason: str
    seen: str
    record_id: int | None = None
    is_new: bool = False


def sign(session: Session, actor: Actor, at: datetime, screening_id: int, decision: Decision) -> Screening:
    """Sign it. Raises NotFoundError, ConflictError (signed already, changed since, or with `twins` where
    somebody looks the same) and RuleError (no reason, something missing).
    """
    draft = draft_of(session, screening_id, at, locked=True)
    row = draft.row
    if row.signed_at is not None:
        by = session.get_one(User, row.signed_by_id).name
        raise ConflictError(f"{by} has signed this already. What has to be set right becomes an addendum.")
    if draft.digest != decision.seen:
        raise ConflictError(CHANGED)
    _check(draft, decision)
    if actor.user_id is None:
        raise RuleError("A screening is signed by a person. Sign in as a clinician.")
    row.patient_id = _patient(session, actor, at, draft, decision)
    freeze(session, at, draft, decision, session.get_one(User, actor.user_id))
    who = row.patient_id
    record(session, actor, at, "screening.signed", "screening", row.id, who, digest=row.digest)
    follow(session, actor, at, draft, decision.outcome)
    return row


def _check(draft: Draft, decision: Decision) -> None:
    if decision.outcome not in OUTCOMES:
        raise RuleError("Choose what you decided.", field="outcome")
    if len(decision.reason) > LONGEST:
        raise RuleError(f"Keep the reason below {LONGEST} characters.", field="reason")
    if decision.outcome != SUITABLE and not decision.reason:
        raise RuleError("Write why.", field="reason")
    if decision.outcome == SUITABLE:
        if draft.reading.lacks:
            first = draft.reading.lacks[0].words
            raise RuleError(f"“Suitable” needs all answers. The first one missing: {first}.", field="outcome")
        if draft.reading.needs_reason and not decision.reason:
            raise RuleError(
                "Write why this person is suitable all the same: something stands out.", field="reason"
            )


def _patient(session: Session, actor: Actor, at: datetime, draft: Draft, decision: Decision) -> int | None:
    """Whose record it belongs to: that of the patient; of somebody who asked, once they are suitable."""
    about, answers = draft.about, draft.row.answers
    if about.patient_id is not None or decision.outcome != SUITABLE or about.request_id is None:
        return about.patient_id
    request = locked_request(session, about.request_id)
    if not request.guardian_name:
        request.guardian_name = answers.get("guardian_name", "")
    born = date.fromisoformat(answers["birth_date"])
    found = become_patient(session, actor, at, request.id, born, decision.record_id, anyway=decision.is_new)
    return found.id


def freeze(session: Session, at: datetime, draft: Draft, decision: Decision, by: User) -> None:
    """Write down what was decided about a draft, and by whom: from here on the database keeps it as it is."""
    row = draft.row
    facts: dict[str, Any] = {
        **draft.facts,
        "decided": {"outcome": decision.outcome, "reason": decision.reason, "patient_id": row.patient_id},
        "signed_by": {"id": by.id, "name": by.name},
        "signed_at": plain(at),
    }
    body = canonical_bytes(facts)
    row.record, row.digest = body.decode(), digest_of(body)
    row.outcome, row.signed_at, row.signed_by_id = decision.outcome, at, by.id
    session.flush()
