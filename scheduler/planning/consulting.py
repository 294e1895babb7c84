"""When a clinician is free for a consultation, and the infusions keep theirs.

A consultation takes no chair and no nurse: it takes one clinician out of their presence. So it may lie where
the site is open and this clinician is there, unless a visit that stands needs a clinician at that moment and
this one is the only one. Visits are counted in the clinic's slots; a consultation is found on a finer grid.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from scheduler.planning.bookings import Bookings
from scheduler.planning.clinic import Clinic, Presence
from scheduler.planning.ground import Counts, Flags, prepare

SLOT_MIN = 5
"""Minutes between two possible starts of a consultation."""


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """A start that is free: the local day and minute, and the clinician who has the time."""

    day: date
    minute: int
    clinician: str


def openings(
    clinic: Clinic,
    bookings: Bookings,
    site: str,
    minutes: int,
    days: tuple[date, date],
    back: Sequence[Presence] = (),
) -> list[Opening]:
    """Every free start of a consultation of so many `minutes` at `site`, in order of time.

    `days` are the first and the last to look at, both inside the clinic's horizon; `bookings` hold the visits
    that stand on them. The presence of `clinic` is without the consultations that stand; `back` gives some of
    it back, for one that is about to move.
    """
    fine = replace(clinic, slot_min=SLOT_MIN, start_step_min=None)
    ground = prepare(fine, *days)
    at = clinic.site_index[site]
    first, count = days[0].toordinal(), (days[1] - days[0]).days + 1
    is_open = np.zeros((count, 1440 // SLOT_MIN), dtype=bool)
    is_open[:, ground.slot0 : ground.slot0 + ground.slots] = ~ground.shut[at]
    presence = [each for each in (*clinic.clinician_presence, *back) if each.site == site]
    people = _people(presence, first, count)
    whole = {name: _whole(mask, clinic.slot_min // SLOT_MIN) for name, mask in people.items()}
    there: Counts = np.zeros(is_open.shape, np.int32)
    for mask in whole.values():
        there += mask
    needed = _needed(clinic, bookings, at, first, count)
    found = [
        Opening(date.fromordinal(first + int(day)), int(slot) * SLOT_MIN, name)
        for name, mask in people.items()
        for day, slot in np.argwhere(
            _runs(mask & is_open & (~needed | (there > whole[name])), -(-minutes // SLOT_MIN))
        )
    ]
    return sorted(found)


def _people(presence: Sequence[Presence], first: int, count: int) -> dict[str, Flags]:
    """By clinician where they are there, by day and fine slot."""
    people: dict[str, Flags] = {}
    for each in presence:
        if 0 <= (day := each.day.toordinal() - first) < count:
            mask = people.setdefault(each.clinician, np.zeros((count, 1440 // SLOT_MIN), dtype=bool))
            mask[day, -(-each.start // SLOT_MIN) : each.end // SLOT_MIN] = True
    return dict(sorted(people.items()))


def _whole(mask: Flags, width: int) -> Flags:
    """The same in slots of the clinic, which count only where somebody is there from end to end: the rule for
    visits is judged in these."""
    slots = mask.reshape(len(mask), -1, width).all(axis=2)
    return np.repeat(slots, width, axis=1)


def _needed(clinic: Clinic, bookings: Bookings, site: int, first: int, count: int) -> Flags:
    """Where a visit that stands is in a phase that asks for a clinician, by day and fine slot."""
    needed = np.zeros((count, 1440 // SLOT_MIN), dtype=bool)
    here = (bookings.site == site) & (bookings.day >= first) & (bookings.day < first + count)
    mine = bookings.where(here)
    for day, slot, kind in zip(mine.day.tolist(), mine.slot.tolist(), mine.type.tolist(), strict=True):
        minute = slot * clinic.slot_min
        for phase in clinic.session_types[kind].phases:
            if phase.clinician:
                until = -(-(minute + phase.minutes) // SLOT_MIN)
                needed[day - first, minute // SLOT_MIN : until] = True
            minute += phase.minutes
    return needed


def _runs(free: Flags, length: int) -> Flags:
    """The starts after which `length` slots in a row are free."""
    starts = free.copy()
    for offset in range(1, length):
        starts[:, :-offset] &= free[:, offset:]
        starts[:, -offset:] = False
    return starts
