"""What the day pages are drawn from: the visits of one site's day as plain facts, times at the site."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.features.desk.dots import GONE
from scheduler.features.ratings.timing import Lack
from scheduler.models import InfusionStatus, TimePoint


@dataclass(frozen=True)
class PhaseFact:
    """One phase of a visit: how it is drawn (prep, inf, rec, out), its minutes and its nurse load."""

    name: str
    kind: str
    minutes: int
    nurse_load: int


@dataclass(frozen=True)
class VisitFact:
    """One visit of the day. `starts_at` and `ends_at` are aware, in the site's zone.

    `six` are the states of its course's dots, `lacks` the ratings that could have been given and were not;
    it never holds a value.
    """

    infusion_id: int
    course_id: int
    patient_id: int
    given_name: str
    family_name: str
    phone: str | None
    number: int
    status: InfusionStatus
    confirmation: str
    starts_at: datetime
    ends_at: datetime
    arrived_at: datetime | None
    completed_at: datetime | None
    chair_id: int | None
    chair: str
    phases: tuple[PhaseFact, ...]
    six: tuple[str, ...]
    lacks: tuple[Lack, ...]
    rated: frozenset[TimePoint]

    @property
    def name(self) -> str:
        """Given name, then family name."""
        return f"{self.given_name} {self.family_name}"

    @property
    def short_name(self) -> str:
        """The initial and the family name, for a block on a lane."""
        return f"{self.given_name[:1]}. {self.family_name}"

    @property
    def stands(self) -> bool:
        """Whether it holds its chair: neither missed nor cancelled."""
        return self.status not in GONE

    def phase_at(self, moment: datetime) -> tuple[PhaseFact, datetime] | None:
        """The phase that is planned for `moment` and when it ends, or None outside the visit."""
        begin = self.starts_at
        for phase in self.phases:
            end = begin + timedelta(minutes=phase.minutes)
            if begin <= moment < end:
                return phase, end
            begin = end
        return None


@dataclass(frozen=True)
class ShutFact:
    """A time when a chair, or with `chair_id` None the whole site, is shut: minutes of the day, half-open."""

    from_minute: int
    to_minute: int
    reason: str
    chair_id: int | None = None


@dataclass(frozen=True)
class ChairFact:
    """A chair that is in use, or was used on the day."""

    id: int
    name: str
