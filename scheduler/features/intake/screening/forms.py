"""The forms of a screening: from a request to what an action takes."""

import re
from collections.abc import Mapping

from scheduler.errors import RuleError
from scheduler.features.intake.screening.actions.beside import Said
from scheduler.features.intake.screening.actions.save import Wrote
from scheduler.features.intake.screening.actions.sign import Decision
from scheduler.features.intake.screening.values import clean, clean_lines

KEY = re.compile(r"[A-Za-z0-9-]{8,64}")
LIMITS = {"trials_needed": (0, 5), "valid_days": (7, 730)}


def read_part(part: str, form: Mapping[str, str]) -> Wrote:
    """What was written into a part."""
    texts = {name: text for name, text in form.items() if name not in ("csrf_token", "seen")}
    return Wrote(part, whole(form.get("seen", "")) or 0, texts)


def read_decision(form: Mapping[str, str]) -> Decision:
    """What was decided. `record` is "new" or the number of a patient's record."""
    record = form.get("record", "")
    return Decision(
        form.get("outcome", ""),
        clean_lines(form.get("reason", "")),
        form.get("seen", ""),
        record_id=whole(record),
        is_new=record == "new",
    )


def read_addendum(form: Mapping[str, str]) -> Said:
    """An addendum, with the key that names this writing-down."""
    key = form.get("key", "")
    words, reason = clean_lines(form.get("words", "")), clean(form.get("reason", ""))
    return Said(words, reason, key if KEY.fullmatch(key) else "")


def read_rules(form: Mapping[str, str]) -> tuple[int, int]:
    """How many trials are looked for, and for how many days a screening holds. Raises RuleError."""
    found = []
    for name, (low, high) in LIMITS.items():
        value = whole(form.get(name, "").strip())
        if value is None or not low <= value <= high:
            raise RuleError(f"Write a whole number from {low} to {high}.", field=name)
        found.append(value)
    return found[0], found[1]


def whole(text: str) -> int | None:
    """A whole number; None for anything else."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None
