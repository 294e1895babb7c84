"""What the clinic wants to be told about: for each kind who must see it, and from when on it is raised."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.models import AlertKind, AlertRule


@dataclass(frozen=True)
class Rule:
    """One kind. Clinicians see all; `for_nurses` says whether nurses must, too.

    `at_least` is the grade of an adverse event, the number of the infusion, or the weeks until a booster is
    due, `at_most` the weeks after which it is not prompted; None where a kind has none. `version` is 0 while
    the usual rule holds.
    """

    for_nurses: bool = False
    at_least: int | None = None
    at_most: int | None = None
    version: int = 0


USUAL: Mapping[AlertKind, Rule] = {
    AlertKind.SUICIDALITY: Rule(),  # A screening is a clinician's: nobody else opens it.
    AlertKind.ITEM_9: Rule(for_nurses=True),
    AlertKind.ADVERSE_EVENT: Rule(for_nurses=True, at_least=3),  # Severe, as trials count it.
    AlertKind.WORSENING: Rule(),
    AlertKind.RELAPSE: Rule(),
    AlertKind.NO_RESPONSE: Rule(at_least=4),
    AlertKind.BOOSTER: Rule(at_least=4, at_most=6),  # CLINICAL.md, section 1.
}
"""What holds until a clinic decides otherwise."""


def rules(session: Session) -> dict[AlertKind, Rule]:
    """The rule of every kind."""
    own = {
        row.kind: Rule(row.for_nurses, row.at_least, row.at_most, row.version)
        for row in session.scalars(select(AlertRule).order_by(AlertRule.kind))
    }
    return {**USUAL, **own}
