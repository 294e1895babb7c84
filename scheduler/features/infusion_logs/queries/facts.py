"""The logs of a course as facts, for pages beside the chart: doses, times and events, in two queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.infusion_logs.domain.numbers import shown
from scheduler.features.infusion_logs.queries.visit import GONE
from scheduler.models import AdverseEvent, Infusion, InfusionLog


@dataclass(frozen=True)
class EventFact:
    """One adverse event that stands."""

    term: str
    grade: int
    onset_at: datetime


@dataclass(frozen=True)
class LogFacts:
    """One infusion's log; `status` is "empty" where nothing was charted. Amounts in micrograms and grams."""

    infusion_id: int
    number: int
    day: date
    status: str
    weight_g: int | None
    dose_ug: int | None
    started_at: datetime | None
    events: tuple[EventFact, ...]

    @property
    def dose(self) -> str:
        """`35 mg`, or "" where no dose was given."""
        return f"{shown(Fraction(self.dose_ug, 1000), 2)} mg" if self.dose_ug is not None else ""

    @property
    def events_said(self) -> str:
        """`Nausea, grade 1`, several after each other."""
        return "; ".join(f"{event.term}, grade {event.grade}" for event in self.events)


def log_facts(session: Session, course_id: int, today: date) -> list[LogFacts]:
    """The infusions of a course until `today` at the site that were neither missed nor cancelled, by date."""
    query = (
        select(Infusion, InfusionLog)
        .outerjoin(InfusionLog, InfusionLog.infusion_id == Infusion.id)
        .where(Infusion.course_id == course_id, Infusion.status.not_in(GONE), Infusion.local_day <= today)
        .order_by(Infusion.starts_at, Infusion.id)
    )
    rows = cast("Sequence[tuple[Infusion, InfusionLog | None]]", session.execute(query).all())
    return _facts(rows, _events(session, [log.id for _, log in rows if log is not None]))


def log_facts_in(
    rows: Iterable[tuple[Infusion, InfusionLog | None]], events: Mapping[int, Iterable[Any]], today: date
) -> list[LogFacts]:
    """The same from all visits of a course, read by somebody by date, and the adverse events by log."""
    taken = [(visit, log) for visit, log in rows if visit.status not in GONE and visit.local_day <= today]
    standing = {
        log_id: [EventFact(one.term, one.grade, one.onset_at) for one in lines if one.struck_at is None]
        for log_id, lines in events.items()
    }
    return _facts(taken, standing)


def _facts(
    rows: Iterable[tuple[Infusion, InfusionLog | None]], events: Mapping[int, Iterable[EventFact]]
) -> list[LogFacts]:
    return [
        LogFacts(
            visit.id,
            visit.number,
            visit.local_day,
            log.status.value if log else "empty",
            log.weight_g if log else None,
            log.dose_ug if log else None,
            log.started_at if log else None,
            tuple(events.get(log.id, ())) if log else (),
        )
        for visit, log in rows
    ]


def _events(session: Session, log_ids: list[int]) -> dict[int, list[EventFact]]:
    found: dict[int, list[EventFact]] = {}
    if not log_ids:
        return found
    rows = session.scalars(
        select(AdverseEvent)
        .where(AdverseEvent.log_id.in_(log_ids), AdverseEvent.struck_at.is_(None))
        .order_by(AdverseEvent.onset_at, AdverseEvent.id)
    )
    for row in rows:
        found.setdefault(row.log_id, []).append(EventFact(row.term, row.grade, row.onset_at))
    return found
