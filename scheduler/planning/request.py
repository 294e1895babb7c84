"""What is asked for: a protocol, when the patient can come, and what a good plan is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from scheduler.planning.clinic import Span


@dataclass(frozen=True, slots=True)
class Protocol:
    """A course of `n` visits of the given kinds; gaps and span in calendar days, bounds included.

    The two recovery bounds serve the recovery of many courses alone.
    """

    n: int
    types: tuple[str, ...]
    gap_min: int
    gap_max: int
    gap_target: int
    span_min: int
    span_max: int
    recovery_gap_max: int | None = None
    recovery_span_max: int | None = None


@dataclass(frozen=True, slots=True)
class Blackout:
    """Time the patient cannot come: local date-times without an offset, half-open."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Availability:
    """When the patient can come: windows by weekday (0 is Monday), less the blackouts."""

    weekly: Mapping[int, tuple[Span, ...]]
    blackouts: tuple[Blackout, ...] = ()


@dataclass(frozen=True, slots=True)
class Preference:
    """A window of start times (both minutes included) and weekdays to avoid; wishes, not rules."""

    window: Span | None = None
    avoid_weekdays: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Weights:
    """What each term of the objective counts (PLANNING.md section 4)."""

    gap: int = 100
    same: int = 2
    pref: int = 3
    weekday: int = 30
    early: int = 20
    load: int = 1


@dataclass(frozen=True, slots=True)
class Request:
    """One course to plan. `chair_type` of None takes any chair; `sites` in the order to prefer on a tie."""

    id: str
    sites: tuple[str, ...]
    protocol: Protocol
    first_day_min: date
    first_day_max: date
    availability: Availability
    preference: Preference = Preference()
    weights: Weights = field(default_factory=Weights)
    chair_type: str | None = None
