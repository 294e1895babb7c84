"""What the capacity of a clinic allows, before any booking and any patient.

The ground depends on hours, holidays, closures, shifts and presence only, so the running
application prepares it once and keeps it; bookings come with every request. Its arrays
are indexed (site, day, slot), slots counted from the earliest opening of any site to the
latest closing, since a visit can be nowhere else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from scheduler.planning.clinic import MINUTES_A_DAY, Clinic, Closure, Shift, Span
from scheduler.planning.localtime import skipped
from scheduler.planning.request import Protocol, Request

Flags = NDArray[np.bool_]
Counts = NDArray[np.int32]


@dataclass(frozen=True)
class Ground:
    """A clinic's capacity over `days` days from ordinal `first`, slots from `slot0` on.

    shut: closed, a holiday, a closure of the whole site, or a time that does not exist;
    nurses: on duty and not on a break; absent: no clinician there; blocks: closures of
    single chairs, rows of (site, chair, day ordinal, from slot, to slot).
    """

    clinic: Clinic
    first: int
    days: int
    slot0: int
    shut: Flags
    nurses: Counts
    absent: Flags
    blocks: Counts

    @property
    def slots(self) -> int:
        """Length of the slot axis."""
        return int(self.shut.shape[2])

    def covers(self, first: int, last: int) -> bool:
        """Whether the days from ordinal `first` to `last` are all here, as far as the horizon has them."""
        start = self.clinic.horizon_start.toordinal()
        end = start + self.clinic.horizon_days - 1
        return self.first <= max(first, start) and min(last, end) < self.first + self.days


def longest(protocol: Protocol) -> int:
    """Days from the first visit to the latest possible last one."""
    return max(0, min(protocol.span_max - 1, (protocol.n - 1) * protocol.gap_max))


def window(request: Request) -> tuple[date, date]:
    """The first and last day that any plan for the request can touch; the bookings to read."""
    return request.first_day_min, request.first_day_max + timedelta(days=longest(request.protocol))


def prepare(clinic: Clinic, first: date | None = None, last: date | None = None) -> Ground:
    """The ground of the clinic from `first` to `last` (default: its whole horizon)."""
    start = clinic.horizon_start.toordinal()
    low = max(start, first.toordinal()) if first else start
    high = min(start + clinic.horizon_days - 1, last.toordinal()) if last else start + clinic.horizon_days - 1
    return _Survey(clinic, low, max(0, high - low + 1)).ground()


class _Survey:
    """The making of a ground: the frame of its arrays, and a filler for each rule."""

    def __init__(self, clinic: Clinic, first: int, days: int) -> None:
        self.clinic, self.first, self.days = clinic, first, days
        hours = [span for site in clinic.sites for spans in site.hours.values() for span in spans]
        self.slot0 = min((start for start, _ in hours), default=0) // clinic.slot_min
        self.slots = -(-max((end for _, end in hours), default=0) // clinic.slot_min) - self.slot0
        self.shape = len(clinic.sites), days, max(0, self.slots)
        self.dates = [date.fromordinal(first + day) for day in range(days)]

    def ground(self) -> Ground:
        nurses = self._tally(_duty(self.clinic.nurse_shifts))
        present = self._tally((p.site, p.day, p.start, p.end, 1) for p in self.clinic.clinician_presence)
        return Ground(
            self.clinic, self.first, self.days, self.slot0, self._shut(), nurses, present <= 0, self._blocks()
        )

    def inner(self, span: Span) -> slice:
        """The whole slots within a span of minutes: for what allows."""
        return self._clip(-(-span[0] // self.clinic.slot_min), span[1] // self.clinic.slot_min)

    def outer(self, span: Span) -> slice:
        """The slots a span of minutes touches: for what forbids."""
        return self._clip(span[0] // self.clinic.slot_min, -(-span[1] // self.clinic.slot_min))

    def _clip(self, start: int, end: int) -> slice:
        low = min(max(start - self.slot0, 0), self.shape[2])
        return slice(low, max(low, min(end - self.slot0, self.shape[2])))

    def _shut(self) -> Flags:
        shut = self._closed_weekly()[:, (np.arange(self.days) + self.first - 1) % 7]
        for day, local in enumerate(self.dates):
            if local in self.clinic.holidays:
                shut[:, day] = True
            for span in skipped(self.clinic.zone, local):
                shut[:, day, self.outer(span)] = True
        for closure in self.clinic.closures:
            if closure.chair is None:
                self._close(shut, closure)
        return shut

    def _closed_weekly(self) -> Flags:
        weekly = np.ones((len(self.clinic.sites), 7, self.shape[2]), dtype=bool)
        for at, site in enumerate(self.clinic.sites):
            for weekday, spans in site.hours.items():
                for span in spans:
                    weekly[at, weekday, self.inner(span)] = False
        return weekly

    def _close(self, shut: Flags, closure: Closure) -> None:
        sites = [at for at, site in enumerate(self.clinic.sites) if closure.touches(site, None)]
        for day, span in self._day_spans(closure):
            shut[sites, day, self.outer(span)] = True

    def _blocks(self) -> Counts:
        chairs = self.clinic.chairs
        rows = [
            (site, at, self.first + day, span[0] // self.clinic.slot_min, -(-span[1] // self.clinic.slot_min))
            for closure in self.clinic.closures
            if closure.chair is not None
            for at, (site, chair) in enumerate(chairs)
            if closure.touches(self.clinic.sites[site], chair.id)
            for day, span in self._day_spans(closure)
        ]
        return np.array(rows, np.int32).reshape(-1, 5)

    def _day_spans(self, closure: Closure) -> list[tuple[int, Span]]:
        return day_spans(closure.start, closure.end, self.first, self.days)

    def _tally(self, rows: Iterable[tuple[str, date, int, int, int]]) -> Counts:
        """How many of the rows (site, day, start, end, ±1) hold in each slot; +1 rounds inwards."""
        sites, days, slots = self.shape
        index, first, slot_min = self.clinic.site_index, self.first, self.clinic.slot_min
        table = np.array(
            [
                (index[site], day.toordinal() - first, start, end, sign)
                for site, day, start, end, sign in rows
            ],
            np.int64,
        ).reshape(-1, 5)
        site, day, start, end, sign = table[(table[:, 1] >= 0) & (table[:, 1] < days)].T
        up = sign > 0
        low = np.clip(np.where(up, -(-start // slot_min), start // slot_min) - self.slot0, 0, slots)
        high = np.clip(np.where(up, end // slot_min, -(-end // slot_min)) - self.slot0, 0, slots)
        row = (site * days + day) * (slots + 1)
        size = sites * days * (slots + 1)
        steps = np.bincount(row + low, sign, size) - np.bincount(row + np.maximum(low, high), sign, size)
        return steps.reshape(sites, days, slots + 1).cumsum(axis=2)[:, :, :slots].astype(np.int32)


def _duty(shifts: Sequence[Shift]) -> Iterable[tuple[str, date, int, int, int]]:
    for shift in shifts:
        yield shift.site, shift.day, shift.start, shift.end, 1
        for start, end in shift.breaks:
            yield shift.site, shift.day, start, end, -1


def day_spans(start: datetime, end: datetime, first: int, days: int) -> list[tuple[int, Span]]:
    """The days (0 to `days` - 1, from ordinal `first`) that start..end touches, with the minutes it takes."""
    low, high = start.date().toordinal(), end.date().toordinal()
    begin = start.hour * 60 + start.minute
    finish = end.hour * 60 + end.minute + (1 if end.second or end.microsecond else 0)
    spans = []
    for day in range(max(low, first), min(high, first + days - 1) + 1):
        span = begin if day == low else 0, finish if day == high else MINUTES_A_DAY
        if span[0] < span[1]:
            spans.append((day - first, span))
    return spans
