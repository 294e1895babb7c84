"""What the forms of the course log send."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from werkzeug.datastructures import MultiDict

from scheduler.features.review.actions.beside import Said

Form = MultiDict[str, str]
REASON = "reason:"
NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Seen:
    """What the page showed: the digest of its facts, and when it was opened (None where nobody can say)."""

    digest: str
    opened_at: datetime | None


def read_seen(form: Form) -> Seen:
    """What the one who signs has seen."""
    return Seen(form.get("seen", ""), _instant(form.get("opened_at", "")))


def read_reasons(form: Form) -> dict[str, str]:
    """The reasons that were written, by the key of what they are for; empty ones are left out."""
    return {
        name.removeprefix(REASON): " ".join(value.split())
        for name, value in form.items()
        if name.startswith(REASON) and value.strip()
    }


def read_addendum(form: Form) -> Said:
    """What is set right, why, and of which infusion ("" is the course)."""
    about = form.get("infusion", "")
    return Said(
        words=form.get("words", "").strip(),
        reason=" ".join(form.get("reason", "").split()),
        key=form.get("key", "")[:64],
        infusion_id=int(about) if NUMBER.fullmatch(about) else None,
    )


def _instant(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None
