"""What a trajectory is drawn from. All times are local to the site, and aware."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property


@dataclass(frozen=True)
class Point:
    """One rating: its total, None where a question was left out, which breaks the line."""

    at: datetime
    total: int | None


@dataclass(frozen=True)
class Pair:
    """The ratings before and two hours after one infusion; `at` is the visit's.

    `pre_missing` and `post_missing` say that it was asked, is over, and was not given; one that is still to
    come is left open.
    """

    at: datetime
    number: int
    pre: int | None
    post: int | None
    pre_missing: bool = False
    post_missing: bool = False


@dataclass(frozen=True)
class Band:
    """A stretch of the total with a name, both ends included."""

    least: int
    most: int
    name: str


@dataclass(frozen=True)
class Line:
    """A total with a meaning for this course, such as `8: response`."""

    value: int
    words: str


@dataclass(frozen=True)
class PastPoint:
    """Between which totals the middle half of `n` past courses stood at the same occasion."""

    at: datetime
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Past:
    """Past courses of the clinic beside this one, in the order of time; `said` tells their number."""

    points: Sequence[PastPoint]
    said: str


@dataclass(frozen=True)
class Track:
    """One version of one instrument: totals from 0 to `most`, as points or as pairs.

    `missing` are the times at which it was asked and not given.
    """

    name: str
    recall: str
    most: int
    bands: Sequence[Band] = ()
    points: Sequence[Point] = ()
    pairs: Sequence[Pair] = ()
    lines: Sequence[Line] = ()
    missing: Sequence[datetime] = ()
    past: Past | None = None
    is_primary: bool = False


@dataclass(frozen=True)
class Visit:
    """One infusion: `dose_mg` as given and `dose` in words, None and "" where none was charted.

    `is_ahead` says that it is still to come, `is_changed` that it was given at another dose per kilogram
    than the one before.
    """

    number: int
    at: datetime
    dose_mg: float | None = None
    dose: str = ""
    is_ahead: bool = False
    is_changed: bool = False


@dataclass(frozen=True)
class Event:
    """One adverse event."""

    at: datetime
    term: str
    grade: int


@dataclass(frozen=True)
class Medicine:
    """A medicine beside the course; None: an end that is unknown or to come. `once`: given at `since`."""

    words: str
    since: datetime | None = None
    until: datetime | None = None
    once: bool = False


@dataclass(frozen=True)
class TrajectoryFacts:
    """One course. Without `has_chart` nothing is drawn or said of doses, events and medicines."""

    tracks: Sequence[Track]
    visits: Sequence[Visit]
    events: Sequence[Event] = ()
    medicines: Sequence[Medicine] = ()
    has_chart: bool = True

    @cached_property
    def written(self) -> str:
        """All of it in words: two courses that are drawn alike read alike, and others do not."""
        return repr(self)


def without_past(facts: TrajectoryFacts) -> TrajectoryFacts:
    """The course by itself: what stands beside it changes with every course that ends; a record must not."""
    return replace(facts, tracks=tuple(replace(track, past=None) for track in facts.tracks))
