"""The trajectory of a course as one SVG: for each infusion the rating before it and that two hours
after, joined within the pair and with nothing else.

A score with another recall window would be another Trajectory and another drawing, so two of them
can never be joined by a line. Colours and sizes are presentation attributes, which paper and PDF
understand and a strict content policy allows; the page's classes on top give screen and dark mode
theirs. What a reader of the page sees as a picture, `describe` and `rows` say in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from markupsafe import Markup  # noqa: TID251 - a drawing is the one thing besides web/ that is not text

from scheduler.rendering.templates import fill

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WIDE, NARROW = 900, 358
MISSING = "not given"


@dataclass(frozen=True)
class Point:
    """One infusion: its number, its day at the site, and the two scores, None where there is none.

    `pre_due` and `post_due` say whether the score could have been given by now: one that is missing
    is then shown as missing, and one that is still to come is left open.
    """

    number: int
    day: date
    pre: int | None
    post_2h: int | None
    pre_due: bool = True
    post_due: bool = True


@dataclass(frozen=True)
class Trajectory:
    """The scores of one instrument over one course, 0 to `top`."""

    points: Sequence[Point]
    name: str = "Anxiety now"
    top: int = 10

    @property
    def is_empty(self) -> bool:
        """Whether no rating at all was given yet."""
        return all(point.pre is None and point.post_2h is None for point in self.points)


@dataclass(frozen=True)
class Row:
    """One row of the table under the chart; `pre` and `post_2h` are ready to print."""

    day: str
    number: int
    pre: str
    post_2h: str


@dataclass(frozen=True)
class _Layout:
    width: int
    left: int
    right: int
    y0: int
    y_top: int
    font: int
    half: int
    nearest: int

    @property
    def is_wide(self) -> bool:
        return self.width == WIDE


_LAYOUTS = {
    WIDE: _Layout(WIDE, left=118, right=750, y0=176, y_top=36, font=12, half=7, nearest=44),
    NARROW: _Layout(NARROW, left=34, right=346, y0=184, y_top=44, font=11, half=5, nearest=24),
}


def short_day(day: date) -> str:
    """Write a day as the pages for staff do, such as "4 May"."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def rows(trajectory: Trajectory) -> tuple[Row, ...]:
    """Give the values of the chart for the table below it, in the order of the numbers."""
    return tuple(
        Row(
            short_day(point.day),
            point.number,
            _cell(point.pre, point.pre_due),
            _cell(point.post_2h, point.post_due),
        )
        for point in _ordered(trajectory)
    )


def describe(trajectory: Trajectory) -> str:
    """Say in one sentence what the drawing shows; it states, and praises nothing."""
    pairs = [(p.pre, p.post_2h) for p in trajectory.points if p.pre is not None and p.post_2h is not None]
    if trajectory.is_empty:
        return f"{trajectory.name}: no ratings yet."
    if not pairs:
        return f"{trajectory.name}: no infusion has both ratings yet. All values are in the table below."
    fell = sum(post < pre for pre, post in pairs)
    rose = sum(post > pre for pre, post in pairs)
    ways = (("fell", fell), ("rose", rose), ("stayed the same", len(pairs) - fell - rose))
    if len(pairs) == 1:
        way = next(word for word, count in ways if count)
        told = f"it {way} in the one infusion that has both ratings"
    else:
        told = "it " + ", ".join(f"{word} in {count}" for word, count in ways if count)
        told += f" of the {len(pairs)} infusions that have both ratings"
    return f"{trajectory.name}, before and 2 hours after: {told}. All values are in the table below."


def trajectory_svg(trajectory: Trajectory, width: int = WIDE, ident: str = "traj") -> Markup:
    """Draw the trajectory, 900 wide for a desk and paper or 358 wide for a phone.

    `ident` begins the ids of its title and description; give each drawing on a page its own.
    """
    layout = _LAYOUTS[width]
    points = _ordered(trajectory)
    xs = _across([point.day for point in points], layout)
    return Markup(  # noqa: S704 - made by an escaping template
        fill(
            "svg/trajectory.svg.jinja",
            trajectory=trajectory,
            ident=f"{ident}-{width}",
            description=describe(trajectory),
            details="; ".join(_said(point) for point in points),
            at=layout,
            ticks=[(value, _y(value, trajectory.top, layout)) for value in _ticks(trajectory.top)],
            pairs=[_pair(point, x, trajectory, layout) for point, x in zip(points, xs, strict=True)],
            days=_day_labels(points, layout),
        )
    )


