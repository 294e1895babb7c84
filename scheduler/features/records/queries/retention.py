"""What would go if a run were asked for now, the runs of late, and what was deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.db.long_work import stands_still
from scheduler.features.records.kinds import BY_NAME
from scheduler.features.records.queries.due import Due, OldMessages, old_messages, people_due
from scheduler.features.records.queries.rules import rules
from scheduler.features.records.queries.strangers import count_strangers
from scheduler.models import Patient, RecordRemoval, RetentionRun, User

SHOWN = 50


@dataclass(frozen=True)
class Preview:
    """What is due: how many people as a whole, in part, and who never became patients; which messages.

    `first` are the first patients of them.
    """

    whole: int
    part: int
    strangers: int
    first: Sequence[Due]
    oldest: datetime | None
    messages: OldMessages

    @property
    def people(self) -> int:
        """Whole or in part, patients or not."""
        return self.whole + self.part + self.strangers

    @property
    def is_empty(self) -> bool:
        """Whether nothing is due."""
        return not self.people and not self.messages.count


@dataclass(frozen=True)
class Run:
    """One run in the list; `state` is "waits", "under way", "done" or "ended early"."""

    run_id: int
    asked_at: datetime
    by: str
    state: str
    position: int
    total: int
    people: int
    rows: int
    error: str | None
    is_still: bool

    @property
    def is_working(self) -> bool:
        """Whether something is still to come."""
        return self.state in {"waits", "under way"}


@dataclass(frozen=True)
class Removal:
    """One record that was deleted: `what` went. `leads_to` is the patient, where they are still there."""

    record_number: str
    at: datetime
    actor: str
    reason: str
    what: str
    rows: int
    rest_from: date | None
    leads_to: int | None


def preview(session: Session, now: datetime) -> Preview:
    """Everybody and everything that is past its time."""
    found = rules(session)
    whole = part = 0
    first: list[Due] = []
    oldest: datetime | None = None
    for one in people_due(session, found, now):
        whole, part = (whole + 1, part) if one.rest_from is None else (whole, part + 1)
        oldest = min(oldest or one.last_entry, one.last_entry)
        if len(first) < SHOWN:
            first.append(one)
    strangers = count_strangers(session, found, now)
    return Preview(whole, part, strangers, first, oldest, old_messages(session, found, now))


def runs(session: Session, now: datetime, limit: int = 10) -> list[Run]:
    """The newest runs, newest first."""
    rows = session.execute(
        select(RetentionRun, User.name)
        .outerjoin(User, User.id == RetentionRun.asked_by_id)
        .order_by(RetentionRun.id.desc())
        .limit(limit)
    )
    return [_run(row, name or "", now) for row, name in rows]


def _run(row: RetentionRun, by: str, now: datetime) -> Run:
    if row.finished_at is None:
        state = "under way" if row.moved_at else "waits"
    else:
        state = "ended early" if row.error else "done"
    still = stands_still(row, now)
    return Run(
        row.id, row.asked_at, by, state, row.position, row.total, row.people, row.rows, row.error, still
    )


def removals(session: Session, limit: int = SHOWN) -> list[Removal]:
    """What was deleted last, newest first."""
    rows = session.execute(
        select(RecordRemoval, Patient.id)
        .outerjoin(Patient, Patient.id == RecordRemoval.person_id)
        .order_by(RecordRemoval.id.desc())
        .limit(limit)
    )
    return [
        Removal(
            row.record_number,
            row.at,
            row.actor,
            row.reason,
            " and ".join(BY_NAME[kind].name for kind in row.kinds) if row.rest_from else "Everything",
            row.rows,
            row.rest_from,
            there,
        )
        for row, there in rows
    ]
