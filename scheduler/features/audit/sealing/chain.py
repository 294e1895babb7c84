"""What a seal is computed over. Whoever has the rows can compute it without Sixfold.

Each event is one line of JSON with sorted keys and no spaces, its instant in UTC to the microsecond; the
digest is the SHA-256 over the previous digest in hex, a line feed, and the lines, each with a line feed
behind it.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC

from scheduler.models import AuditEvent

NOTHING = ""
"""What stands before the first seal."""


def digest_of(previous: str, events: Iterable[AuditEvent]) -> str:
    """The digest, in hex, of the seal over `events` (in the order of their ids) that follows `previous`."""
    found = hashlib.sha256(f"{previous}\n".encode())
    for event in events:
        found.update(_line(event))
    return found.hexdigest()


def _line(event: AuditEvent) -> bytes:
    facts = {
        "id": event.id,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor_id": event.actor_id,
        "actor": event.actor,
        "action": event.action,
        "entity": event.entity,
        "entity_id": event.entity_id,
        "patient_id": event.patient_id,
        "address": event.address,
        "detail": event.detail,
    }
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
