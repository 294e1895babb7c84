"""Which steps the page of a visit offers: those that its state and the moment allow, the usual one first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scheduler.features.courses.transitions import TRANSITIONS, Step, steps_from
from scheduler.models import InfusionStatus

WORDS = {
    Step.ARRIVE: "Check in",
    Step.START: "Seat and start",
    Step.STOP: "It was stopped early",
    Step.HOLD_BACK: "Hold back today",
    Step.UNARRIVE: "The patient had not arrived",
    Step.UNSTART: "The visit had not begun",
    Step.UNMISS: "The patient was not missing",
}
ASKED_ELSEWHERE = frozenset({Step.CANCEL})
TODAY_ONLY = frozenset({Step.ARRIVE, Step.UNMISS})


@dataclass(frozen=True)
class Deed:
    """One step with the words on its button."""

    step: Step
    label: str
    needs_reason: bool


@dataclass(frozen=True)
class Deeds:
    """What one press does, and what asks for a reason first."""

    plain: Sequence[Deed]
    reasoned: Sequence[Deed]


def deeds_of(status: InfusionStatus, starts_at: datetime, now: datetime) -> Deeds:
    """The steps of a visit that begins at `starts_at`; both moments local to its site."""
    found = [_deed(step) for step in steps_from(status) if _fits(step, starts_at, now)]
    return Deeds(
        [deed for deed in found if not deed.needs_reason], [deed for deed in found if deed.needs_reason]
    )


def _deed(step: Step) -> Deed:
    move = TRANSITIONS[step]
    return Deed(step, WORDS.get(step, move.label), move.needs_reason)


def _fits(step: Step, starts_at: datetime, now: datetime) -> bool:
    if step in ASKED_ELSEWHERE:
        return False
    if step is Step.MISS:
        return starts_at <= now
    return step not in TODAY_ONLY or starts_at.date() == now.date()
