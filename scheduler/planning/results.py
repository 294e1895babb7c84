"""What comes out: a complete plan, or the explanation why there is none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class PlannedInfusion:
    """Visit `k` (from 1) of a plan; `start` is aware, in the clinic's zone, with the offset of its date."""

    k: int
    site: str
    chair: str
    type: str
    start: datetime

    @property
    def day(self) -> date:
        """The local day."""
        return self.start.date()

    @property
    def minute(self) -> int:
        """The local minute of the day."""
        return self.start.hour * 60 + self.start.minute


@dataclass(frozen=True, slots=True)
class Plan:
    """A complete plan, visits in order, and its objective under the request's own weights."""

    objective: int
    infusions: tuple[PlannedInfusion, ...]

    @property
    def site(self) -> str:
        """The one site of the course."""
        return self.infusions[0].site

    @property
    def days(self) -> tuple[date, ...]:
        """The local days in order."""
        return tuple(infusion.day for infusion in self.infusions)

    @property
    def median_minute(self) -> int:
        """The lower median of the local starts, in minutes of the day."""
        return lower_median([infusion.minute for infusion in self.infusions])


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One rule bent and the objective of the best plan it makes possible."""

    name: str
    objective: int


@dataclass(frozen=True, slots=True)
class Impasse:
    """Where a site's search ends: the first visit that reaches no day, and the days tried for it."""

    session: int
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why no plan exists: each site's impasse, and what single relaxations would do, best first."""

    sites: Mapping[str, Impasse]
    relaxations: tuple[Relaxation, ...]


def lower_median(values: Sequence[int]) -> int:
    """The middle value; of an even count the lower of the two middle ones.

    Any value between the two middle ones gives the same sum of distances, so this one
    is as right for the objective as their mean, and it is a real start of the plan.
    """
    return sorted(values)[(len(values) - 1) // 2]


def really_different(plan: Plan, other: Plan) -> bool:
    """Another first day, at least 3 dates the other has not, or a lower median 60 minutes or more away."""
    return (
        plan.days[0] != other.days[0]
        or len(set(plan.days) - set(other.days)) >= 3
        or abs(plan.median_minute - other.median_minute) >= 60
    )
