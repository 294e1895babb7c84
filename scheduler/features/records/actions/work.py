"""What a worker does with a run: take it, delete a piece, say how far it is, finish it.

Each person goes in a transaction of their own. Whoever was put under a hold since the preview, or came back,
stays: who is due is asked again, and the deletion itself looks once more.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from scheduler.actor import WORKER
from scheduler.db.long_work import Hold, held, take_next
from scheduler.features.audit.actions import record
from scheduler.features.records.actions.guards import guards_open
from scheduler.features.records.actions.remove import Order, remove
from scheduler.features.records.actions.strangers import remove_stranger
from scheduler.features.records.queries.due import Due, next_messages
from scheduler.features.records.queries.rules import Rules, from_kept
from scheduler.features.records.queries.strangers import next_strangers
from scheduler.models import RetentionRun

MESSAGES = 200
WHY = "Past the time for which the clinic keeps it."


@dataclass(frozen=True)
class Claim(Hold[RetentionRun]):
    """A run that is ours. `asked_at` and `rules` say what is due in it."""

    asked_at: datetime
    rules: Rules


def take(session: Session, at: datetime) -> Claim | None:
    """The run that waits, or whose worker is gone; None where there is nothing to do."""
    run = take_next(session, at, RetentionRun)
    if run is None:
        return None
    return Claim(RetentionRun, run.id, run.fence, run.asked_at, from_kept(run.rules))


def remove_due(session: Session, at: datetime, claim: Claim, due: Due) -> bool:
    """Delete what is due of one person. False where the run is not ours any more.

    Raises RuleError where they are held now or came back, NotFoundError where they are gone already.
    """
    run = held(session, claim)
    if run is None:
        return False
    order = Order(due.patient_id, due.kinds, due.rest_from, "retention", WHY, run.id)
    run.rows += remove(session, WORKER, at, order).rows
    run.people += 1
    run.position += 1
    run.moved_at = at
    return True


def remove_strangers(session: Session, at: datetime, claim: Claim) -> int | None:
    """Delete the next one who never became a patient; how many. None where the run is not ours any more."""
    run = held(session, claim)
    if run is None:
        return None
    found = next_strangers(session, claim.rules, claim.asked_at, 1)
    for request_id in found:
        run.rows += remove_stranger(session, WORKER, at, request_id)
    run.people += len(found)
    run.position += len(found)
    run.moved_at = at
    return len(found)


def remove_messages(session: Session, at: datetime, claim: Claim) -> int | None:
    """Delete the next messages that are too old; how many. None where the run is not ours any more."""
    run = held(session, claim)
    if run is None:
        return None
    count = 0
    with guards_open(session):
        for model, ids in next_messages(session, claim.rules, claim.asked_at, MESSAGES):
            session.execute(
                delete(model).where(model.id.in_(ids)).execution_options(synchronize_session=False)
            )
            count += len(ids)
    run.rows += count
    run.position += count
    run.moved_at = at
    return count


def finish(session: Session, at: datetime, claim: Claim, error: str | None = None) -> None:
    """The run is over, well or not."""
    run = held(session, claim)
    if run is None:
        return
    run.finished_at, run.error = at, error
    if error is None:  # Old messages of people who went were counted, and went with them.
        run.position = run.total
    record(session, WORKER, at, "retention.done", "retention_run", run.id, people=run.people, rows=run.rows)
