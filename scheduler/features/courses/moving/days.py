"""The days that a visit could go to, by what each would do to the others."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from scheduler.features.courses.moving.chart import Chart, wall
from scheduler.features.courses.words import numbers
from scheduler.planning.mending import starts_of
from scheduler.planning.mending_path import ripples

FEW = 5


@dataclass(frozen=True)
class DayOffer:
    """A day with room: its starts in minutes, and the other visits that move where this one goes there."""

    day: date
    minutes: tuple[int, ...]
    near: tuple[int, ...]
    others: tuple[int, ...]

    @property
    def words(self) -> str:
        """`Moves only this visit`, `Also moves no. 4 and 5`."""
        return f"Also moves no. {numbers(self.others)}" if self.others else "Moves only this visit"


def day_offers(chart: Chart, number: int) -> tuple[DayOffer, ...]:
    """All days with room for a visit, those that move the fewest others first, then the nearest ones.

    `near` are the few starts nearest to the present hour. Days for which others can't make room are left out.
    """
    own = chart.start(chart.rows[number])
    visit = next(each for each in chart.ailing.visits if each.k == number)
    allowed = starts_of(chart.ward, chart.ailing, visit)
    field = chart.ward.field
    offers = []
    for day, others in ripples(chart.ward, chart.ailing, number).items():
        row = day.toordinal() - field.first
        if not 0 <= row < field.days:
            continue
        free = [int(field.minutes[at]) for at in np.flatnonzero(allowed[row])]
        minutes = tuple(minute for minute in free if wall(day, minute) != own)
        if minutes:
            near = sorted(minutes, key=lambda minute: abs(minute - own.hour * 60 - own.minute))[:FEW]
            offers.append(DayOffer(day, minutes, tuple(sorted(near)), others))
    return tuple(sorted(offers, key=lambda each: (len(each.others), abs((each.day - own.date()).days))))
