"""Change for how long a kind of record is kept."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db.locks import lock_words
from scheduler.errors import ConflictError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.records.kinds import Rule
from scheduler.features.records.queries.rules import rules
from scheduler.models import RecordKind, RetentionRule

MOST, OLDEST, LOGS_LEAST = 50, 40, 2


def save_rule(session: Session, actor: Actor, at: datetime, kind: RecordKind, wanted: Rule) -> None:
    """Keep `kind` by these years; `wanted.version` is the one that was seen.

    Raises RuleError with the `field` that is wrong, ConflictError where somebody changed it meanwhile.
    """
    _check(kind, wanted)
    lock_words(session, "retention rules")
    known = rules(session)[kind]
    if known.version != wanted.version:
        raise ConflictError("Somebody else changed these years a moment ago. Look, and change them then.")
    if (known.years, known.least, known.until_age) == (wanted.years, wanted.least, wanted.until_age):
        return
    row = session.get(RetentionRule, kind)
    if row is None:
        row = RetentionRule(kind=kind, version=0)
        session.add(row)
    row.years, row.least_years, row.until_age = wanted.years, wanted.least, wanted.until_age
    row.version += 1
    session.flush()
    record(
        session, actor, at, "retention.changed", "retention_rule", None, None,
        kind=kind.value, years=[known.years, wanted.years], least=[known.least, wanted.least],
        until_age=[known.until_age, wanted.until_age],
    )  # fmt: skip


def _check(kind: RecordKind, wanted: Rule) -> None:
    if kind is RecordKind.MESSAGES and wanted.least:
        raise RuleError("No law asks for messages to be kept. Leave this at 0.", field="least")
    least = LOGS_LEAST if kind is RecordKind.LOGS else 0
    if not least <= wanted.least <= MOST:
        why = " Records of a controlled drug are kept for 2 years at least." if least else ""
        raise RuleError(f"The law’s years are a number from {least} to {MOST}.{why}", field="least")
    if not wanted.least <= wanted.years <= MOST:
        raise RuleError(
            f"Keep them for at least the {wanted.least} years of the law, and for at most {MOST}.",
            field="years",
        )
    if not 0 <= wanted.until_age <= OLDEST:
        raise RuleError(f"The age is a number from 0, for no such rule, to {OLDEST}.", field="until_age")
