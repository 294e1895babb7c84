"""What stands beside the ratings on the same line of time: doses, events, medicines, and the days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from scheduler.rendering.trajectory.axis import Axis
from scheduler.rendering.trajectory.facts import Event, Medicine, TrajectoryFacts, Visit
from scheduler.rendering.trajectory.labels import fitting, lanes, width_of
from scheduler.rendering.trajectory.paper import Paper
from scheduler.rendering.trajectory.said import MONTHS, short_day

LANES = 3
MEDICINES = 6
"""So many rows of medicines are drawn; the table has all."""
BAR = 26


@dataclass(frozen=True)
class Bar:
    """A dose: its bar stands on the row's base."""

    x: float
    height: float
    words: str
    is_changed: bool


@dataclass(frozen=True)
class Flag:
    """An event or a medicine given once: its mark, and words at one side of it where there is room."""

    x: float
    y: float
    words: str
    words_x: float
    anchor: str


@dataclass(frozen=True)
class Stretch:
    """A medicine from one place to another; `open_left`, `open_right`: it goes on beyond the drawing."""

    x: float
    width: float
    y: float
    words: str
    words_x: float
    anchor: str


@dataclass(frozen=True)
class Day:
    """A day on the axis; `number` is the infusion's, 0 for another day."""

    x: float
    number: int
    is_ahead: bool
    words: str
    month: str
    shows_number: bool


def bars(visits: Sequence[Visit], line: Axis, paper: Paper) -> list[Bar]:
    """The doses, in proportion to the highest."""
    given = [visit for visit in visits if visit.dose_mg is not None]
    most = max((visit.dose_mg or 0 for visit in given), default=0) or 1
    xs = [line.x(visit.at) for visit in given]
    words = [visit.dose.removesuffix(" mg") for visit in given]
    shown = fitting(xs, [width_of(word, paper.font) for word in words], 2)
    return [
        Bar(x, round(BAR * (visit.dose_mg or 0) / most, 1), word if fits else "", visit.is_changed)
        for visit, x, word, fits in zip(given, xs, words, shown, strict=True)
    ]


def events(found: Sequence[Event], top: float, line: Axis, paper: Paper) -> list[Flag]:
    """The events in rows, so that their words do not meet."""
    words = [f"{event.term}, grade {event.grade}" if paper.is_wide else event.term for event in found]
    return _flags([(line.x(event.at), word) for event, word in zip(found, words, strict=True)], top, paper)


def _flags(marks: Sequence[tuple[float, str]], top: float, paper: Paper) -> list[Flag]:
    """A mark with its words to the right, or to the left where the right has no room; below others that are
    in the way, and without words where no row has room.
    """
    spans, sides = [], []
    for x, words in marks:
        wide = width_of(words, paper.font) + 22
        to_left = x + wide > paper.width
        sides.append(to_left)
        spans.append((x - wide, x + 9) if to_left else (x - 9, x + wide))
    order = sorted(range(len(marks)), key=lambda at: spans[at][0])
    rows = dict(zip(order, lanes([spans[at] for at in order], LANES), strict=True))
    flags = []
    for at, (x, words) in enumerate(marks):
        lane = rows[at]
        y = top + 18 * (lane if lane is not None else LANES - 1)
        flags.append(
            Flag(
                x,
                y,
                words if lane is not None else "",
                round(x - 13 if sides[at] else x + 13, 1),
                "end" if sides[at] else "start",
            )
        )
    return flags


def medicines(
    found: Sequence[Medicine], top: float, line: Axis, paper: Paper
) -> tuple[list[Stretch], list[Flag]]:
    """A row for each medicine that was taken for a time, then those that were given once."""
    stretches = []
    for at, one in enumerate([one for one in found if not one.once][:MEDICINES]):
        left = line.x(one.since) if one.since else float(paper.left)
        right = line.x(one.until) if one.until else float(paper.right)
        width, wide = max(right - left, 6), width_of(one.words, paper.font)
        words_x, anchor = left + 6, "start"
        if wide + 10 > width:  # Beside the bar: after it, or before it where the paper ends.
            after = left + width + 6 + wide <= paper.width
            words_x, anchor = (left + width + 6, "start") if after else (left - 6, "end")
        stretches.append(Stretch(left, round(width, 1), top + 20 * at, one.words, round(words_x, 1), anchor))
    once = [(line.x(one.since), one.words) for one in found if one.once and one.since]
    return stretches, _flags(once, top + 20 * len(stretches), paper)


def days(facts: TrajectoryFacts, moments: Sequence[datetime], line: Axis, paper: Paper) -> list[Day]:
    """The infusions, and where there is room the days of other ratings before and after them."""
    visits = [_Named(visit.at, visit.number, visit.is_ahead) for visit in facts.visits]
    said = _written(visits, line, paper, ())
    taken = [_span(one.at, _said(one.at, paper), line, paper) for one, fits in said if fits]
    every = sorted(
        [*said, *_written(_others(visits, moments), line, paper, taken)], key=lambda one: one[0].at
    )
    names = [f"no. {one.number}" if paper.is_wide else str(one.number) for one in visits]
    numbered = fitting([line.x(one.at) for one in visits], [width_of(name, paper.font) for name in names])
    with_number = {one for one, fits in zip(visits, numbered, strict=True) if fits}
    found, month = [], 0
    for one, fits in every:
        is_new = fits and not paper.is_wide and one.at.month != month
        month = one.at.month if fits else month
        words = _said(one.at, paper) if fits else ""
        month_said = MONTHS[one.at.month - 1] if is_new else ""
        found.append(Day(line.x(one.at), one.number, one.is_ahead, words, month_said, one in with_number))
    return found


class _Named(NamedTuple):
    at: datetime
    number: int = 0
    is_ahead: bool = False


def _others(visits: Sequence[_Named], moments: Sequence[datetime]) -> list[_Named]:
    """Days of ratings before the first and after the last infusion, each once."""
    known = {one.at.date() for one in visits}
    first = min((one.at for one in visits), default=None)
    last = max((one.at for one in visits), default=None)
    found = {
        at.date(): _Named(at)
        for at in moments
        if at.date() not in known and (first is None or last is None or not first < at < last)
    }
    return [found[day] for day in sorted(found)]


def _written(
    named: Sequence[_Named], line: Axis, paper: Paper, taken: Sequence[tuple[float, float]]
) -> list[tuple[_Named, bool]]:
    widths = [width_of(_said(one.at, paper), paper.font) for one in named]
    return list(zip(named, fitting([line.x(one.at) for one in named], widths, 4, taken), strict=True))


def _span(at: datetime, words: str, line: Axis, paper: Paper) -> tuple[float, float]:
    half = width_of(words, paper.font) / 2
    return line.x(at) - half, line.x(at) + half


def _said(at: datetime, paper: Paper) -> str:
    return short_day(at) if paper.is_wide else str(at.day)
