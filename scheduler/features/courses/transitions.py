"""The life of an infusion as one table (DESIGN.md, section 2): what may follow what, and what it asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from scheduler.models import InfusionStatus


class Step(StrEnum):
    """What people do to one visit."""

    ARRIVE = "arrive"
    START = "start"
    COMPLETE = "complete"
    STOP = "stop"
    MISS = "miss"
    CANCEL = "cancel"
    HOLD_BACK = "hold_back"
    UNARRIVE = "unarrive"
    UNSTART = "unstart"
    UNMISS = "unmiss"


@dataclass(frozen=True)
class Transition:
    """One line of the table.

    `kind` names it in the history. `label` stands on a button, `done` in a sentence: "Visit no. 3 is marked
    as arrived." `frees` says that the chair is given back, `same_day` that it is only for today's visits.
    """

    step: Step
    before: InfusionStatus
    after: InfusionStatus
    kind: str
    label: str
    done: str
    needs_reason: bool = False
    frees: bool = False
    same_day: bool = False


_S = InfusionStatus
_TABLE = (
    Transition(Step.ARRIVE, _S.SCHEDULED, _S.ARRIVED, "arrived", "Arrived", "is marked as arrived"),
    Transition(Step.START, _S.ARRIVED, _S.IN_PROGRESS, "started", "Start", "has begun"),
    Transition(Step.COMPLETE, _S.IN_PROGRESS, _S.COMPLETED, "completed", "Complete", "is completed"),
    Transition(
        Step.STOP, _S.IN_PROGRESS, _S.COMPLETED, "stopped", "Stopped early", "was stopped early", True
    ),
    Transition(Step.MISS, _S.SCHEDULED, _S.MISSED, "missed", "Missed", "is marked as missed", frees=True),
    Transition(
        Step.CANCEL, _S.SCHEDULED, _S.CANCELLED, "cancelled", "Cancel", "is cancelled", True, frees=True
    ),
    Transition(
        Step.HOLD_BACK, _S.ARRIVED, _S.CANCELLED, "held_back", "Held back", "is held back", True, frees=True
    ),
    Transition(
        Step.UNARRIVE, _S.ARRIVED, _S.SCHEDULED, "corrected", "Not arrived", "has not arrived yet", True
    ),
    Transition(
        Step.UNSTART, _S.IN_PROGRESS, _S.ARRIVED, "corrected", "Not started", "has not begun yet", True
    ),
    Transition(
        Step.UNMISS, _S.MISSED, _S.SCHEDULED, "corrected", "Not missed", "is expected again", True,
        same_day=True,
    ),
)  # fmt: skip
TRANSITIONS: Mapping[Step, Transition] = {each.step: each for each in _TABLE}


def steps_from(status: InfusionStatus) -> tuple[Step, ...]:
    """The steps that a visit in this state can take, the usual one first."""
    return tuple(each.step for each in _TABLE if each.before is status)
