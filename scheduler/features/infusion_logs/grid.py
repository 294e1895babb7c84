"""The grid of vitals: what was measured, what is due now, what comes later, what nobody took."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.features.infusion_logs.domain.pressure import Hold, hold_of
from scheduler.features.infusion_logs.domain.schedule import (
    DueRow,
    Rhythm,
    due_rows,
    label_of,
    part_of,
    unfilled,
)
from scheduler.features.infusion_logs.queries.vitals import Reading
from scheduler.features.infusion_logs.rules import Rules


@dataclass(frozen=True)
class Times:
    """The instants of an infusion that the grid hangs on, and the minutes planned for it and for recovery."""

    started_at: datetime | None
    stopped_at: datetime | None
    left_at: datetime | None
    infusion: int
    recovery: int


@dataclass(frozen=True)
class GridRow:
    """One line. `state` is taken, now (to be filled in), later or lost; `hold`: above a limit."""

    at: datetime
    label: str
    state: str
    reading: Reading | None = None
    hold: Hold | None = None

    @property
    def waits(self) -> bool:
        """Whether a pressure above a limit has no answer."""
        return self.hold is not None and self.reading is not None and not self.reading.actions


def rhythm_of(rules: Rules, times: Times) -> Rhythm:
    """How often rows are due."""
    return Rhythm(rules.during_minutes, rules.after_minutes, times.infusion, times.recovery)


def grid_of(readings: Sequence[Reading], times: Times, rules: Rules, now: datetime) -> list[GridRow]:
    """All lines by time. While the patient is here one is to be filled in: the one that is due next."""
    rhythm = rhythm_of(rules, times)
    standing = [each for each in readings if each.stands]
    still = due_rows(times.started_at, _stop(times, now), times.left_at, rhythm)
    due = unfilled(still, [each.taken_at for each in standing], rhythm)
    next_row = next((row for row in due if not _is_lost(row, rhythm, now)), None)
    lines = [_taken(each, times, rules) for each in standing]
    for row in due:
        state = "now" if row is next_row else "lost" if _is_lost(row, rhythm, now) else "later"
        lines.append(GridRow(row.at, _due_label(row), state))
    return sorted(lines, key=lambda line: (line.at, line.state != "taken"))


def _stop(times: Times, now: datetime) -> datetime | None:
    """An infusion that runs beyond its planned end goes on being watched."""
    if times.stopped_at or times.started_at is None:
        return times.stopped_at
    planned = times.started_at + timedelta(minutes=times.infusion)
    return None if now <= planned else now + timedelta(minutes=10)


def _is_lost(row: DueRow, rhythm: Rhythm, now: datetime) -> bool:
    step = rhythm.during if row.part == "during" else rhythm.after
    return row.at + timedelta(minutes=step) / 2 < now


def _taken(reading: Reading, times: Times, rules: Rules) -> GridRow:
    part = part_of(reading.taken_at, times.started_at, times.stopped_at)
    hold = hold_of(reading.sbp, reading.dbp, rules.pressure, before=part == "before")
    label = label_of(reading.taken_at, part, times.started_at, times.stopped_at)
    return GridRow(reading.taken_at, label, "taken", reading, hold)


def _due_label(row: DueRow) -> str:
    return f"{row.minutes} min" if row.part == "during" else f"{row.minutes} min after"
