"""Give back a claimed message that was not tried: its door closed, or somebody stopped the sending."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.features.outbox.actions.claim import Claim
from scheduler.features.outbox.actions.record import Handover, Outcome, close
from scheduler.models import MessageStatus

UNTRIED = "Sending stopped before its turn came. Nothing was tried."


def give_back(session: Session, at: datetime, worker: str, claim: Claim) -> None:
    """Let it wait as it did before, without a try counted; where another worker has it since, nothing."""
    values = {"status": MessageStatus.QUEUED, "next_attempt_at": at, "attempts": claim.attempts - 1}
    close(session, at, worker, claim, Handover(Outcome.NOT_SENT, UNTRIED), values)
