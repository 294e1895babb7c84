"""What an administrator decides about access for the whole clinic."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, RuleError
from scheduler.features.audit.actions import record
from scheduler.models import AccessRules

EMERGENCY_FROM, EMERGENCY_TO = 5, 240
MOST_LOCK = 60


@dataclass(frozen=True)
class Times:
    """After how many minutes without use a log-in locks, and for how many a chart opens in an emergency.

    `factor_for_all`: everybody needs a second factor. `version` is 0 for the usual times.
    """

    lock_minutes: int = 15
    emergency_minutes: int = 60
    factor_for_all: bool = False
    version: int = 0


def times(session: Session) -> Times:
    """What holds now."""
    row = session.scalar(select(AccessRules))
    if row is None:
        return Times()
    return Times(row.lock_minutes, row.emergency_minutes, row.factor_for_all, row.version)


def save_times(
    session: Session,
    actor: Actor,
    at: datetime,
    lock_minutes: int | None,
    emergency_minutes: int | None,
    seen: int,
    idle_minutes: int,
    *,
    factor_for_all: bool = False,
) -> None:
    """Decide both times, and who needs a second factor. Raises RuleError (with `field`), and ConflictError
    where somebody decided since `seen`.

    A lock must come before a log-in is over, which is after `idle_minutes` without use.
    """
    most = min(MOST_LOCK, idle_minutes - 1)
    if lock_minutes is None or not 1 <= lock_minutes <= most:
        words = f"Write 1 to {most} minutes. After {idle_minutes} minutes without use a log-in is over."
        raise RuleError(words, field="lock_minutes")
    if emergency_minutes is None or not EMERGENCY_FROM <= emergency_minutes <= EMERGENCY_TO:
        raise RuleError(f"Write {EMERGENCY_FROM} to {EMERGENCY_TO} minutes.", field="emergency_minutes")
    row = session.scalar(select(AccessRules).with_for_update())
    if (row.version if row else 0) != seen:
        raise ConflictError("Somebody changed these rules since you opened the page. Look, and save again.")
    if row is None:
        row = AccessRules(id=1, version=0)
        session.add(row)
    row.lock_minutes, row.emergency_minutes = lock_minutes, emergency_minutes
    row.factor_for_all = factor_for_all
    row.version += 1
    record(session, actor, at, "access_rules.changed", "access_rules", 1)
    session.flush()
