"""When vitals are due: by default every 10 minutes while the drug runs, every 15 after it (CLINICAL.md, 2).

Due times are counted in elapsed minutes from the actual start and the actual stop, as instants. A clock
change during an infusion therefore moves what the wall shows, never how long somebody waits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_ROWS = 60  # Ten hours of infusion: an open end is no endless grid.


@dataclass(frozen=True)
class Rhythm:
    """Minutes between rows during the infusion and after it, and how long each is planned to last."""

    during: int = 10
    after: int = 15
    infusion: int = 40
    recovery: int = 60


@dataclass(frozen=True)
class DueRow:
    """One row that the grid asks for: when, in which part, and how many minutes into that part."""

    at: datetime
    part: str
    minutes: int


def due_rows(
    started_at: datetime | None, stopped_at: datetime | None, left_at: datetime | None, rhythm: Rhythm
) -> list[DueRow]:
    """Every row from the start to the planned end of recovery, or to when the patient left."""
    if started_at is None:
        return []
    planned = timedelta(minutes=rhythm.infusion)
    stop = stopped_at or started_at + planned
    rows = _every(started_at, stop, rhythm.during, "during")
    end = left_at or stop + timedelta(minutes=rhythm.recovery)
    return (rows + _every(stop, end, rhythm.after, "after"))[:MOST_ROWS]


def _every(begin: datetime, end: datetime, minutes: int, part: str) -> list[DueRow]:
    whole = int((end - begin) / timedelta(minutes=minutes))
    return [
        DueRow(begin + timedelta(minutes=minutes * step), part, minutes * step)
        for step in range(1, min(whole, MOST_ROWS) + 1)
    ]


def unfilled(rows: Sequence[DueRow], taken: Iterable[datetime], rhythm: Rhythm) -> list[DueRow]:
    """The due rows that no reading answers.

    A reading answers the row that it is nearest to, at most half a step away; one reading answers one row.
    """
    open_rows = list(rows)
    for moment in sorted(taken):
        near = min(open_rows, key=lambda row: abs(row.at - moment), default=None)
        if near and abs(near.at - moment) <= timedelta(minutes=_step(near, rhythm)) / 2:
            open_rows.remove(near)
    return open_rows


def part_of(moment: datetime, started_at: datetime | None, stopped_at: datetime | None) -> str:
    """`before`, `during` or `after`: where a reading lies against the infusion itself."""
    if started_at is None or moment < started_at:
        return "before"
    return "after" if stopped_at is not None and moment > stopped_at else "during"


def label_of(moment: datetime, part: str, started_at: datetime | None, stopped_at: datetime | None) -> str:
    """What a reading's time is called: `Before`, `Start`, `10 min`, `15 min after`."""
    if part == "before":
        return "Before"
    anchor = stopped_at if part == "after" else started_at
    minutes = round((moment - (anchor or moment)) / timedelta(minutes=1))
    if part == "during" and minutes == 0:
        return "Start"
    return f"{minutes} min" if part == "during" else f"{minutes} min after"


def _step(row: DueRow, rhythm: Rhythm) -> int:
    return rhythm.during if row.part == "during" else rhythm.after
