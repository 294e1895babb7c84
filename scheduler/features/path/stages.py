"""The way as steps, with the days that each took: read from what happened, never stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.models import RequestStatus

S = RequestStatus
PLACES = {S.NEW: 0, S.CONTACTED: 1, S.BOOKED: 2, S.SEEN: 3, S.SUITABLE: 4, S.NOT_NOW: 4, S.REFERRED: 4}
"""How far along the way each status stands; `closed` stands where the request stood before."""
NAMES = ("Asked", "Contacted", "Consultation booked", "Consultation held", "Decided")
AFTER = ("Consents signed", "Course booked", "Baseline ratings given")
DONE, NOW, AHEAD, SKIPPED, ENDED = "done", "now", "ahead", "skipped", "ended"


@dataclass(frozen=True)
class Stage:
    """One step of the way: done, now (what is waited for), ahead, skipped or ended, with its day where known.

    `days` are those since the step before; for the one that is waited for, those it has been waited for.
    """

    name: str
    state: str
    on: date | None = None
    days: int | None = None

    @property
    def took(self) -> str:
        """`on the same day`, `after 3 days`, `for 3 days`."""
        if self.days is None:
            return ""
        if self.state == NOW:
            return "since today" if not self.days else f"for {_days(self.days)}"
        return "on the same day" if not self.days else f"after {_days(self.days)}"


@dataclass(frozen=True)
class Later:
    """What is known of a patient after "suitable": one for each of `AFTER`.

    What is done without a day (`on`) was never needed.
    """

    is_done: bool
    on: date | None = None


def stages(
    reached: Sequence[tuple[RequestStatus, date]],
    status: RequestStatus,
    today: date,
    decided: str,
    later: Sequence[Later] = (),
) -> list[Stage]:
    """The steps of the way of one request.

    `reached` are the statuses in the order in which they came, with their local days; `decided` is the word
    for the outcome. `later` goes on behind "suitable".
    """
    here = _place(reached, status)
    first: dict[int, date] = {}
    for step, day in reached:
        if step in PLACES:
            first.setdefault(PLACES[step], day)
    found: list[Stage] = []
    last = first.get(0, today)
    for place, name in enumerate(NAMES):
        if place > here:
            found.append(Stage(name, AHEAD))
            continue
        when = first.get(place)
        named = decided if place == PLACES[S.SUITABLE] else name
        found.append(_done(named, when, last) if when else Stage(named, SKIPPED))
        last = max(last, when or last)
    if status is S.CLOSED:
        closed = max(day for step, day in reached if step is S.CLOSED)
        return [*found[: here + 1], Stage("Closed", ENDED, closed, (closed - last).days)]
    if status in (S.NOT_NOW, S.REFERRED):
        return found
    return _waited([*found, *_after(later, last)], last, today)


def _place(reached: Sequence[tuple[RequestStatus, date]], status: RequestStatus) -> int:
    if status in PLACES:
        return PLACES[status]
    return next((PLACES[step] for step, _ in reversed(reached) if step in PLACES), 0)


def _done(name: str, day: date, last: date) -> Stage:
    return Stage(name, DONE, day, None if name == NAMES[0] else max(0, (day - last).days))


def _after(later: Sequence[Later], last: date) -> list[Stage]:
    if not later:
        return [Stage(name, AHEAD) for name in AFTER]
    found = []
    for name, one in zip(AFTER, later, strict=True):
        if not one.is_done:
            found.append(Stage(name, AHEAD))
        else:
            found.append(_done(name, one.on, last) if one.on else Stage(name, SKIPPED))
        last = max(last, one.on or last)
    return found


def _waited(found: list[Stage], last: date, today: date) -> list[Stage]:
    """The first step that is ahead is what is waited for now."""
    at = next((place for place, stage in enumerate(found) if stage.state == AHEAD), None)
    if at is None:
        return found
    since = max([last, *(stage.on for stage in found[:at] if stage.on)])
    return [*found[:at], Stage(found[at].name, NOW, None, max(0, (today - since).days)), *found[at + 1 :]]


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
