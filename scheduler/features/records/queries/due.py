"""Whose time is over, and which messages are too old: what a run would delete, and what it deletes.

Both come from here, so that what a preview shows is what goes. Whoever is held, or has a course that goes on,
is never due.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from scheduler.features.intake.held import held_requests
from scheduler.features.records.kinds import ALL
from scheduler.features.records.queries.entries import last_entries, last_logs, nothing_since
from scheduler.features.records.queries.holds import held
from scheduler.features.records.queries.people import merged_into
from scheduler.features.records.queries.rules import Rules
from scheduler.features.records.times import Facts, days_of, years_before
from scheduler.models import (
    ConsultationRequest,
    Course,
    CourseStatus,
    InboundMessage,
    LegalHold,
    Message,
    MessageStatus,
    Patient,
    RecordKind,
    RecordRemoval,
)

Post = type[Message] | type[InboundMessage]

BATCH = 200
GOES_ON = (CourseStatus.ACTIVE, CourseStatus.ON_HOLD)
WAITS = (MessageStatus.QUEUED, MessageStatus.SENDING)


@dataclass(frozen=True)
class Due:
    """One person whose time is over: which kinds go, and from when the rest may go, if anything stays."""

    patient_id: int
    record_number: str
    last_entry: datetime
    kinds: frozenset[RecordKind]
    rest_from: date | None


@dataclass(frozen=True)
class OldMessages:
    """How many messages and replies are too old, and the oldest of them."""

    count: int
    oldest: datetime | None


def people_due(session: Session, rules: Rules, at: datetime) -> Iterator[Due]:
    """Everybody whose time is over at `at`, by id."""
    after = 0
    while found := next_due(session, rules, at, after):
        after, some = found
        yield from some


def next_due(session: Session, rules: Rules, at: datetime, after: int) -> tuple[int, list[Due]] | None:
    """Those of the next few records whose time is over, and how far we looked. None at the end."""
    cutoff = years_before(at, rules[RecordKind.CHART].years)
    asked = select(RecordRemoval.person_id).where(RecordRemoval.rest_from <= at.date())
    rows = session.scalars(
        select(Patient)
        .where(Patient.id > after, Patient.merged_into_id.is_(None), *_is_over())
        .where(or_(Patient.id.in_(asked), _all(nothing_since(cutoff))))
        .order_by(Patient.id)
        .limit(BATCH)
    ).all()
    return (rows[-1].id, _due(session, rows, rules, at)) if rows else None


def _is_over() -> Iterator[ColumnElement[bool]]:
    yield Patient.id.not_in(held())
    yield ~exists().where(Course.patient_id == Patient.id, Course.status.in_(GOES_ON))


def _all(conditions: Iterator[ColumnElement[bool]]) -> ColumnElement[bool]:
    found = next(conditions)
    for each in conditions:
        found &= each
    return found


def _due(session: Session, rows: Sequence[Patient], rules: Rules, at: datetime) -> list[Due]:
    groups = merged_into(session, [row.id for row in rows])
    everybody = [id_ for group in groups.values() for id_ in group]
    entries, logs = last_entries(session, everybody), last_logs(session, everybody)
    stuck = set(session.scalars(held().where(LegalHold.patient_id.in_(everybody))))
    removed = _removed(session, list(groups))
    found = []
    for row in rows:
        group = groups[row.id]
        if stuck & set(group):
            continue
        charted = [logs[id_] for id_ in group if id_ in logs]
        facts = Facts(row.birth_date, max(entries[id_] for id_ in group), max(charted, default=None))
        one = _one(row, facts, removed.get(row.id), rules, at)
        if one is not None:
            found.append(one)
    return found


def _one(row: Patient, facts: Facts, before: RecordRemoval | None, rules: Rules, at: datetime) -> Due | None:
    """What goes of one person. `before`: what was deleted last; what came after it counts anew."""
    gone = before if before is not None and before.at > facts.last_entry else None
    asked = gone is not None and gone.cause == "asked"
    days = days_of(facts, rules, by_law=asked)
    today = at.date()
    if days.logs <= today:
        return Due(row.id, row.record_number, facts.last_entry, ALL, None)
    kinds = ALL - {RecordKind.LOGS}
    if days.chart > today or (gone is not None and kinds <= set(gone.kinds)):
        return None
    return Due(row.id, row.record_number, facts.last_entry, kinds, days.logs)


def _removed(session: Session, ids: Sequence[int]) -> dict[int, RecordRemoval]:
    rows = select(RecordRemoval).where(RecordRemoval.person_id.in_(ids)).order_by(RecordRemoval.id)
    return {row.person_id: row for row in session.scalars(rows)}


def old_messages(session: Session, rules: Rules, at: datetime) -> OldMessages:
    """What a run would delete of messages, whether their people stay or go."""
    cutoff = years_before(at, rules[RecordKind.MESSAGES].years)
    count, oldest = 0, None
    for model, moment, conditions in _too_old(cutoff):
        number, first = session.execute(
            select(func.count(), func.min(moment)).select_from(model).where(*conditions)
        ).one()
        count += number
        oldest = min((at for at in (oldest, first) if at is not None), default=None)
    return OldMessages(count, oldest)


def next_messages(session: Session, rules: Rules, at: datetime, size: int) -> list[tuple[Post, list[int]]]:
    """The ids of the next messages and replies that are too old, by model; empty at the end."""
    cutoff = years_before(at, rules[RecordKind.MESSAGES].years)
    found = []
    for model, _, conditions in _too_old(cutoff):
        ids = session.scalars(select(model.id).where(*conditions).order_by(model.id).limit(size)).all()
        if ids:
            found.append((model, list(ids)))
    return found


def _too_old(cutoff: datetime) -> Iterator[tuple[Post, Any, list[ColumnElement[bool]]]]:
    request = ConsultationRequest
    theirs = select(request.id).where(or_(request.patient_id.in_(held()), request.id.in_(held_requests())))
    yield (
        Message,
        Message.created_at,
        [
            Message.created_at < cutoff,
            Message.status.not_in(WAITS),
            or_(Message.patient_id.is_(None), Message.patient_id.not_in(held())),
            or_(Message.request_id.is_(None), Message.request_id.not_in(theirs)),
        ],
    )
    yield (
        InboundMessage,
        InboundMessage.received_at,
        [
            InboundMessage.received_at < cutoff,
            or_(InboundMessage.patient_id.is_(None), InboundMessage.patient_id.not_in(held())),
        ],
    )
