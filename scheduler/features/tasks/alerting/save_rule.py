"""Changing what the clinic wants to be told about."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError
from scheduler.features.audit.actions import record
from scheduler.features.tasks.alerting.rules import Rule
from scheduler.models import AlertKind, AlertRule


def save_rule(session: Session, actor: Actor, at: datetime, kind: AlertKind, rule: Rule) -> None:
    """Set the rule of a kind; its `version` is the one that was looked at. Raises ConflictError."""
    row = session.scalar(select(AlertRule).where(AlertRule.kind == kind).with_for_update())
    if (row.version if row else 0) != rule.version:
        raise ConflictError(
            "Somebody else changed this while you looked at it. What stands there now is below; "
            "change it again."
        )
    if row is None:
        row = AlertRule(kind=kind, version=0)
        session.add(row)
    row.for_nurses, row.at_least, row.at_most = rule.for_nurses, rule.at_least, rule.at_most
    row.version += 1
    session.flush()
    record(session, actor, at, "alert_rule.saved", "alert_rule", None, rule=kind.value)
