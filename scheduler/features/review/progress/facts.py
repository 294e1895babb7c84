"""What is known of a course's progress. Times are local to the site. Totals are stated, not praised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from scheduler.features.ratings.plan import Key
from scheduler.features.ratings.progress import Progress
from scheduler.features.review.medicines import MedicineLine, standing
from scheduler.rendering.trajectory import NARROW, WIDE, TrajectoryFacts, kept_svg


@dataclass(frozen=True)
class Standing:
    """One version of one instrument: where it began and stands.

    Response and remission are judged on the course's primary instrument alone; `responded_at`, `remitted_at`
    and `response_at_most` are None elsewhere. `meaningful` are the points that count as a
    change, by `source`; `pair` is the last pair of one infusion, for an instrument that asks about now.
    """

    name: str
    is_primary: bool
    progress: Progress
    last_at: datetime | None
    age_days: int | None
    responded_at: datetime | None
    remitted_at: datetime | None
    response_at_most: int | None
    remission_at_most: int | None
    meaningful: int | None
    source: str
    pair: tuple[int, int] | None

    @property
    def change_said(self) -> str:
        """Such as `9 points less, 53 %`; "" before there is something to compare."""
        change, percent = self.progress.change, self.progress.percent
        if change is None:
            return ""
        if change == 0:
            return "no change"
        points = f"{abs(change)} point{'s' if abs(change) != 1 else ''} {'less' if change < 0 else 'more'}"
        return points if percent is None else f"{points}, {abs(percent)} %"


@dataclass(frozen=True)
class Row:
    """One occasion of the table: a cell for each column, then the dose and the events in words."""

    at: datetime
    what: str
    cells: Sequence[str]
    dose: str
    events: str


@dataclass(frozen=True)
class Pictures:
    """The drawing as markup, for a desk and paper, and for a phone."""

    wide: Any
    narrow: Any


@dataclass(frozen=True)
class CourseProgress:
    """One course: the primary instrument first in `standings`, whose codes and versions are `keys`, the heads
    of the cells in `columns`.
    """

    course_id: int
    keys: Sequence[Key]
    standings: Sequence[Standing]
    facts: TrajectoryFacts
    columns: Sequence[str]
    rows: Sequence[Row]
    medicines: Sequence[MedicineLine]

    @cached_property
    def pictures(self) -> Pictures:
        """The drawings."""
        return Pictures(kept_svg(self.facts, WIDE), kept_svg(self.facts, NARROW))

    @property
    def taken(self) -> list[MedicineLine]:
        """The medicines that were not struck out."""
        return standing(self.medicines)

    @property
    def past_said(self) -> str:
        """Which past courses stand beside this one, "" where there are too few."""
        return next((track.past.said for track in self.facts.tracks if track.past), "")
