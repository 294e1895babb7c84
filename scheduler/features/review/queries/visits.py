"""The visits of a course with everything charted in them, as plain facts."""

from collections.abc import Callable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

from scheduler.features.infusion_logs.fields import FIELDS
from scheduler.features.infusion_logs.queries.rules import checks_of
from scheduler.features.review.queries.people import Who
from scheduler.features.review.queries.rows import CourseRows
from scheduler.features.review.queries.under import Rows
from scheduler.models import InfusionLog
from scheduler.rendering.canonical import AS_IT_IS, Facts, plain

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
COLUMNS = tuple(field.name for field in FIELDS)


def visits_of(rows: CourseRows) -> list[Facts]:
    """All visits of a course by date, cancelled and missed ones too; `log` is None where none was begun."""
    items = _items(rows)
    return [
        {
            **picked(visit, VISIT),
            "day": plain(visit.local_day),
            "chair": chair,
            "log": None if log is None else _log(log, rows, items),
        }
        for visit, chair, log in rows.visits
    ]


def picked(row: object, names: Sequence[str]) -> Facts:
    """These columns of a row."""
    values = _values_of(tuple(names))(row)
    return {
        name: value if type(value) in AS_IT_IS else plain(value)
        for name, value in zip(names, values, strict=True)
    }


@cache
def _values_of(names: tuple[str, ...]) -> Callable[[object], tuple[Any, ...]]:
    """Several at once, which a page of a thousand values notices."""
    return attrgetter(*names)


def _items(rows: CourseRows) -> dict[str, str]:
    """The words of the checks that were answered, by key; nobody asks for those of a log without."""
    answered = frozenset(key for log in rows.logs.values() for key in log.checks)
    if not answered:
        return {}
    fields = checks_of(rows.session, rows.whose.site.id, answered)
    return {field.name.removeprefix("check_"): field.label for field in fields}


def _log(log: InfusionLog, rows: CourseRows, items: dict[str, str]) -> Facts:
    who, lines = rows.who, rows.lines
    return {
        "id": log.id,
        "begun_at": plain(log.begun_at),
        "rules": plain(log.rules),
        **picked(log, COLUMNS),
        "checks": [
            {"id": key, "words": items[key], "answer": answer} for key, answer in sorted(log.checks.items())
        ],
        "vitals": [_reading(row, rows.holds, who) for row in rows.vitals.get(log.id, ())],
        "events": [_line(row, EVENT, who) for row in lines["events"].get(log.id, ())],
        "rescue": [_line(row, RESCUE, who) for row in lines["rescue"].get(log.id, ())],
        "pauses": [_line(row, PAUSE, who) for row in lines["pauses"].get(log.id, ())],
    }


def _reading(row: Any, holds: Rows, who: Who) -> Facts:
    done = [
        {"id": one.id, "done": list(one.done), "note": one.note, "at": plain(one.at), "by": who(one.by_id)}
        for one in holds.get(row.id, ())
    ]
    return {**picked(row, VITALS), "by": who(row.entered_by_id), "actions": done}


def _line(row: Any, names: Sequence[str], who: Who) -> Facts:
    struck = {"struck_at": plain(row.struck_at), "struck_reason": row.struck_reason}
    return {**picked(row, names), **struck, "changed_at": plain(row.changed_at), "by": who(row.changed_by_id)}
