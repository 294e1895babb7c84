"""The drawing as a table: a row for each occasion, in the order of time. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from scheduler.features.infusion_logs.queries.facts import LogFacts
from scheduler.features.ratings.instruments import Recall
from scheduler.features.ratings.plan import Key
from scheduler.features.ratings.progress import Series
from scheduler.features.review.progress.facts import Row, Standing
from scheduler.features.review.progress.tracks import OF_PAIR, Context
from scheduler.models import TimePoint

NOT_GIVEN, INCOMPLETE = "not given", "incomplete"
DAYS_AFTER = {TimePoint.DAY_1: "day after no. {}", TimePoint.DAY_2_7: "2 to 7 days after no. {}"}
Column = tuple[Key, bool]
"""An instrument, and whether it is the column of what was felt two hours after."""


@dataclass(frozen=True)
class Place:
    """A row: the ratings before and two hours after an infusion share that of the visit."""

    kind: str
    infusion_id: int | None
    week: int


@dataclass(frozen=True)
class Cell:
    """One entry of the table; `at` is local."""

    place: Place
    at: datetime
    what: str
    column: Column
    words: str


def table_of(
    series: Sequence[Series], standings: Sequence[Standing], logs: Sequence[LogFacts], context: Context
) -> tuple[list[str], list[Row]]:
    """The heads of the columns, and the rows."""
    columns, heads = _columns(series, standings)
    cells: dict[Place, dict[Column, str]] = {}
    said: dict[Place, tuple[datetime, str]] = {}
    for cell in [*_missed(series, context), *_given(series, context)]:
        said.setdefault(cell.place, (cell.at, cell.what))
        cells.setdefault(cell.place, {})[cell.column] = cell.words
    charted = {Place("visit", log.infusion_id, 0): log for log in logs}
    for place, log in charted.items():
        if log.dose or log.events:
            said.setdefault(place, (context.visits[log.infusion_id], f"no. {log.number}"))
    rows = [
        Row(
            at,
            what,
            [cells.get(place, {}).get(column, "") for column in columns],
            charted[place].dose if place in charted else "",
            charted[place].events_said if place in charted else "",
        )
        for place, (at, what) in said.items()
    ]
    return heads, sorted(rows, key=lambda row: (row.at, row.what))


def _columns(series: Sequence[Series], standings: Sequence[Standing]) -> tuple[list[Column], list[str]]:
    columns: list[Column] = []
    heads: list[str] = []
    for one, standing in zip(series, standings, strict=True):
        key = one.instrument.key
        if one.instrument.recall is Recall.NOW:
            columns += [(key, False), (key, True)]
            heads += [f"{standing.name}, before", "2 hours after"]
        else:
            columns.append((key, False))
            heads.append(standing.name)
    return columns, heads


def _missed(series: Sequence[Series], context: Context) -> Iterator[Cell]:
    recalls = {one.instrument.key: one.instrument.recall for one in series}
    for occasion, lacking in context.missed:
        slot = occasion.slot
        for key in sorted(lacking & recalls.keys()):
            due = occasion.due_at.astimezone(context.zone)
            yield _cell(
                slot.point, slot.infusion_id, occasion.number, slot.week, due, key, recalls[key], NOT_GIVEN,
                context.visits,
            )  # fmt: skip


def _given(series: Sequence[Series], context: Context) -> Iterator[Cell]:
    for one in series:
        for value in one.values:
            words = INCOMPLETE if value.total is None else str(value.total)
            yield _cell(
                value.point, value.infusion_id, value.number, value.week,
                value.rated_at.astimezone(context.zone), one.instrument.key, one.instrument.recall, words,
                context.visits,
            )  # fmt: skip


def _cell(
    point: TimePoint,
    infusion_id: int | None,
    number: int,
    week: int,
    at: datetime,
    key: Key,
    recall: Recall,
    words: str,
    visits: Mapping[int, datetime],
) -> Cell:
    after = recall is Recall.NOW and point is TimePoint.POST_2H
    if point in OF_PAIR and infusion_id is not None:
        begun = visits.get(infusion_id, at)
        return Cell(Place("visit", infusion_id, 0), begun, f"no. {number}", (key, after), words)
    what = "baseline" if point is TimePoint.BASELINE else f"week {week}"
    what = DAYS_AFTER[point].format(number) if point in DAYS_AFTER else what
    return Cell(Place(point.value, infusion_id, week), at, what, (key, after), words)
