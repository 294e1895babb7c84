"""When ratings are due, and at what times an answer can belong to a time point (CLINICAL.md, section 4).

"Two hours after" is counted from the beginning of the infusion itself, not of the visit: the patient is
often on the way home by then. A late answer keeps its true time; one from another day belongs to
another time point, so both time points reach a day and no further.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from scheduler.models import InfusionStatus, ProtocolPhase, TimePoint

AFTER = timedelta(hours=2)
REACH = timedelta(hours=24)
NOT_RATED = frozenset({InfusionStatus.MISSED, InfusionStatus.CANCELLED})
AT_VISIT = (TimePoint.PRE, TimePoint.POST_2H)
"""The time points of a visit itself; what follows on later days is in `occasions`."""


class Timed(Protocol):
    """An infusion, or a row with the same instants."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def arrived_at(self) -> datetime | None: ...
    @property
    def started_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class Hours:
    """The instants of one infusion that its ratings hang on."""

    starts_at: datetime
    ends_at: datetime
    infusion_at: datetime
    here_at: datetime

    @property
    def post_at(self) -> datetime:
        """When the rating two hours after is due."""
        return self.infusion_at + AFTER


@dataclass(frozen=True)
class Lack:
    """A rating that is not there. `is_over` says that no answer of today could fill it any more;
    one that was given in time can still be entered.
    """

    point: TimePoint
    is_over: bool


def infusion_phase(phases: Sequence[ProtocolPhase]) -> int:
    """The position in `phases` of the infusion itself: the first that needs a clinician, else the second."""
    for at, phase in enumerate(phases):
        if phase.clinician_present:
            return at
    return min(1, max(0, len(phases) - 1))


def hours(infusion: Timed, phases: Sequence[ProtocolPhase]) -> Hours:
    """The instants of `infusion`: as recorded where it was recorded, else as planned.

    `started_at` is when the visit began, with its first phase; the infusion follows the preparation.
    """
    before = sum(phase.minutes for phase in phases[: infusion_phase(phases)])
    return Hours(
        starts_at=infusion.starts_at,
        ends_at=infusion.ends_at,
        infusion_at=(infusion.started_at or infusion.starts_at) + timedelta(minutes=before),
        here_at=infusion.arrived_at or infusion.starts_at,
    )


def lacking(
    status: InfusionStatus, times: Hours, given: Collection[TimePoint], now: datetime
) -> tuple[Lack, ...]:
    """The time points of a visit whose rating could have been given by `now` and was not; `given` are those
    at which nothing lacks.
    """
    if status in NOT_RATED:
        return ()
    return tuple(
        Lack(point, window(point, times)[1] < now)
        for point in AT_VISIT
        if point not in given and due_at(point, times) <= now
    )


def due_at(point: TimePoint, times: Hours) -> datetime:
    """From when on a rating can be missed: the patient is here, or two hours have passed."""
    return times.here_at if point is TimePoint.PRE else times.post_at


def window(point: TimePoint, times: Hours) -> tuple[datetime, datetime]:
    """The first and the last instant at which an answer belongs to `point`."""
    if point is TimePoint.PRE:
        return times.starts_at - REACH, times.ends_at
    return times.infusion_at, times.infusion_at + REACH