def _ordered(trajectory: Trajectory) -> list[Point]:
    return sorted(trajectory.points, key=lambda point: (point.day, point.number))


def _cell(value: int | None, due: bool) -> str:
    if value is not None:
        return str(value)
    return MISSING if due else ""


def _said(point: Point) -> str:
    pre = _cell(point.pre, point.pre_due) or "not due yet"
    post = _cell(point.post_2h, point.post_due) or "not due yet"
    return f"no. {point.number}, {short_day(point.day)}: before {pre}, 2 hours after {post}"


def _ticks(top: int) -> tuple[int, ...]:
    return (0, top // 2, top)


def _y(value: int, top: int, at: _Layout) -> float:
    return round(at.y0 - (at.y0 - at.y_top) * value / top, 1)


def _across(days: Sequence[date], at: _Layout) -> list[int]:
    """Place the days by the calendar; side by side where the calendar would push two together."""
    margin = 34 if at.is_wide else 20
    first, last = at.left + margin, at.right - margin
    if len(days) < 2:
        return [(first + last) // 2 for _ in days]
    whole = (days[-1] - days[0]).days
    if whole:
        scale = (last - first) / whole
        xs = [round(first + (day - days[0]).days * scale) for day in days]
        if min(b - a for a, b in pairwise(xs)) >= at.nearest:
            return xs
    step = (last - first) / (len(days) - 1)
    return [round(first + index * step) for index in range(len(days))]


def _day_labels(points: Sequence[Point], at: _Layout) -> list[tuple[str, str]]:
    """Give the day under each pair; a phone has room for the month only where it changes."""
    if at.is_wide:
        return [(short_day(point.day), "") for point in points]
    labels, month = [], 0
    for point in points:
        labels.append((str(point.day.day), MONTHS[point.day.month - 1] if point.day.month != month else ""))
        month = point.day.month
    return labels


@dataclass(frozen=True)
class _Mark:
    """A circle and its number: where it stands, and where the number is written."""

    x: int
    y: float
    label_y: float
    value: int


@dataclass(frozen=True)
class _Ask:
    """A question mark where a score is missing; `line_y` ends the dashed line from the other circle."""

    x: int
    y: float
    anchor: str
    line_y: float | None = None


@dataclass(frozen=True)
class _Pair:
    number: int
    x: int
    pre: _Mark | None
    post: _Mark | None
    ask: _Ask | None


def _pair(point: Point, x: int, trajectory: Trajectory, at: _Layout) -> _Pair:
    """Place the two circles of one infusion: the higher one's number above it, the lower one's below."""
    rises = point.pre is not None and point.post_2h is not None and point.post_2h > point.pre
    level = point.pre == point.post_2h
    pre = _mark(point.pre, x - at.half, not rises, trajectory.top, at)
    post = _mark(point.post_2h, x + at.half, rises or level, trajectory.top, at)
    return _Pair(point.number, x, pre, post, _ask(point, x, pre, post, at))


def _mark(value: int | None, x: int, above: bool, top: int, at: _Layout) -> _Mark | None:
    if value is None:
        return None
    y = _y(value, top, at)
    return _Mark(x, y, round(y - 9 if above else y + 17, 1), value)


def _ask(point: Point, x: int, pre: _Mark | None, post: _Mark | None, at: _Layout) -> _Ask | None:
    """Show a score that could have been given and was not; one that is still to come shows nothing."""
    if post is None and point.post_due:
        if pre is None:
            return _Ask(x, at.y0 - 6, "middle")
        falls = pre.y + 41 < at.y0
        return _Ask(
            x + at.half + 1,
            round(pre.y + 41 if falls else pre.y - 31, 1),
            "middle",
            round(pre.y + 28 if falls else pre.y - 28, 1),
        )
    if pre is None and point.pre_due and post is not None:
        return _Ask(x - at.half - 8, post.y + 4, "end")
    return _Ask(x, at.y0 - 6, "middle") if pre is None and point.pre_due else None
