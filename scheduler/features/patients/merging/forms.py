"""The form of a merge: which record, as it was seen, and which of its fields are taken."""

import re
from collections.abc import Mapping

from scheduler.errors import RuleError
from scheduler.features.patients.actions.merge import MergeOrder
from scheduler.features.patients.words import LABELS

PREFIX = "field-"


def parse_merge(kept_id: int, values: Mapping[str, str]) -> MergeOrder:
    """Read the form. Raises RuleError where it names no other record."""
    other = read_number(values.get("with", ""))
    if other is None:
        raise RuleError("Choose the other record first.")
    take = frozenset(name for name in LABELS if values.get(PREFIX + name) == "other")
    kept_version, other_version = (
        read_number(values.get(name, "")) or 0 for name in ("kept_version", "other_version")
    )
    return MergeOrder(kept_id, other, kept_version, other_version, take)


def read_number(text: str) -> int | None:
    """A number that a record can have, or None."""
    return int(text) or None if re.fullmatch(r"\d{1,9}", text, re.ASCII) else None
