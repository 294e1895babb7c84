"""Where one visit of a request can start, and what it adds to the nurses' load.

For each kind of visit in the request the field holds, per (site, day, start slot), whether
rules R1 to R8 allow a start there and how far it exceeds the soft load. A rule that binds
"in every slot of the visit" is a window over the running sum of the slots that break it,
so all starts of all days are judged at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduler.planning.bookings import Bookings
from scheduler.planning.chairs import Seats, seats
from scheduler.planning.clinic import NURSE_UNITS, Clinic, SessionType
from scheduler.planning.ground import Counts, Flags, Ground, day_spans, longest
from scheduler.planning.request import Request

Cell = tuple[int, int, int]
"""A start: positions of site (in the request), day and slot in a field."""


@dataclass(frozen=True)
class Field:
    """The starts of one request on one ground with one set of bookings.

    Arrays are (site, day, slot) over the request's sites in its order, and `days` days from
    ordinal `first`; `free`, `load` and `taken` (chair, day, slot) are by kind of visit;
    `minutes` is the local minute of each slot.
    """

    ground: Ground
    request: Request
    sites: tuple[int, ...]
    first: int
    days: int
    minutes: NDArray[np.int64]
    seats: Seats
    taken: dict[str, Flags]
    free: dict[str, Flags]
    load: dict[str, Counts]

    @property
    def clinic(self) -> Clinic:
        """The clinic the field lies in."""
        return self.ground.clinic

    def choose_chairs(self, cells: Sequence[Cell]) -> list[str]:
        """A free chair for the visits 1, 2, … at these cells; few different ones where that can be."""
        types = self.request.protocol.types
        return self.seats.choose([(self.taken[kind], *cell) for kind, cell in zip(types, cells, strict=True)])


def survey(ground: Ground, bookings: Bookings, request: Request) -> Field:
    """Judge every start that a plan for the request could use.

    The ground must cover the days of `ground.window(request)` within the clinic's horizon
    (ValueError otherwise); bookings of other days and sites may be among the given ones.
    """
    low = request.first_day_min.toordinal()
    high = request.first_day_max.toordinal() + longest(request.protocol)
    if not ground.covers(low, high):
        raise ValueError("The ground does not cover the days of the request.")
    first = max(low, ground.first)
    days = max(0, min(high, ground.first + ground.days - 1) - first + 1)
    sites = tuple(ground.clinic.site_index[site] for site in request.sites)
    mine = bookings.where(np.flatnonzero((bookings.day >= first) & (bookings.day < first + days)))
    minutes = (np.arange(ground.slots) + ground.slot0) * ground.clinic.slot_min
    chairs = seats(ground, mine, sites, request.chair_type, first, days)
    field = Field(ground, request, sites, first, days, minutes, chairs, {}, {}, {})
    rows = np.ix_(sites, range(first - ground.first, first - ground.first + days))
    staff = _Staff(ground.shut[rows], ground.absent[rows], ground.nurses[rows] * NURSE_UNITS, field, mine)
    for name in dict.fromkeys(request.protocol.types):
        kind = ground.clinic.kind(name)
        possible, field.load[name] = staff.judge(kind)
        field.taken[name] = chairs.taken(kind.minutes // ground.clinic.slot_min)
        on_step = minutes % ground.clinic.step == 0
        free = chairs.any_free(field.taken[name], len(sites))
        field.free[name] = possible & free & patient_can(field, kind) & on_step
    return field


class _Staff:
    """R3, R4 for whole sites, R6 and R7, and the load above the soft one."""

    def __init__(self, shut: Flags, absent: Flags, capacity: Counts, field: Field, mine: Bookings) -> None:
        self.shut, self.absent = shut, absent
        standing = _standing(field, mine)
        self.spare = capacity - standing
        self.over = standing - capacity * field.clinic.soft_load_pct // 100
        self.slot_min = field.clinic.slot_min

    def judge(self, kind: SessionType) -> tuple[Flags, Counts]:
        """Whether each start keeps the rules, and what it adds above the soft load."""
        broken = np.zeros(self.shut.shape, np.int32)
        load = np.zeros(self.shut.shape, np.int32)
        offset = 0
        for phase in kind.phases:
            length = phase.minutes // self.slot_min
            if not length:
                continue
            bad = self.shut | (self.spare < phase.nurse_load)
            if phase.clinician:
                bad |= self.absent
            _add_windows(broken, bad, offset, length, outside=1)
            extra = np.maximum(self.over + phase.nurse_load, 0) - np.maximum(self.over, 0)
            _add_windows(load, extra, offset, length, outside=0)
            offset += length
        return broken == 0, load


def _add_windows(total: Counts, values: Counts | Flags, offset: int, length: int, outside: int) -> None:
    """Add to each start s the sum of values from s + offset on, `length` of them; `outside` past the end."""
    slots = total.shape[2]
    fit = slots - offset - length + 1
    if fit <= 0:
        total += outside
        return
    running = np.zeros((*total.shape[:2], slots + 1), np.int32)
    np.cumsum(values, axis=2, dtype=np.int32, out=running[:, :, 1:])
    total[:, :, :fit] += running[:, :, offset + length :] - running[:, :, offset : offset + fit]
    total[:, :, fit:] += outside


def _standing(field: Field, mine: Bookings) -> Counts:
    """The nurse units that the standing visits take in each slot."""
    slots = field.ground.slots
    shape = len(field.sites), field.days, slots + 1
    edges, steps = _load_steps(field.clinic)
    place = np.full(len(field.clinic.sites), -1, np.int64)
    place[list(field.sites)] = range(len(field.sites))
    here = np.flatnonzero(place[mine.site] >= 0)
    kind = mine.type[here]
    row = (place[mine.site[here]] * field.days + mine.day[here] - field.first) * (slots + 1)
    begin = mine.slot[here] - field.ground.slot0
    change = np.zeros(shape[0] * shape[1] * shape[2], np.int32)
    for edge, step in zip(edges.T, steps.T, strict=True):
        np.add.at(change, row + np.clip(begin + edge[kind], 0, slots), step[kind])
    running: Counts = change.reshape(shape).cumsum(axis=2, dtype=np.int32)[:, :, :slots]
    return running


def _load_steps(clinic: Clinic) -> tuple[Counts, Counts]:
    """By kind of visit: the slots from its start at which its nurse load changes, and by how much."""
    longest_list = max(len(kind.phases) for kind in clinic.session_types) + 1
    edges = np.zeros((len(clinic.session_types), longest_list), np.int32)
    steps = np.zeros_like(edges)
    for at, kind in enumerate(clinic.session_types):
        slot, load = 0, 0
        for column, phase in enumerate(kind.phases):
            edges[at, column], steps[at, column] = slot, phase.nurse_load - load
            slot, load = slot + phase.minutes // clinic.slot_min, phase.nurse_load
        edges[at, len(kind.phases)], steps[at, len(kind.phases)] = slot, -load
    return edges, steps


def patient_can(field: Field, kind: SessionType) -> Flags:
    """R8, per (day, slot): the whole visit inside one weekly window and outside the blackouts."""
    start, end = field.minutes, field.minutes + kind.minutes
    weekly = np.zeros((7, len(start)), dtype=bool)
    for weekday, windows in field.request.availability.weekly.items():
        for opens, closes in windows:
            weekly[weekday] |= (start >= opens) & (end <= closes)
    can: Flags = weekly[(np.arange(field.days) + field.first - 1) % 7]
    for blackout in field.request.availability.blackouts:
        for day, (begin, finish) in day_spans(blackout.start, blackout.end, field.first, field.days):
            can[day] &= (end <= begin) | (start >= finish)
    return can
