"""What hangs on the logs of a course, as plain rows by log: one statement for each kind of thing.

Adverse events, rescue drugs and pauses of the pump are few and have much the same columns, so that one
statement reads all three.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, Text, bindparam, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from scheduler.db.base import Instant
from scheduler.models import (
    AdverseEvent,
    HoldAction,
    Infusion,
    InfusionLog,
    PumpPause,
    RescueDrug,
    VitalSigns,
)

Rows = Mapping[int, list[Any]]


class Event(NamedTuple):
    """An adverse event."""

    id: int
    onset_at: datetime
    struck_at: datetime | None
    struck_reason: str | None
    changed_at: datetime
    changed_by_id: int | None
    term: str
    action: str
    outcome: str
    note: str
    grade: int


class Rescue(NamedTuple):
    """A rescue drug."""

    id: int
    given_at: datetime
    struck_at: datetime | None
    struck_reason: str | None
    changed_at: datetime
    changed_by_id: int | None
    drug: str
    amount: str
    route: str
    why: str


class Pause(NamedTuple):
    """A pause of the pump."""

    id: int
    from_at: datetime
    struck_at: datetime | None
    struck_reason: str | None
    changed_at: datetime
    changed_by_id: int | None
    why: str
    to_at: datetime | None


_visits, _logs = Infusion.__table__, InfusionLog.__table__
_vitals, _holds = VitalSigns.__table__, HoldAction.__table__
_events, _rescue, _pauses = AdverseEvent.__table__, RescueDrug.__table__, PumpPause.__table__
_of_course = (
    select(_logs.c.id)
    .join(_visits, _visits.c.id == _logs.c.infusion_id)
    .where(_visits.c.course_id == bindparam("course_id"))
)
_text, _number, _instant = cast(null(), Text), cast(null(), Integer), cast(null(), Instant)


def _part(kind: str, table: Any, at: Any, *more: Any) -> Any:
    of = table.c
    shared = (of.id, at, of.struck_at, of.struck_reason, of.changed_at, of.changed_by_id)
    return select(literal(kind), of.log_id, *shared, *more).where(of.log_id.in_(_of_course))


_event, _drug, _pause = _events.c, _rescue.c, _pauses.c
LINES = union_all(
    _part("events", _events, _event.onset_at, _event.term, _event.action, _event.outcome, _event.note,
          _event.grade, _instant),
    _part("rescue", _rescue, _drug.given_at, _drug.drug, _drug.amount, _drug.route, _drug.why, _number,
          _instant),
    _part("pauses", _pauses, _pause.from_at, _pause.why, _text, _text, _text, _number, _pause.to_at),
)  # fmt: skip
VITALS = select(_vitals).where(_vitals.c.log_id.in_(_of_course)).order_by(_vitals.c.taken_at, _vitals.c.id)
HOLDS = (
    select(_holds)
    .join(_vitals, _vitals.c.id == _holds.c.vitals_id)
    .where(_vitals.c.log_id.in_(_of_course))
    .order_by(_holds.c.at, _holds.c.id)
)


def vitals(session: Session, course_id: int) -> Rows:
    """The rows of vitals of a course by log, in the order in which they were taken."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(VITALS, {"course_id": course_id}):
        found[row.log_id].append(row)
    return found


def holds(session: Session, course_id: int) -> Rows:
    """What was done about a pressure, by the row of vitals."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(HOLDS, {"course_id": course_id}):
        found[row.vitals_id].append(row)
    return found


def lines(session: Session, course_id: int) -> Mapping[str, Rows]:
    """`events`, `rescue` and `pauses` of a course by log, by when they happened, those struck out too."""
    found: dict[str, dict[int, list[Any]]] = {
        kind: defaultdict(list) for kind in ("events", "rescue", "pauses")
    }
    rows = session.execute(LINES, {"course_id": course_id}).all()
    for kind, log_id, *row in sorted(rows, key=lambda row: (row[3], row[2])):
        found[kind][log_id].append(_line(kind, row))
    return found


def _line(kind: str, row: list[Any]) -> Event | Rescue | Pause:
    if kind == "events":
        return Event(*row[:-1])
    if kind == "rescue":
        return Rescue(*row[:-2])
    return Pause(*(*row[:7], row[-1]))
