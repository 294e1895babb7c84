"""One infusion on paper: what was given first, then what was checked, measured and seen."""

from collections.abc import Iterator

from scheduler.features.infusion_logs.fields import BY_NAME, Field, Kind, Options
from scheduler.features.infusion_logs.lists import EVENT_ACTIONS, GRADES, OUTCOMES, RESCUE_ROUTES
from scheduler.features.review.paper.parts import Facts, Row, Table, VisitSheet
from scheduler.features.review.paper.vitals import pressures, vitals_table
from scheduler.features.review.paper.wall import Wall, said_day, short_day, thousandth
from scheduler.rendering.canonical import Facts as Plain
from scheduler.rendering.pressure import pressure_svg, trend

UNITS = {
    "dose_ug_per_kg": "mg/kg",
    "concentration_ug_per_ml": "mg/mL",
    "dose_ug": "mg",
    "rate_ug_per_h": "mg/h",
}
SHORT = {"cadss": "CADSS-6 total, peak", "benzodiazepine": "Benzodiazepine, last day"}
YES_NO = {"yes": "Yes", "no": "No"}
NOT_SAID = "Not recorded"
ENDED = {"scheduled": "Planned", "arrived": "Arrived", "in_progress": "Under way", "completed": "Completed"}
ENDED |= {"missed": "Missed", "cancelled": "Cancelled"}


def visit_sheet(visit: Plain, wall: Wall) -> VisitSheet:
    """The sheet of a visit whose log was begun."""
    log = visit["log"]
    chart = pressures(log, wall)
    return VisitSheet(
        title=f"Infusion no. {visit['number']}, {short_day(visit['day'])}",
        when=_when(visit, wall),
        figures=_figures(log, wall),
        groups=[*_groups(log, wall)],
        vitals=vitals_table(log, wall),
        picture=pressure_svg(chart) if chart else None,
        trend=trend(chart) if chart else "",
        tables=[*_tables(log, wall)],
        remarks=_remarks(log),
    )


def dose_said(log: Plain | None) -> str:
    """`35 mg`, what was given, or "" where nothing was charted."""
    return f"{thousandth(log['dose_ug'])} mg" if log and log["dose_ug"] is not None else ""


def status_said(visit: Plain) -> str:
    """`Completed`, `Stopped early`, `Missed`."""
    return "Stopped early" if visit["stopped_early"] else ENDED[visit["status"]]


def _when(visit: Plain, wall: Wall) -> str:
    times = f"{wall.time(visit['starts_at'])} to {wall.time(visit['ends_at'])}"
    reason = f": {visit['status_reason']}" if visit["status_reason"] else ""
    chair = f", {visit['chair']}" if visit["chair"] else ""
    return f"Planned {times}{chair}. {status_said(visit)}{reason}."


def _figures(log: Plain, wall: Wall) -> Facts:
    """What counts most: how heavy, how much, how fast."""
    rate, minutes = _value("rate_ug_per_h", log, wall), log["minutes"]
    return [
        ("Weight today", _value("weight_g", log, wall)),
        ("Dose", _value("dose_ug_per_kg", log, wall)),
        ("Given", _value("dose_ug", log, wall)),
        ("Rate", f"{rate}, {minutes} min" if minutes else rate),
    ]


def _groups(log: Plain, wall: Wall) -> Iterator[tuple[str, Facts]]:
    """What was given, checked before it and at the end; what belongs together stands in one place."""
    yield "Given", _given(log, wall)
    fasting = ", ".join(_value(name, log, wall).lower() for name in ("fasting_solids", "fasting_liquids"))
    yield (
        "Before",
        [
            *_facts(("identity_checked", "consent_on_file"), log, wall),
            ("No food 6 h, no drink 2 h", fasting.capitalize()),
            *_facts(("pregnancy_test", "escort_named", "benzodiazepine", "lamotrigine"), log, wall),
        ],
    )
    checks = [(item["words"], YES_NO.get(item["answer"], NOT_SAID)) for item in log["checks"]]
    yield "Discharge", [*checks, ("Escort", _escort(log, wall)), ("Left at", _value("left_at", log, wall))]


