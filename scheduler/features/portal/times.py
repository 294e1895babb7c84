"""Other times that the patient may ask for: free, within the rules of the course, moving no other visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from scheduler.errors import ConflictError, RuleError
from scheduler.features.courses.moving.chart import wall
from scheduler.features.courses.moving.preview import FreeDay, move_preview

FEW = 3
MOST_DAYS = 14
A_DAY = 4
APART = 60
"""Minutes between two starts of one day, and from the present one, so that a list is a choice."""
NOTICE = timedelta(hours=24)
"""A person answers the request first, so nothing sooner is offered."""


@dataclass(frozen=True)
class Times:
    """Local starts without an offset, in order: the `few` that lie nearest, and all that are offered."""

    few: tuple[datetime, ...]
    more: tuple[datetime, ...]

    def has(self, start: datetime) -> bool:
        """Whether a start may be asked for now."""
        return start in self.more


NONE = Times((), ())


def other_times(session: Session, now: datetime, infusion_id: int) -> Times:
    """The times for a visit that is still to come; none where its course takes no move now."""
    try:
        page = move_preview(session, now, infusion_id, None)
    except (ConflictError, RuleError):
        return NONE
    earliest, apart = page.chart.ailing.now + NOTICE, timedelta(minutes=APART)
    days = []
    for each in page.free:
        starts = [(minute, wall(each.day, minute)) for minute in each.minutes]
        minutes = tuple(minute for minute, at in starts if at >= earliest and abs(at - page.start) >= apart)
        if minutes:
            days.append(FreeDay(each.day, minutes))
    return chosen(days, page.start)


def chosen(days: Sequence[FreeDay], own: datetime) -> Times:
    """Of all free starts those near the present one: three on three days where there are as many."""
    near = sorted(days, key=lambda each: (abs((each.day - own.date()).days), each.day))[:MOST_DAYS]
    minute = own.hour * 60 + own.minute
    ranked = [_ranked(each, minute) for each in near]
    rounds = [starts[at] for at in range(A_DAY) for starts in ranked if at < len(starts)]
    return Times(tuple(sorted(rounds[:FEW])), tuple(sorted(rounds)))


def _ranked(each: FreeDay, minute: int) -> list[datetime]:
    """The starts of a day, the nearest to the present hour first, and then some that lie well apart."""
    first = min(each.minutes, key=lambda other: (abs(other - minute), other))
    taken = [first]
    for _ in range(A_DAY - 1):
        left = [other for other in each.minutes if all(abs(other - one) >= APART for one in taken)]
        if not left:
            break
        taken.append(min(left, key=lambda other: (abs(other - minute), other)))
    return [wall(each.day, one) for one in taken]
