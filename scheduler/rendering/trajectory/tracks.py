"""One instrument of the drawing: bands, lines with a meaning, ratings, and past courses behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from scheduler.rendering.trajectory.axis import Axis
from scheduler.rendering.trajectory.facts import Line, Pair, Past, Point, Track
from scheduler.rendering.trajectory.labels import fitting, spread, width_of
from scheduler.rendering.trajectory.paper import Paper

LABEL = 13
"""So far stand the words of two lines apart."""


@dataclass(frozen=True)
class Stripe:
    """A band of totals: its top, its height, whether it is shaded, and its name at `label_y`."""

    y: float
    height: float
    shaded: bool
    words: str
    label_y: float


@dataclass(frozen=True)
class Rule:
    """A horizontal line and its words, which may stand a little above or below it."""

    y: float
    words: str
    label_y: float


@dataclass(frozen=True)
class Dot:
    """A rating: its place, and its number above or below, "" where there is no room for it."""

    x: float
    y: float
    words: str
    label_y: float
    shape: str = "square"


@dataclass(frozen=True)
class Ask:
    """A mark where a rating is missing; `from_x`, `from_y` begin a dashed line from its other half."""

    x: float
    y: float
    from_x: float | None = None
    from_y: float | None = None


@dataclass(frozen=True)
class Plot:
    """A track with its places; `caption` stands below the plot, and `end` is below everything."""

    title: str
    title_y: float
    top: float
    bottom: float
    stripes: Sequence[Stripe]
    ticks: Sequence[tuple[int, float]]
    rules: Sequence[Rule]
    paths: Sequence[str]
    dots: Sequence[Dot]
    asks: Sequence[Ask]
    area: str
    legend: str
    legend_x: int
    legend_y: float
    caption: str
    end: float
    is_paired: bool


def plot(track: Track, top: float, line: Axis, paper: Paper) -> Plot:
    """Place a track below `top`."""
    has_row = track.past is not None and not paper.is_wide
    begin = top + (40 if has_row else 24)
    scale = _Scale(track.most, begin, begin + (paper.tall if track.is_primary else paper.low))
    dots, paths, asks = _pairs(track.pairs, line, scale, paper)
    more, lines = _points(track.points, line, scale, paper)
    asks += [Ask(line.x(at), scale.bottom - 5) for at in track.missing]
    caption = "" if paper.is_wide else _caption(track)
    return Plot(
        title=", ".join(part for part in (track.name, track.recall) if part),
        title_y=top + 14,
        top=scale.top,
        bottom=scale.bottom,
        stripes=_stripes(track, scale, paper),
        ticks=[] if track.bands else [(value, scale.y(value)) for value in (0, track.most // 2, track.most)],
        rules=_rules(track.lines, scale),
        paths=[*lines, *paths],
        dots=[*more, *dots],
        asks=asks,
        area=_area(track.past, line, scale) if track.past else "",
        legend=track.past.said if track.past else "",
        legend_x=paper.right if paper.is_wide else paper.left + 20,
        legend_y=top + (30 if has_row else 14),
        caption=caption,
        end=scale.bottom + (16 if caption else 0),
        is_paired=bool(track.pairs),
    )


@dataclass(frozen=True)
class _Scale:
    most: int
    top: float
    bottom: float

    def y(self, total: float) -> float:
        inner = self.bottom - self.top - 10
        return round(self.bottom - 5 - inner * total / self.most, 1)

    def beside(self, total: float) -> float:
        """Where a value is written: above its mark, and at the very top below it, clear of the title."""
        above = self.y(total) - 9
        return round(above if above >= self.top else above + 27, 1)


def _stripes(track: Track, scale: _Scale, paper: Paper) -> list[Stripe]:
    found = []
    for at, band in enumerate(track.bands):
        low = scale.bottom if at == 0 else scale.y(band.least - 0.5)
        high = scale.top if at == len(track.bands) - 1 else scale.y(band.most + 0.5)
        span = f"{band.least}–{band.most}"
        words = f"{band.name} {span}" if paper.is_wide else span
        found.append(Stripe(high, round(low - high, 1), at % 2 == 0, words, round((low + high) / 2 + 4, 1)))
    return found


def _rules(lines: Sequence[Line], scale: _Scale) -> list[Rule]:
    ordered = sorted(lines, key=lambda one: -one.value)
    places = [scale.y(one.value) for one in ordered]
    labels = spread([place + 4 for place in places], LABEL, scale.bottom)
    return [
        Rule(place, f"{one.value}: {one.words}", label)
        for one, place, label in zip(ordered, places, labels, strict=True)
    ]


def _caption(track: Track) -> str:
    """What a phone has no room for beside a plot stands below it in one line."""
    if track.pairs:
        return "○ before, ● 2 hours after"
    return ", ".join(
        f"{line.value}: {line.words}" for line in sorted(track.lines, key=lambda one: -one.value)
    )


def _area(past: Past, line: Axis, scale: _Scale) -> str:
    """The outline of the middle half; one occasion alone becomes a short bar."""
    spots = [(line.x(point.at), point) for point in past.points]
    if len(spots) == 1:
        (x, point), *_ = spots
        spots = [(x - 5, point), (x + 5, point)]
    upper = [f"{round(x, 1)},{scale.y(point.high)}" for x, point in spots]
    lower = [f"{round(x, 1)},{scale.y(point.low)}" for x, point in reversed(spots)]
    return " ".join([*upper, *lower])


def _points(points: Sequence[Point], line: Axis, scale: _Scale, paper: Paper) -> tuple[list[Dot], list[str]]:
    """Squares, and a line through each stretch without a gap."""
    xs = [line.x(point.at) for point in points]
    known = [(x, point.total) for x, point in zip(xs, points, strict=True) if point.total is not None]
    shown = fitting([x for x, _ in known], [width_of(str(total), paper.font) for _, total in known])
    dots = [
        Dot(x, scale.y(total), str(total) if fits else "", scale.beside(total))
        for (x, total), fits in zip(known, shown, strict=True)
    ]
    stretch: list[str] = []
    stretches = [stretch]
    for x, point in zip(xs, points, strict=True):
        if point.total is None:
            stretch = []
            stretches.append(stretch)
        else:
            stretch.append(f"{x},{scale.y(point.total)}")
    return dots, [" ".join(spots) for spots in stretches if len(spots) > 1]


def _pairs(
    pairs: Sequence[Pair], line: Axis, scale: _Scale, paper: Paper
) -> tuple[list[Dot], list[str], list[Ask]]:
    xs = [line.x(pair.at) for pair in pairs]
    nearest = min((b - a for a, b in pairwise(xs)), default=paper.half * 4)
    half = round(min(paper.half, nearest / 4), 1)
    shown = fitting(xs, [2 * half + width_of("00", paper.font)] * len(xs), 0)
    dots: list[Dot] = []
    paths: list[str] = []
    asks: list[Ask] = []
    for pair, x, fits in zip(pairs, xs, shown, strict=True):
        two = _two(pair, x, half, scale, fits)
        dots += two
        if len(two) == 2:
            paths.append(" ".join(f"{dot.x},{dot.y}" for dot in two))
        asks += _asks(pair, x, half, two, scale)
    return dots, paths, asks


def _two(pair: Pair, x: float, half: float, scale: _Scale, fits: bool) -> list[Dot]:
    """The circles of a pair: the higher one's number above it, the lower one's below."""
    rises = pair.pre is not None and pair.post is not None and pair.post > pair.pre
    level = pair.pre == pair.post
    sides = ((pair.pre, x - half, not rises, "hollow"), (pair.post, x + half, rises or level, "round"))
    return [
        Dot(
            round(place, 1),
            scale.y(total),
            str(total) if fits else "",
            round(scale.y(total) + (-9 if above else 17), 1),
            shape,
        )
        for total, place, above, shape in sides
        if total is not None
    ]


def _asks(pair: Pair, x: float, half: float, two: Sequence[Dot], scale: _Scale) -> list[Ask]:
    if pair.post_missing and pair.pre is not None:
        dot = two[0]
        falls = dot.y + 41 < scale.bottom
        return [Ask(round(x + half, 1), round(dot.y + (38 if falls else -28), 1), dot.x, dot.y)]
    if pair.pre_missing and pair.post is not None:
        return [Ask(round(x - half - 4, 1), round(two[0].y + 4, 1))]
    both = pair.pre is None and pair.post is None
    return [Ask(x, scale.bottom - 5)] if both and (pair.pre_missing or pair.post_missing) else []