def _given(log: Plain, wall: Wall) -> Facts:
    drug, strength, lot, expiry, route, began, ended = (
        _value(name, log, wall)
        for name in ("drug", "concentration_ug_per_ml", "lot", "expiry", "route", "started_at", "stopped_at")
    )
    return [
        ("Drug", f"{drug}, {strength}"),
        ("Lot", f"{lot}, expires {expiry}" if log["expiry"] else lot),
        ("Route", route),
        ("Ran", f"{began} to {ended}"),
        *_facts(("cadss",), log, wall),
    ]


def _escort(log: Plain, wall: Wall) -> str:
    """`Tom Weber, 11:20`, or what was done where nobody came."""
    if log["escort_came"] != "no":
        words = (log["escort_name"], log["escort_at"] and wall.time(log["escort_at"]))
        return ", ".join(each for each in words if each) or _value("escort_came", log, wall)
    done = _value("escort_absent_done", log, wall)
    return f"Did not come. {done}. {log['escort_absent_note'] or ''}".strip()


def _facts(names: tuple[str, ...], log: Plain, wall: Wall) -> Facts:
    """What stands in these fields; an empty one that a log needs says that it is not recorded."""
    return [
        (SHORT.get(name, BY_NAME[name].label), _value(name, log, wall))
        for name in names
        if log[name] is not None or BY_NAME[name].missing
    ]


def _value(name: str, log: Plain, wall: Wall) -> str:
    return NOT_SAID if log[name] is None else _said(BY_NAME[name], log[name], wall)


def _said(field: Field, value: object, wall: Wall) -> str:
    if isinstance(value, int):
        if field.kind is Kind.WEIGHT:
            return wall.weight(value)
        number = thousandth(value) if field.scale == 1000 else str(value)
        return f"{number} {UNITS[field.name]}" if field.name in UNITS else number
    text = str(value)
    match field.kind:
        case Kind.TIME:
            return wall.time(text)
        case Kind.DATE:
            return said_day(text)
        case Kind.CHOICE:
            return _word(field.options, text)
    return text


def _word(options: Options, code: str) -> str:
    """What a code is called."""
    return dict(options).get(code, code)


def _tables(log: Plain, wall: Wall) -> Iterator[Table]:
    """Events always, because "none" is a finding; the others where there are any."""
    yield Table(
        "Adverse events",
        ("Event", "Began", "Grade", "Done", "Outcome", "Recorded by"),
        [_event(row, wall) for row in log["events"]],
        empty="No adverse event was recorded.",
    )
    if log["rescue"]:
        columns = ("Rescue drug", "Amount", "Route", "Given", "Against", "Recorded by")
        yield Table("Rescue drugs", columns, [_rescue(row, wall) for row in log["rescue"]])
    if log["pauses"]:
        heads = ("Pump stood still", "Until", "Why", "Recorded by")
        yield Table("Interruptions of the pump", heads, [_pause(row, wall) for row in log["pauses"]])


def _event(row: Plain, wall: Wall) -> Row:
    cells = (
        row["term"],
        wall.time(row["onset_at"]),
        _word(GRADES, str(row["grade"])),
        _word(EVENT_ACTIONS, row["action"]),
        _word(OUTCOMES, row["outcome"]),
    )
    return _line(row, cells, wall, row["note"])


def _rescue(row: Plain, wall: Wall) -> Row:
    route = _word(RESCUE_ROUTES, row["route"])
    return _line(row, (row["drug"], row["amount"], route, wall.time(row["given_at"]), row["why"]), wall)


def _pause(row: Plain, wall: Wall) -> Row:
    until = wall.time(row["to_at"]) if row["to_at"] else "–"
    return _line(row, (wall.time(row["from_at"]), until, row["why"]), wall)


def _line(row: Plain, cells: tuple[str, ...], wall: Wall, note: str = "") -> Row:
    """A line that was struck out stays readable, with who did it and why."""
    who = (row["by"] or {}).get("name", "Sixfold")
    if not row["struck_at"]:
        return Row((*cells, who), "", (note,) if note else ())
    said = f"Struck out by {who}, {wall.time(row['struck_at'])}: {row['struck_reason']}"
    return Row((*cells, ""), "struck", (note, said) if note else (said,))


def _remarks(log: Plain) -> Facts:
    names = ("medicine_changes", "leave_reason", "notes")
    return [(BY_NAME[name].label, log[name]) for name in names if log[name]]
