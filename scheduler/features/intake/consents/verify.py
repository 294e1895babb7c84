"""Whether what patients signed is as they signed it: digest and bytes, bytes and text, and the trail."""

import json
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.models import AuditEvent, ConsentSignature, ConsentVersion
from scheduler.rendering.canonical import digest_of

SIGNED = "consent.signed"


def verify_consents(session: Session) -> tuple[int, list[tuple[str, str]]]:
    """How many signatures there are, and what does not fit: by its place, never by its words."""
    digest = AuditEvent.detail["digest"].as_string()
    known = select(AuditEvent.entity_id, digest).where(AuditEvent.action == SIGNED)
    trail = {(entity_id, found) for entity_id, found in session.execute(known)}
    rows = session.execute(
        select(ConsentSignature, ConsentVersion)
        .join(ConsentVersion, ConsentVersion.id == ConsentSignature.version_id)
        .order_by(ConsentSignature.id)
    ).all()
    misfits = [(f"consent {row.id}", what) for row, version in rows for what in _wrong(row, version)]
    for row, _ in rows:
        if (row.id, row.digest) not in trail:
            misfits.append((f"consent {row.id}", "the audit trail does not know its digest"))
    return len(rows), misfits


def _wrong(row: ConsentSignature, version: ConsentVersion) -> Iterator[str]:
    if digest_of(row.record.encode()) != row.digest:
        yield "the digest does not fit what was signed"
        return
    record = json.loads(row.record)
    words = {"title": record["title"], "text": record["text"]}
    if words != version.words.get(record["language"]):
        yield "the words that were signed are not those of the published text"
    if (record["signed_name"], record["signed_as"]) != (row.signed_name, row.signed_as):
        yield "the name beside the record is not the one that was signed"
