"""Which of all free times are worth offering: few, spread over the days, those that suit the person first."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.planning import Opening, moment

MINUTES = 15
"""How long a consultation is."""
WEEKS = 4
"""How far ahead times are offered."""
LEAD = {"in_person": timedelta(hours=24), "phone": timedelta(hours=2), "video": timedelta(hours=2)}
"""How long before it the person hears of it, unless somebody on the phone agrees to an earlier time."""
NOON = 720
SUITS = "In the half-days they asked for"
OTHER = "Outside the half-days they asked for"


@dataclass(frozen=True)
class Slot:
    """A free time: whose, from when to when (aware, in the site's zone), and why it is offered."""

    clinician_id: int
    clinician: str
    starts_at: datetime
    ends_at: datetime
    why: str


def chosen(
    found: Sequence[Opening], half_days: Collection[str], after: datetime, count: int
) -> list[tuple[Opening, str]]:
    """At most `count` of these, each with why: one of each half-day, those asked for first.

    `half_days` are codes such as "0a" (Monday morning); `after` is the local time, without an offset, before
    which nothing is offered.
    """
    earliest = after.date(), after.hour * 60 + after.minute
    ahead = [each for each in found if (each.day, each.minute) > earliest]
    loads = Counter((each.day, each.clinician) for each in ahead)
    starts = {(each.day, each.minute, each.clinician) for each in ahead}

    def cost(each: Opening) -> tuple[bool, bool, int, int, str]:
        """Quarter hours first, then what follows on something, then the earliest, then whoever is freest."""
        follows = (each.day, each.minute - 5, each.clinician) not in starts
        free = loads[each.day, each.clinician]
        return bool(each.minute % 15), not follows, each.minute, -free, each.clinician

    best: dict[tuple[object, str], Opening] = {}
    for each in ahead:
        key = each.day, half_of(each)
        if key not in best or cost(each) < cost(best[key]):
            best[key] = each
    ordered = sorted(best.values())
    if not half_days:
        return [(each, "") for each in ordered[:count]]
    fits = [(each, SUITS) for each in ordered if half_of(each) in half_days]
    rest = [(each, OTHER) for each in ordered if half_of(each) not in half_days]
    return [*fits, *rest][:count]


def half_of(each: Opening) -> str:
    """The code of the half-day in which it begins."""
    return f"{each.day.weekday()}{'a' if each.minute < NOON else 'p'}"


def slot_of(each: Opening, why: str, tz: str, names: dict[int, str]) -> Slot:
    """A free time as people read it."""
    start = moment(ZoneInfo(tz), each.day, each.minute)
    clinician_id = int(each.clinician)
    return Slot(clinician_id, names.get(clinician_id, ""), start, start + timedelta(minutes=MINUTES), why)
