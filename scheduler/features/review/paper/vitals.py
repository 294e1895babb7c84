"""The vitals of one infusion as a table and a drawing, with what was done about a pressure over a limit."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from scheduler.features.infusion_logs.domain.pressure import Hold, hold_of
from scheduler.features.infusion_logs.domain.schedule import label_of, part_of
from scheduler.features.infusion_logs.lists import HOLD_DONE
from scheduler.features.infusion_logs.rules import Rules, from_kept
from scheduler.features.review.paper.parts import Row, Table
from scheduler.features.review.paper.wall import Wall
from scheduler.rendering.canonical import Facts, instant
from scheduler.rendering.pressure import Measure, PressureChart

COLUMNS = ("When", "Pressure", "Pulse", "SpO2", "Sedation")
DONE = dict(HOLD_DONE)


def vitals_table(log: Facts, wall: Wall) -> Table:
    """All readings by time; one that was corrected or taken back stays, and says so."""
    rules = from_kept(log["rules"])
    replaced = {row["replaces_id"]: row for row in log["vitals"] if row["replaces_id"]}
    rows = [
        _row(each, replaced.get(each["id"]), log, rules, wall)
        for each in log["vitals"]
        # That a reading was taken back is said under the reading.
        if not (each["withdrawn"] and each["replaces_id"])
    ]
    limits = f"Limits {rules.start_sbp}/{rules.start_dbp} to start, {rules.act_sbp}/{rules.act_dbp} to act"
    people = {row.cells[-1] for row in rows}
    heads: tuple[str, ...] = (*COLUMNS, "By")
    title = f"Vitals. {limits}"
    if len(people) == 1:  # Nearly always: said once, it leaves a quieter table.
        title, heads = f"{title}. Taken by {people.pop()}", COLUMNS
        rows = [replace(row, cells=row.cells[:-1]) for row in rows]
    return Table(title, heads, rows, frozenset({1, 2, 3, 4}), "No vitals were taken.")


def pressures(log: Facts, wall: Wall) -> PressureChart | None:
    """The pressures that stand, for a drawing; None before there are two."""
    measures = [
        Measure(_minutes(row, log), row["sbp"], row["dbp"], f"at {wall.time(row['taken_at'])}")
        for row in _standing(log)
        if row["sbp"] and row["dbp"]
    ]
    rules = from_kept(log["rules"])
    return PressureChart(measures, rules.act_sbp, rules.act_dbp) if len(measures) > 1 else None


def highest(log: Facts) -> str:
    """`148/92`, the highest pressure that stands; "" where none was taken."""
    taken = [(row["sbp"], row["dbp"] or 0) for row in _standing(log) if row["sbp"]]
    return _pressure(*max(taken)) if taken else ""


def _row(row: Facts, by: Facts | None, log: Facts, rules: Rules, wall: Wall) -> Row:
    taken, times = instant(row["taken_at"]), (_instant(log["started_at"]), _instant(log["stopped_at"]))
    part = part_of(taken, *times)
    hold = hold_of(row["sbp"], row["dbp"], rules.pressure, before=part == "before")
    stands = by is None and not row["withdrawn"]
    cells = (
        f"{wall.time(row['taken_at'])}, {label_of(taken, part, *times).lower()}",
        _pressure(row["sbp"], row["dbp"]),
        *("" if row[name] is None else str(row[name]) for name in ("pulse", "spo2", "sedation")),
        (row["by"] or {}).get("name", "Sixfold"),
    )
    tone = "over" if hold and stands else "" if stands else "struck"
    return Row(cells, tone, tuple(_under(row, by, hold if stands else None, wall)))


def _under(row: Facts, by: Facts | None, hold: Hold | None, wall: Wall) -> Iterator[str]:
    if by is not None:
        who = (by["by"] or {}).get("name", "Sixfold")
        verb = "Taken back" if by["withdrawn"] else "Corrected"
        yield f"{verb} by {who}, {wall.time(by['entered_at'])}: {by['reason']}"
    if hold and not row["actions"]:
        yield "Over the limit; nobody recorded what was done."
    for act in row["actions"]:
        words = ", ".join(DONE.get(code, code).lower() for code in act["done"])
        note = f" {act['note']}" if act["note"] else ""
        who = (act["by"] or {}).get("name", "Sixfold")
        yield f"Over the limit: {words}.{note} {who}, {wall.time(act['at'])}"


def _minutes(row: Facts, log: Facts) -> float:
    start = _instant(log["started_at"]) or instant(row["taken_at"]) + timedelta(minutes=1)
    return (instant(row["taken_at"]) - start) / timedelta(minutes=1)


def _instant(text: Any) -> datetime | None:
    return instant(text) if text else None


def _pressure(sbp: int | None, dbp: int | None) -> str:
    return f"{sbp}/{dbp or '–'}" if sbp is not None else ""


def _standing(log: Facts) -> Sequence[Facts]:
    """Neither corrected nor taken back."""
    corrected = {row["replaces_id"] for row in log["vitals"]}
    return [row for row in log["vitals"] if row["id"] not in corrected and not row["withdrawn"]]
