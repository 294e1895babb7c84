"""One site on one day, slot by slot in plain lists.

The masks judge all days at once and say only yes or no. This is the slow and talkative
twin: it says which rule a single visit breaks. It shares no code with the masks, so the
checker built on it can serve as their oracle.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from scheduler.planning.bookings import Bookings
from scheduler.planning.clinic import MINUTES_A_DAY, NURSE_UNITS, Clinic, Closure, Phase, SessionType, Site
from scheduler.planning.localtime import exists
from scheduler.planning.violation import Fault, Violation, clock


@dataclass(frozen=True, slots=True)
class Hold:
    """A chair held by a visit, turnover included, in slots."""

    chair: int
    start: int
    end: int


class DayBook:
    """What stands at one site on one local day.

    nurses, load: nurses on duty and nurse units taken, by slot of the day; open, clinician:
    whether the site is open and a clinician there; holds: the chairs taken.
    """

    def __init__(self, clinic: Clinic, bookings: Bookings, site: str, day: date) -> None:
        self.clinic, self.day = clinic, day
        self.site: Site = clinic.sites[clinic.site_index[site]]
        slots = clinic.slots_a_day
        self.open = self._covered(self.site.hours.get(day.weekday(), ()))
        on_duty = [shift for shift in clinic.nurse_shifts if shift.day == day and shift.site == site]
        here = [each for each in clinic.clinician_presence if each.day == day and each.site == site]
        self.clinician = self._covered((each.start, each.end) for each in here)
        self.nurses = [0] * slots
        for shift in on_duty:
            resting = {slot for pause in shift.breaks for slot in self._touched(*pause)}
            for slot in range(-(-shift.start // clinic.slot_min), shift.end // clinic.slot_min):
                self.nurses[slot] += slot not in resting
        self._profiles: dict[str, list[int]] = {}
        self.load = [0] * slots
        self.holds: list[Hold] = []
        at = clinic.site_index[site]
        rows = np.flatnonzero((bookings.day == day.toordinal()) & (bookings.site == at))
        mine = bookings.where(rows)
        for chair, slot, kind in zip(
            mine.chair.tolist(), mine.slot.tolist(), mine.type.tolist(), strict=True
        ):
            self.add(chair, slot, clinic.session_types[kind])

    def add(self, chair: int, slot: int, kind: SessionType) -> None:
        """Enter a visit on a chair (its position in the clinic)."""
        for at, units in enumerate(self.profile(kind), start=slot):
            if at < len(self.load):
                self.load[at] += units
        end = slot + len(self.profile(kind)) + self.site.turnover_slots
        self.holds.append(Hold(chair, slot, end))

    def profile(self, kind: SessionType) -> list[int]:
        """The nurse units of a visit, slot by slot."""
        if kind.name not in self._profiles:
            slot_min = self.clinic.slot_min
            self._profiles[kind.name] = [
                phase.nurse_load for phase in kind.phases for _ in range(phase.minutes // slot_min)
            ]
        return self._profiles[kind.name]

    def soft_excess(self, kind: SessionType, minute: int) -> int:
        """What a visit starting there adds above the soft load (PLANNING.md section 4), until midnight."""
        total, first = 0, minute // self.clinic.slot_min
        for load, nurses, units in zip(
            self.load[first:], self.nurses[first:], self.profile(kind), strict=False
        ):
            soft = self.clinic.soft_load_pct * NURSE_UNITS * nurses // 100
            total += max(load + units - soft, 0) - max(load - soft, 0)
        return total

    def free_chairs(self, kind: SessionType, minute: int, chair_type: str | None) -> list[str]:
        """The chairs on which the visit meets neither a booking nor a closure."""
        return [
            chair.id
            for chair in self.site.chairs
            if chair_type in (None, chair.type)
            and not self._meets_booking(chair.id, kind, minute)
            and not self._closures(chair.id, kind, minute)
        ]

    def faults(self, kind: SessionType, minute: int, k: int | None, chair: str | None) -> list[Violation]:
        """The rules R1 and R3 to R7 that a visit breaks; R5 only with a chair given."""
        if minute + kind.minutes > MINUTES_A_DAY:
            return [Violation("R3", Fault.CLOSED, k, "The visit would run past midnight.")]
        return [
            *self._time_faults(kind, minute, k),
            *self._site_faults(kind, minute, k, chair),
            *([] if chair is None else self._chair_faults(kind, minute, k, chair)),
            *self._staff_faults(kind, minute, k),
        ]

    def _time_faults(self, kind: SessionType, minute: int, k: int | None) -> Iterable[Violation]:
        if minute % self.clinic.slot_min or minute % self.clinic.step:
            yield Violation("R1", Fault.OFF_GRID, k, f"Visits start every {self.clinic.step} minutes.")
        whole = range(minute, minute + kind.minutes)
        if not all(exists(self.clinic.zone, self.day, each) for each in (*whole[::5], whole[-1])):
            words = (
                f"The clocks change: {clock(minute)} to {clock(minute + kind.minutes)} is not a whole visit."
            )
            yield Violation("R1", Fault.NO_SUCH_TIME, k, words)

    def _site_faults(
        self, kind: SessionType, minute: int, k: int | None, chair: str | None
    ) -> Iterable[Violation]:
        start = self.clinic.horizon_start
        if not start <= self.day < start + timedelta(days=self.clinic.horizon_days):
            yield Violation("R3", Fault.OUTSIDE_HORIZON, k, "The clinic does not plan that far.")
        if self.day in self.clinic.holidays:
            yield Violation("R3", Fault.HOLIDAY, k, "The clinic is closed for a holiday.")
        elif not any(self.open):
            yield Violation("R3", Fault.CLOSED, k, "The clinic is closed that day.")
        elif not all(self.open[slot] for slot in self._slots(kind, minute)):
            yield Violation("R3", Fault.CLOSED, k, "The visit would be outside opening hours.")
        for closure in self._closures(chair, kind, minute):
            what = "Chair " + closure.chair if closure.chair else "The clinic"
            words = f"{what} is closed" + (f": {closure.reason}." if closure.reason else " then.")
            yield Violation("R4", Fault.CLOSURE, k, words, reason=closure.reason)

    def _chair_faults(self, kind: SessionType, minute: int, k: int | None, chair: str) -> Iterable[Violation]:
        if self._meets_booking(chair, kind, minute):
            yield Violation("R5", Fault.CHAIR_TAKEN, k, f"Chair {chair} is taken then.")

    def _staff_faults(self, kind: SessionType, minute: int, k: int | None) -> Iterable[Violation]:
        pairs = zip(self._slots(kind, minute), self.profile(kind), strict=True)
        full = [slot for slot, units in pairs if self.load[slot] + units > NURSE_UNITS * self.nurses[slot]]
        if full:
            when = clock(full[0] * self.clinic.slot_min)
            none = not self.nurses[full[0]]
            words = f"No nurse is on duty at {when}." if none else f"The nurses are full at {when}."
            yield Violation("R6", Fault.NURSES_FULL, k, words)
        for phase, slots in self._phases(kind, minute):
            alone = [slot for slot in slots if phase.clinician and not self.clinician[slot]]
            if alone:
                when = clock(alone[0] * self.clinic.slot_min)
                yield Violation("R7", Fault.NO_CLINICIAN, k, f"No clinician is there at {when}.")
                return

    def _meets_booking(self, chair: str, kind: SessionType, minute: int) -> bool:
        at = self.clinic.chair_index.get(chair)
        slots = self._slots(kind, minute)
        end = slots.stop + self.site.turnover_slots
        return any(h.chair == at and h.start < end and slots.start < h.end for h in self.holds)

    def _closures(self, chair: str | None, kind: SessionType, minute: int) -> list[Closure]:
        midnight = datetime(self.day.year, self.day.month, self.day.day)  # noqa: DTZ001 - wall time
        start = midnight + timedelta(minutes=minute)
        end = start + timedelta(minutes=kind.minutes)
        return [
            closure
            for closure in self.clinic.closures
            if closure.start < end and start < closure.end and closure.touches(self.site, chair)
        ]

    def _slots(self, kind: SessionType, minute: int) -> range:
        first = minute // self.clinic.slot_min
        return range(first, first + kind.minutes // self.clinic.slot_min)

    def _phases(self, kind: SessionType, minute: int) -> Iterable[tuple[Phase, range]]:
        slot = minute // self.clinic.slot_min
        for phase in kind.phases:
            end = slot + phase.minutes // self.clinic.slot_min
            yield phase, range(slot, end)
            slot = end

    def _touched(self, start: int, end: int) -> range:
        return range(start // self.clinic.slot_min, -(-end // self.clinic.slot_min))

    def _covered(self, spans: Iterable[tuple[int, int]]) -> list[bool]:
        covered = [False] * self.clinic.slots_a_day
        for start, end in spans:
            for slot in range(-(-start // self.clinic.slot_min), end // self.clinic.slot_min):
                covered[slot] = True
        return covered
