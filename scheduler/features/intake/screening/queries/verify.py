"""Whether every signed screening is as it was signed: its bytes, its row, its addenda, and the trail.

The digest has to be that of the bytes; the bytes have to be the canonical form of what they say, and to name
the decision and the signer of the row; and the audit trail has to know the digest.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.intake.screening.seals import addendum_digest
from scheduler.models import AuditEvent, Screening, ScreeningAddendum
from scheduler.rendering.canonical import canonical_bytes, digest_of, plain

SIGNED, ADDENDUM = "screening.signed", "screening.addendum"


@dataclass(frozen=True)
class Checked:
    """How many screenings and addenda were looked at; of what does not fit where and what, never a value."""

    records: int
    addenda: int
    misfits: Sequence[tuple[str, str]]


def verify_screenings(session: Session) -> Checked:
    """Look at every signed screening and every addendum."""
    known = select(AuditEvent.action, AuditEvent.entity_id, AuditEvent.detail["digest"].as_string())
    found = session.execute(known.where(AuditEvent.action.in_([SIGNED, ADDENDUM])))
    trail = {(action, entity_id, digest) for action, entity_id, digest in found}
    rows = session.scalars(
        select(Screening).where(Screening.signed_at.is_not(None)).order_by(Screening.id)
    ).all()
    addenda = session.scalars(select(ScreeningAddendum).order_by(ScreeningAddendum.id)).all()
    digests = {row.id: row.digest or "" for row in rows}
    misfits = [
        (f"Screening {row.id}", what)
        for row in rows
        for what in _misfits(row, (SIGNED, row.id, row.digest) in trail)
    ]
    for each in addenda:
        where = (f"Screening {each.screening_id}", f"addendum {each.id}: ")
        if addendum_digest(each, digests.get(each.screening_id, "")) != each.digest:
            misfits.append((where[0], f"{where[1]}it does not have its digest"))
        if (ADDENDUM, each.screening_id, each.digest) not in trail:
            misfits.append((where[0], f"{where[1]}the audit trail does not know its digest"))
    return Checked(len(rows), len(addenda), misfits)


def _misfits(row: Screening, is_known: bool) -> Iterator[str]:
    if not is_known:
        yield "the audit trail does not know its digest"
    body = (row.record or "").encode()
    if digest_of(body) != row.digest:
        yield "its bytes do not have its digest"
        return
    facts = json.loads(body)
    if canonical_bytes(facts) != body:
        yield "its bytes are not canonical"
    said = (
        facts["screening"]["id"],
        facts["decided"]["outcome"],
        facts["signed_by"]["id"],
        facts["signed_at"],
    )
    if said != (row.id, row.outcome, row.signed_by_id, plain(row.signed_at)):
        yield "it names another decision or signature than its row"
    if facts["answers"] != row.answers:
        yield "its answers are not as they were signed"
