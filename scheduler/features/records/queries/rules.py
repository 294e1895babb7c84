"""How long each kind is kept, as the clinic decided or as is usual."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.records.kinds import KINDS, Rule
from scheduler.models import RecordKind, RetentionRule

Rules = Mapping[RecordKind, Rule]


def rules(session: Session) -> Rules:
    """The rule of each kind."""
    found = {each.kind: each.usual for each in KINDS}
    for row in session.scalars(select(RetentionRule).order_by(RetentionRule.kind)):
        found[row.kind] = Rule(row.years, row.least_years, row.until_age, row.version)
    return found


def as_kept(found: Rules) -> dict[str, Any]:
    """Rules as a run keeps them."""
    return {kind.value: [rule.years, rule.least, rule.until_age] for kind, rule in found.items()}


def from_kept(kept: Mapping[str, Any]) -> Rules:
    """Rules that a run has kept."""
    return {RecordKind(kind): Rule(*numbers) for kind, numbers in kept.items()}
