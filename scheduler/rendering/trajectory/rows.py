"""What stands beside the ratings on the same line of time: doses, events, medicines, and the days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

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
    """The infusions, and the days of other ratings before and after them."""
    visits = [(visit.at, visit.number, visit.is_ahead) for visit in facts.visits]
    known = {at.date() for at, _, _ in visits}
    edge = min((at for at, _, _ in visits), default=None), max((at for at, _, _ in visits), default=None)
    others = {
        at.date(): (at, 0, False)
        for at in moments
        if at.date() not in known and (edge[0] is None or edge[1] is None or not edge[0] < at < edge[1])
    }
    every = sorted([*visits, *others.values()])
    xs = [line.x(at) for at, _, _ in every]
    said = [short_day(at) if paper.is_wide else str(at.day) for at, _, _ in every]
    shown = fitting(xs, [width_of(word, paper.font) for word in said])
    names = fitting(
        [line.x(at) for at, _, _ in visits],
        [width_of(f"no. {number}" if paper.is_wide else str(number), paper.font) for _, number, _ in visits],
    )
    numbered = dict(zip([at for at, _, _ in visits], names, strict=True))
    found, month = [], 0
    for (at, number, is_ahead), x, word, fits in zip(every, xs, said, shown, strict=True):
        new = fits and not paper.is_wide and at.month != month
        month = at.month if fits else month
        found.append(
            Day(
                x,
                number,
                is_ahead,
                word if fits else "",
                MONTHS[at.month - 1] if new else "",
                bool(number) and numbered[at],
            )
        )
    return found
