"""The life of an entry as one table: which step is taken from where, and where it leads."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from scheduler.errors import ConflictError
from scheduler.models import WaitingStatus

W = WaitingStatus
OPEN = frozenset({W.WAITING, W.OFFERED, W.DECLINED, W.EXPIRED})
"""Entries that can still lead to a move."""


class WaitingStep(StrEnum):
    """What can happen to an entry."""

    OFFER = "offer"
    ACCEPT = "accept"
    DECLINE = "decline"
    TAKE_BACK = "take_back"
    AGAIN = "again"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    SETTLE = "settle"
    REOPEN = "reopen"


@dataclass(frozen=True)
class Change:
    """From where a step is taken, where it leads, and what it is called in the history."""

    before: frozenset[WaitingStatus]
    after: WaitingStatus
    words: str


STEPS: Mapping[WaitingStep, Change] = {
    WaitingStep.OFFER: Change(frozenset({W.WAITING}), W.OFFERED, "Offered"),
    WaitingStep.ACCEPT: Change(frozenset({W.WAITING, W.OFFERED}), W.ACCEPTED, "Accepted and moved"),
    WaitingStep.DECLINE: Change(frozenset({W.OFFERED}), W.DECLINED, "Declined"),
    WaitingStep.TAKE_BACK: Change(frozenset({W.OFFERED}), W.WAITING, "Offer taken back"),
    WaitingStep.AGAIN: Change(frozenset({W.DECLINED, W.EXPIRED}), W.WAITING, "Waits again"),
    WaitingStep.WITHDRAW: Change(OPEN, W.WITHDRAWN, "Taken off the list"),
    WaitingStep.EXPIRE: Change(frozenset({W.OFFERED}), W.EXPIRED, "The offer ran out"),
    WaitingStep.SETTLE: Change(OPEN, W.SETTLED, "Ended by itself"),
    WaitingStep.REOPEN: Change(frozenset({W.ACCEPTED}), W.WAITING, "The move was undone: waits again"),
}
BY_PEOPLE = (
    WaitingStep.OFFER,
    WaitingStep.ACCEPT,
    WaitingStep.DECLINE,
    WaitingStep.TAKE_BACK,
    WaitingStep.AGAIN,
    WaitingStep.WITHDRAW,
)
"""Steps that the desk and programs take; the worker takes the others."""

STATES: Mapping[WaitingStatus, str] = {
    W.WAITING: "waiting",
    W.OFFERED: "offered a time",
    W.ACCEPTED: "moved",
    W.DECLINED: "has declined",
    W.EXPIRED: "has not answered in time",
    W.WITHDRAWN: "taken off the list",
    W.SETTLED: "over",
}


def after(status: WaitingStatus, step: WaitingStep) -> WaitingStatus:
    """Where `step` leads from `status`. Raises ConflictError where it can't be taken."""
    change = STEPS[step]
    if status not in change.before:
        raise ConflictError(
            f"This entry of the waiting list is {STATES[status]} by now. Nothing was changed. Look again."
        )
    return change.after
