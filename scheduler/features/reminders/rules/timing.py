"""Adding, switching and removing the rules that reminders are derived from."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.models import Channel, Protocol, ReminderRule

MOST_DAYS = 30


def add_rule(
    session: Session, actor: Actor, at: datetime, protocol_id: int | None, channel: Channel, days: int
) -> ReminderRule:
    """Remind so many days before; what would have been due by now is not caught up with.

    Raises RuleError, NotFoundError for a protocol that is none, ConflictError where the rule is there.
    """
    if not 0 <= days <= MOST_DAYS:
        raise RuleError(f"Write a whole number of days from 0 to {MOST_DAYS}.", field="days")
    if protocol_id is not None and session.get(Protocol, protocol_id) is None:
        raise NotFoundError("There is no such protocol. Choose one of the list.")
    there = select(ReminderRule.id).where(
        ReminderRule.protocol_id.is_(None)
        if protocol_id is None
        else ReminderRule.protocol_id == protocol_id,
        ReminderRule.channel == channel,
        ReminderRule.days_before == days,
    )
    if session.scalar(there) is not None:
        raise ConflictError("This reminder is set already. Switch it on or off in the list.")
    rule = ReminderRule(protocol_id=protocol_id, channel=channel, days_before=days, active=True, since=at)
    session.add(rule)
    session.flush()
    _note(session, actor, at, "added", rule)
    return rule


def switch_rule(session: Session, actor: Actor, at: datetime, rule_id: int, on: bool) -> None:
    """Turn a rule on or off; one that is so already stays as it is. Raises NotFoundError."""
    rule = _rule(session, rule_id)
    if rule.active is on:
        return
    rule.active = on
    if on:
        rule.since = at
    _note(session, actor, at, "switched_on" if on else "switched_off", rule)


def remove_rule(session: Session, actor: Actor, at: datetime, rule_id: int) -> None:
    """Take a rule away. Raises NotFoundError."""
    rule = _rule(session, rule_id)
    _note(session, actor, at, "removed", rule)
    session.delete(rule)
    session.flush()


def _rule(session: Session, rule_id: int) -> ReminderRule:
    found = session.get(ReminderRule, rule_id, with_for_update=True)
    if found is None:
        raise NotFoundError("This reminder is not there any more. Somebody may have removed it.")
    return found


def _note(session: Session, actor: Actor, at: datetime, what: str, rule: ReminderRule) -> None:
    record(
        session,
        actor,
        at,
        f"reminder.{what}",
        "reminder_rule",
        rule.id,
        channel=rule.channel.value,
        days=rule.days_before,
        protocol=rule.protocol_id,
    )
