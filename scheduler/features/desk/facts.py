"""What the day pages are drawn from: the visits of one site's day as plain facts, times at the site."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.features.courses.preparation.lists import Ready
from scheduler.features.desk.dots import GONE
from scheduler.features.ratings.timing import Lack
from scheduler.models import InfusionStatus


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

    `six` are the states of its course's dots.
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
    started_at: datetime | None
    completed_at: datetime | None
    expected_at: datetime | None
    stopped_early: bool
    chair_until: datetime
    chair_id: int | None
    chair: str
    version_id: int
    phases: tuple[PhaseFact, ...]
    six: tuple[str, ...]
    confirmation_at: datetime | None = None
    confirmation_source: str | None = None

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

    @property
    def until(self) -> datetime:
        """When it ends: as planned, or as long after its recorded beginning as was planned."""
        if self.started_at is None:
            return self.ends_at
        return self.started_at + (self.ends_at - self.starts_at)

    def phase_at(self, moment: datetime) -> tuple[PhaseFact, datetime] | None:
        """The phase that `moment` falls into and when it ends, or None outside the visit.

        A visit that has begun goes by when it began, any other by its plan.
        """
        begin = self.started_at or self.starts_at
        for phase in self.phases:
            end = begin + timedelta(minutes=phase.minutes)
            if begin <= moment < end:
                return phase, end
            begin = end
        return None


@dataclass(frozen=True)
class Readiness:
    """What is there and what is missing for one visit.

    `lacks` are the ratings that could have been given and were not, `rated` says that one was; neither holds
    a value. `prepared` is what is to be had ready, ticked or not. `unsigned` names the consents that the
    course lacks; None where the clinic asks for none.
    """

    lacks: tuple[Lack, ...]
    rated: bool
    prepared: tuple[Ready, ...]
    unsigned: tuple[str, ...] | None = None


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
