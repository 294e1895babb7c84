"""What the digests of addenda and second signatures cover: all they say, and what they stand beside."""

from scheduler.models import Addendum, CoSignature
from scheduler.rendering.canonical import facts_digest, plain


def addendum_digest(row: Addendum, record_digest: str) -> str:
    """The digest of an addendum beside a record."""
    return facts_digest(
        {
            "beside": record_digest,
            "course_id": row.course_id,
            "infusion_id": row.infusion_id,
            "words": row.words,
            "reason": row.reason,
            "at": plain(row.written_at),
            "by": row.written_by_id,
            "name": row.written_name,
            "key": row.key,
        }
    )


def co_signature_digest(row: CoSignature, record_digest: str) -> str:
    """The digest of a second signature under a record."""
    by = {"by": row.signed_by_id, "name": row.signed_name}
    return facts_digest({"signs": record_digest, "at": plain(row.signed_at), **by})
