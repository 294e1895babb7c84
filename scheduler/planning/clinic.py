"""What a clinic has: chairs, hours, nurses, clinicians, closures and the kinds of visit.

All times here are local wall time of the clinic: a `Span` is two minutes of the day,
half-open, and 24:00 (1440) may end one. The bookings are held apart (`bookings.py`),
because they change with every booking and all of this does not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

Span = tuple[int, int]

MINUTES_A_DAY = 1440
NURSE_UNITS = 12
"""One nurse's whole attention; a phase of load 3 is one nurse to four patients."""


@dataclass(frozen=True, slots=True)
class Phase:
    """One part of a visit: its minutes, the nurse units (0 to 12) it takes, whether a clinician is due."""

    name: str
    minutes: int
    nurse_load: int
    clinician: bool = False


@dataclass(frozen=True, slots=True)
class SessionType:
    """A kind of visit: its phases in order."""

    name: str
    phases: tuple[Phase, ...]

    @property
    def minutes(self) -> int:
        """The whole length of the visit, turnover not included."""
        return sum(phase.minutes for phase in self.phases)


@dataclass(frozen=True, slots=True)
class Chair:
    """A chair or room, by an id that is unique in the clinic."""

    id: str
    type: str = "chair"


@dataclass(frozen=True, slots=True)
class Site:
    """A place: opening hours by weekday (0 is Monday) and its chairs.

    After every visit the chair stays held for `turnover_slots` more. They count for the
    chair alone: not for nurses, opening hours or the patient's window.
    """

    id: str
    hours: Mapping[int, tuple[Span, ...]]
    chairs: tuple[Chair, ...]
    turnover_slots: int = 0


@dataclass(frozen=True, slots=True)
class Closure:
    """Local date-times without an offset, half-open; without site and chair it closes everything."""

    start: datetime
    end: datetime
    site: str | None = None
    chair: str | None = None
    reason: str = ""

    def touches(self, site: Site, chair: str | None) -> bool:
        """Whether this closes `chair` of `site`; with no chair given, whether it closes the whole site."""
        here = self.site is None or self.site == site.id
        return here and (self.chair is None or self.chair == chair)


@dataclass(frozen=True, slots=True)
class Shift:
    """A nurse on duty at a site on one day, breaks within it taken off."""

    nurse: str
    site: str
    day: date
    start: int
    end: int
    breaks: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Presence:
    """A clinician present at a site on one day; who it is counts for consultations alone."""

    site: str
    day: date
    start: int
    end: int
    clinician: str = ""


@dataclass(frozen=True)
class Clinic:
    """The capacity of the sites of one time zone over a horizon of days.

    `start_step_min` of None means `slot_min`; `soft_load_pct` is the share of the nurses'
    attention above which a plan begins to cost.
    """

    tz: str
    slot_min: int
    horizon_start: date
    horizon_days: int
    session_types: tuple[SessionType, ...]
    sites: tuple[Site, ...]
    nurse_shifts: tuple[Shift, ...]
    clinician_presence: tuple[Presence, ...]
    holidays: frozenset[date] = frozenset()
    closures: tuple[Closure, ...] = ()
    soft_load_pct: int = 80
    start_step_min: int | None = None

    @property
    def step(self) -> int:
        """Minutes between two possible starts."""
        return self.start_step_min or self.slot_min

    @property
    def slots_a_day(self) -> int:
        """How many slots a local day is counted in."""
        return MINUTES_A_DAY // self.slot_min

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone of all sites."""
        return ZoneInfo(self.tz)

    @cached_property
    def site_index(self) -> dict[str, int]:
        """Position of each site, by id; the `site` column of the bookings."""
        return {site.id: at for at, site in enumerate(self.sites)}

    @cached_property
    def chairs(self) -> tuple[tuple[int, Chair], ...]:
        """Every chair with the position of its site, site after site."""
        return tuple((at, chair) for at, site in enumerate(self.sites) for chair in site.chairs)

    @cached_property
    def chair_index(self) -> dict[str, int]:
        """Position of each chair in `chairs`, by id; the `chair` column of the bookings."""
        return {chair.id: at for at, (_, chair) in enumerate(self.chairs)}

    @cached_property
    def type_index(self) -> dict[str, int]:
        """Position of each kind of visit, by name; the `type` column of the bookings."""
        return {kind.name: at for at, kind in enumerate(self.session_types)}

    def kind(self, name: str) -> SessionType:
        """The kind of visit of this name."""
        return self.session_types[self.type_index[name]]
