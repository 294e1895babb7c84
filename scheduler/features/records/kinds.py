"""The parts of a person's record that are kept for times of their own, and the usual times.

Whatever leads to a patient by foreign keys belongs to their record. A table that is named nowhere here is
part of the chart, which is kept longest: what somebody adds later is rather kept too long than lost.

The logs of infusions are part of the chart and never go before the rest of it. They are told apart because
they may have to stay after it: they are records of a controlled drug. What stays with them is what makes them
readable: the visit and the course they belong to, and whose they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, true

from scheduler.models import RecordKind

MESSAGES = frozenset(
    {
        "messages", "message_attempts", "inbound_messages", "contact_choices", "patient_links",
        "patient_devices", "rating_links", "consultation_links", "kiosks", "feeds",
    }
)  # fmt: skip
LOGS = frozenset(
    {
        "patients", "legal_holds", "courses", "infusions", "infusion_logs", "infusion_log_saves",
        "vital_signs", "hold_actions", "adverse_events", "rescue_drugs", "pump_pauses",
    }
)  # fmt: skip
BY_VISIT = frozenset({"signed_records", "addenda"})
"""Of one infusion they belong to its log; of a whole course they are part of the chart."""


@dataclass(frozen=True)
class Rule:
    """How long one kind is kept: `years` by the clinic, `least` by law, `until_age` for who was a minor.

    `version` 0: nobody has changed it yet.
    """

    years: int
    least: int
    until_age: int = 0
    version: int = 0


@dataclass(frozen=True)
class Kind:
    """What a kind is called, what it holds, what its years count from, and why the usual ones are so."""

    kind: RecordKind
    name: str
    holds: str
    counts_from: str
    because: str
    usual: Rule


KINDS = (
    Kind(
        RecordKind.CHART,
        "Charts",
        "Contact data, screening, consents, ratings, medicines, alerts and signed course logs.",
        "the last entry",
        "How long a chart must be kept is the law of your state: most ask for 5 to 10 years.",
        Rule(10, 7, 21),
    ),
    Kind(
        RecordKind.LOGS,
        "Infusion logs",
        "What was given, with lot and dose, vitals, events and signatures; with name, birth date and number.",
        "the last infusion",
        "Records of a controlled drug: at least 2 years (21 CFR 1304.04). They never go before the chart.",
        Rule(10, 2),
    ),
    Kind(
        RecordKind.MESSAGES,
        "Messages",
        "Who was written to, when, why and how it went, and what came back. Their words go after 90 days.",
        "each message",
        "For 4 years somebody may complain of a text that they did not want (28 U.S.C. 1658).",
        Rule(4, 0),
    ),
)
BY_NAME = {each.kind.value: each for each in KINDS}
ALL = frozenset(RecordKind)


def pieces(table: Table) -> Iterator[tuple[RecordKind, ColumnElement[bool]]]:
    """To which kinds the rows of a table of somebody's record belong, each with the condition.

    Everything of a record that was merged into another is that one's now, so its own row is not needed to
    read the logs.
    """
    if table.name == "patients":
        yield RecordKind.CHART, table.c.merged_into_id.is_not(None)
        yield RecordKind.LOGS, table.c.merged_into_id.is_(None)
    elif table.name in BY_VISIT:
        yield RecordKind.LOGS, table.c.infusion_id.is_not(None)
        yield RecordKind.CHART, table.c.infusion_id.is_(None)
    elif table.name in MESSAGES:
        yield RecordKind.MESSAGES, true()
    else:
        yield RecordKind.LOGS if table.name in LOGS else RecordKind.CHART, true()
