"""One person's record as its page shows it: how much of each kind there is, and until when it is kept."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from scheduler.features.records.graph import parts_of
from scheduler.features.records.kinds import ALL, KINDS, Kind, pieces
from scheduler.features.records.queries.entries import last_entries, last_logs
from scheduler.features.records.queries.holds import Hold, holds_on
from scheduler.features.records.queries.people import whole_person
from scheduler.features.records.queries.rules import Rules, rules
from scheduler.features.records.times import Facts, days_of
from scheduler.models import Patient, RecordKind


@dataclass(frozen=True)
class Plan:
    """What goes if somebody asks for it today, and from when the rest may go; None: nothing is left."""

    kinds: frozenset[RecordKind]
    rest_from: date | None


@dataclass(frozen=True)
class Line:
    """One kind: how many rows, until when the clinic keeps it, until when the law asks for it (None: not)."""

    kind: Kind
    rows: int
    kept_until: date | None
    law_until: date | None


@dataclass(frozen=True)
class RecordPage:
    """What the page shows; `name` and `born` for those who may know them."""

    patient_id: int
    record_number: str
    name: str
    born: date
    last_entry: datetime
    lines: Sequence[Line]
    holds: Sequence[Hold]
    plan: Plan

    @property
    def is_held(self) -> bool:
        """Whether a hold stands."""
        return any(hold.lifted_at is None for hold in self.holds)


def record_page(session: Session, patient_id: int, now: datetime) -> RecordPage:
    """The page of one person, whichever of their merged records is asked for. Raises NotFoundError."""
    patient, ids = whole_person(session, patient_id)
    found = rules(session)
    facts = facts_of(session, patient, ids)
    counts = _counts(session, ids)
    clinic, law = days_of(facts, found, by_law=False), days_of(facts, found, by_law=True)
    until = {RecordKind.CHART: (clinic.chart, law.chart), RecordKind.LOGS: (clinic.logs, law.logs)}
    if facts.last_log is None:
        until.pop(RecordKind.LOGS)
    lines = [Line(each, counts[each.kind], *until.get(each.kind, (None, None))) for each in KINDS]
    return RecordPage(
        patient.id,
        patient.record_number,
        patient.name,
        patient.birth_date,
        facts.last_entry,
        lines,
        holds_on(session, ids),
        plan_of(facts, found, now),
    )


def facts_of(session: Session, patient: Patient, ids: Sequence[int]) -> Facts:
    """What the days of one person's record follow from."""
    logs = last_logs(session, ids)
    return Facts(
        patient.birth_date,
        max(last_entries(session, ids).values()),
        max(logs.values(), default=None),
    )


def plan_of(facts: Facts, found: Rules, now: datetime) -> Plan:
    """What may go at once by law."""
    days, today = days_of(facts, found, by_law=True), now.date()
    if days.logs <= today:
        return Plan(ALL, None)
    if days.chart <= today:
        return Plan(ALL - {RecordKind.LOGS}, days.logs)
    return Plan(frozenset({RecordKind.MESSAGES}), days.chart)


def _counts(session: Session, ids: Sequence[int]) -> Counter[RecordKind]:
    """Rows of each kind, in one query."""
    counted = [
        select(literal(kind.value), func.count()).select_from(part.table).where(part.where, where)
        for part in parts_of(session, ids)
        for kind, where in pieces(part.table)
    ]
    found: Counter[RecordKind] = Counter()
    for kind, number in session.execute(union_all(*counted)):
        found[RecordKind(kind)] += number
    return found


def record_number(session: Session, patient_id: int) -> tuple[int, str]:
    """The id and the number of the kept record. Raises NotFoundError."""
    patient, _ = whole_person(session, patient_id)
    return patient.id, patient.record_number
