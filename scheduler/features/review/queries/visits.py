"""The visits of a course with everything charted in them, as plain facts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from scheduler.features.infusion_logs.fields import FIELDS
from scheduler.features.infusion_logs.queries.rules import checks_of
from scheduler.features.review.canonical import Facts, plain
from scheduler.features.review.queries.people import Who
from scheduler.models import (
    AdverseEvent,
    Chair,
    HoldAction,
    Infusion,
    InfusionLog,
    PumpPause,
    RescueDrug,
    VitalSigns,
)

VISIT = (
    "id", "number", "status", "status_reason", "starts_at", "ends_at", "arrived_at", "started_at",
    "completed_at", "stopped_early", "counts",
)  # fmt: skip
EVENT = ("id", "term", "onset_at", "grade", "action", "outcome", "note")
RESCUE = ("id", "drug", "amount", "route", "given_at", "why")
PAUSE = ("id", "from_at", "to_at", "why")
VITALS = (
    "id", "taken_at", "sbp", "dbp", "pulse", "spo2", "sedation", "entered_at", "replaces_id", "reason",
    "withdrawn",
)  # fmt: skip
Rows = dict[int, list[Any]]


def visits_of(session: Session, course_id: int, site_id: int, who: Who) -> list[Facts]:
    """All visits of a course by date, cancelled and missed ones too; `log` is None where none was begun."""
    rows = session.execute(
        select(Infusion, Chair.name, InfusionLog)
        .outerjoin(Chair, Chair.id == Infusion.chair_id)
        .outerjoin(InfusionLog, InfusionLog.infusion_id == Infusion.id)
        .where(Infusion.course_id == course_id)
        .order_by(Infusion.starts_at, Infusion.id)
    ).all()
    logs = {log.id: log for _, _, log in rows if log is not None}
    under = _under(session, list(logs))
    items = {field.name.removeprefix("check_"): field.label for field in _items(session, site_id, logs)}
    return [
        {
            **picked(visit, VISIT),
            "day": plain(visit.local_day),
            "chair": chair,
            "log": None if log is None else _log(log, under, items, who),
        }
        for visit, chair, log in rows
    ]


def picked(row: object, names: Sequence[str]) -> Facts:
    """These columns of a row."""
    return {name: plain(getattr(row, name)) for name in names}


def _items(session: Session, site_id: int, logs: dict[int, InfusionLog]) -> Iterable[Any]:
    return checks_of(session, site_id, frozenset(key for log in logs.values() for key in log.checks))


def _under(session: Session, log_ids: list[int]) -> dict[str, Rows]:
    """What hangs on these logs, by table and log; one query a table."""
    vitals = _by_log(session, VitalSigns, VitalSigns.log_id, VitalSigns.taken_at, log_ids)
    return {
        "vitals": vitals,
        "events": _by_log(session, AdverseEvent, AdverseEvent.log_id, AdverseEvent.onset_at, log_ids),
        "rescue": _by_log(session, RescueDrug, RescueDrug.log_id, RescueDrug.given_at, log_ids),
        "pauses": _by_log(session, PumpPause, PumpPause.log_id, PumpPause.from_at, log_ids),
        "holds": _holds(session, log_ids),
    }


def _by_log(
    session: Session,
    model: Any,
    of: InstrumentedAttribute[int],
    happened: InstrumentedAttribute[Any],
    log_ids: list[int],
) -> Rows:
    found: Rows = defaultdict(list)
    for row in session.scalars(select(model).where(of.in_(log_ids)).order_by(happened, model.id)):
        found[row.log_id].append(row)
    return found


def _holds(session: Session, log_ids: list[int]) -> Rows:
    found: Rows = defaultdict(list)
    rows = session.scalars(
        select(HoldAction)
        .join(VitalSigns, VitalSigns.id == HoldAction.vitals_id)
        .where(VitalSigns.log_id.in_(log_ids))
        .order_by(HoldAction.at, HoldAction.id)
    )
    for row in rows:
        found[row.vitals_id].append(row)
    return found


def _log(log: InfusionLog, under: dict[str, Rows], items: dict[str, str], who: Who) -> Facts:
    return {
        "id": log.id,
        "begun_at": plain(log.begun_at),
        "rules": plain(log.rules),
        **{field.name: plain(getattr(log, field.name)) for field in FIELDS},
        "checks": [
            {"id": key, "words": items[key], "answer": answer} for key, answer in sorted(log.checks.items())
        ],
        "vitals": [_reading(row, under["holds"], who) for row in under["vitals"].get(log.id, ())],
        "events": [_line(row, EVENT, who) for row in under["events"].get(log.id, ())],
        "rescue": [_line(row, RESCUE, who) for row in under["rescue"].get(log.id, ())],
        "pauses": [_line(row, PAUSE, who) for row in under["pauses"].get(log.id, ())],
    }


def _reading(row: VitalSigns, holds: Rows, who: Who) -> Facts:
    done = [
        {"id": one.id, "done": list(one.done), "note": one.note, "at": plain(one.at), "by": who(one.by_id)}
        for one in holds.get(row.id, ())
    ]
    return {**picked(row, VITALS), "by": who(row.entered_by_id), "actions": done}


def _line(row: Any, names: Sequence[str], who: Who) -> Facts:
    struck = {"struck_at": plain(row.struck_at), "struck_reason": row.struck_reason}
    return {**picked(row, names), **struck, "changed_at": plain(row.changed_at), "by": who(row.changed_by_id)}
