"""Which alerts a course should have, against those it has: pure, with the rules that keep it from nagging.

A cause is a stretch of facts, not a single one: three ratings in a row above the line are one worsening. It
is told from others of its kind by what it is `about` and by what it `covers`. From this follow the rules:

- The same facts raise once. What comes later to the same stretch brings the waiting alert up to date, and
  what it said before stays in its history.
- What a correction takes away is withdrawn while it waits; an acknowledged alert is a deed of a person, and
  stays. An answer about self-harm is never withdrawn: only a clinician ends it (CLINICAL.md, section 3).
- After an acknowledgement the same stretch is silent, unless it gets worse by another `step` than it was
  when somebody looked. A new stretch (there was something better in between) is a new alert.
- What was withdrawn and comes back waits again under its old number, with its history.

The order in which facts arrive plays no part in it: the causes are worked out from all facts together.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from scheduler.models import Alert, AlertKind

LASTING = frozenset({AlertKind.ITEM_9})
"""Kinds that a correction does not withdraw."""


@dataclass(frozen=True)
class Cause:
    """One stretch of facts that somebody has to look at.

    `level` is the worst of it and `step` how much worse it must become to be raised again after an
    acknowledgement, None for never. Without `is_new` it keeps a waiting alert alive and raises none.
    """

    kind: AlertKind
    about: str
    covers: tuple[str, ...]
    level: int = 0
    step: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    infusion_id: int | None = None
    is_new: bool = True


class Do(StrEnum):
    """What is to be done to bring the alerts up to date."""

    RAISE = "raise"
    CHANGE = "change"
    WAIT_AGAIN = "wait_again"
    WITHDRAW = "withdraw"


@dataclass(frozen=True)
class Step:
    """One thing to do; a new alert has no row yet, one to withdraw no cause any more."""

    do: Do
    alert: Alert | None = None
    cause: Cause | None = None


def steps(causes: Iterable[Cause], alerts: Sequence[Alert]) -> list[Step]:
    """What makes `alerts` (all of these kinds in the course, the oldest first) say what `causes` say."""
    used: set[int] = set()
    found = []
    for cause in causes:
        step = _step(cause, [alert for alert in alerts if _is_linked(alert, cause)], used)
        if step is not None:
            found.append(step)
    left = [alert for alert in alerts if _waits(alert) and alert.id not in used]
    return [*found, *(Step(Do.WITHDRAW, alert) for alert in left if alert.kind not in LASTING)]


def _step(cause: Cause, linked: Sequence[Alert], used: set[int]) -> Step | None:
    waiting = _unused(linked, used, waits=True)
    if waiting is not None:
        used.add(waiting.id)
        return None if _says(waiting, cause) else Step(Do.CHANGE, waiting, cause)
    seen = [alert.level for alert in linked if alert.acknowledged_at is not None]
    if seen and (cause.step is None or cause.level < max(seen) + cause.step):
        return None
    gone = _unused(linked, used, waits=False)
    if gone is not None:
        used.add(gone.id)
        return Step(Do.WAIT_AGAIN, gone, cause)
    return Step(Do.RAISE, cause=cause) if cause.is_new else None


def _unused(linked: Iterable[Alert], used: Collection[int], *, waits: bool) -> Alert | None:
    """The first that no other cause has, of those that wait or of those that were withdrawn."""
    return next(
        (
            alert
            for alert in linked
            if alert.id not in used and alert.acknowledged_at is None and _waits(alert) is waits
        ),
        None,
    )


def _is_linked(alert: Alert, cause: Cause) -> bool:
    same = (alert.kind, alert.about) == (cause.kind, cause.about)
    return same and not set(cause.covers).isdisjoint(alert.covers)


def _waits(alert: Alert) -> bool:
    return alert.acknowledged_at is None and alert.withdrawn_at is None


def _says(alert: Alert, cause: Cause) -> bool:
    said = (list(alert.covers), alert.level, dict(alert.facts), alert.infusion_id)
    return said == (list(cause.covers), cause.level, dict(cause.facts), cause.infusion_id)
