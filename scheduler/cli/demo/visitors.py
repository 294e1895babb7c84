"""How many people come, when they first ask, and when they would like to begin.

The clinic grew: few courses a week at first, most of them now, and the further ahead the fewer are booked.
That keeps this week full and leaves room for a new course in the next two.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from scheduler.cli.demo.chance import pick, stream
from scheduler.cli.demo.days import Calendar, at

STARTS_BY_WEEK = {  # week, counted from the seven days that begin today: courses that begin in it
    -13: 5, -12: 6, -11: 6, -10: 6, -9: 6, -8: 7, -7: 7, -6: 7, -5: 8, -4: 9, -3: 11, -2: 12, -1: 8,
    0: 7, 1: 6, 2: 3, 3: 2, 4: 1, 5: 1, 6: 1, 7: 1, 9: 1, 11: 1,
}  # fmt: skip
FREE_STARTS = (*range(-10, 1), -10, -8, -6, -4, -2)
"""First days of people at Riverside who can come at any time, every other day. Without them, whether today is
busy would hang on its weekday: most courses run on Monday, Wednesday and Friday."""
MORE_ON = {1: (-6, -4, -4, -2)}
"""As many more where today is a Tuesday, the leanest day of the week."""
NOT_BOOKED_YET = 14
RIVERSIDE_SHARE = 0.68


@dataclass(frozen=True)
class Visitor:
    """Somebody who asks for a course: first contact, when it is booked, and the first day they want.

    `booked` and `first_day` are None for those who have not decided; `riverside` is the site they choose;
    `free` people can come at any time.
    """

    came: datetime
    riverside: bool
    booked: datetime | None = None
    first_day: int | None = None
    free: bool = False


def visitors(calendar: Calendar, seed: int) -> list[Visitor]:
    """All of them, in the order in which they first came."""
    chance = stream(seed, "visitors")
    starts = [week * 7 + chance.randrange(7) for week, count in STARTS_BY_WEEK.items() for _ in range(count)]
    found = [_decided(calendar, chance, day, chance.random() < RIVERSIDE_SHARE, free=False) for day in starts]
    free = (*FREE_STARTS, *MORE_ON.get(calendar.today.weekday(), ()))
    found += [_decided(calendar, chance, day, riverside=True, free=True) for day in free]
    for _ in range(NOT_BOOKED_YET):
        came = _desk_hour(calendar, -chance.randrange(1, 20), chance.randrange(8 * 60, 17 * 60))
        found.append(Visitor(came, chance.random() < RIVERSIDE_SHARE))
    return sorted(found, key=lambda visitor: visitor.came)


def _decided(calendar: Calendar, chance: Random, first_day: int, riverside: bool, free: bool) -> Visitor:
    """Who books far ahead books long before."""
    lead = chance.randrange(3, 12) if first_day < 21 else chance.randrange(20, 40)
    booked = _desk_hour(calendar, min(first_day - lead, -1), chance.randrange(8 * 60 + 10, 17 * 60))
    came = booked - timedelta(days=pick(chance, {0: 5, 1: 2, 3: 1}), minutes=chance.randrange(3, 9))
    return Visitor(came, riverside, booked, first_day, free)


def _desk_hour(calendar: Calendar, offset: int, minute: int) -> datetime:
    """That minute of that day, or of the Friday before where it falls on a weekend."""
    day = calendar.day(offset)
    return at(day - timedelta(days=max(0, day.weekday() - 4)), minute)
