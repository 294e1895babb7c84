"""What the digest of an addendum covers: all it says, and what it stands beside."""

from scheduler.models import ScreeningAddendum
from scheduler.rendering.canonical import facts_digest, plain


def addendum_digest(row: ScreeningAddendum, beside: str) -> str:
    """The digest of an addendum beside a screening with the digest `beside`."""
    return facts_digest(
        {
            "beside": beside,
            "words": row.words,
            "reason": row.reason,
            "at": plain(row.written_at),
            "by": row.written_by_id,
            "key": row.key,
        }
    )
