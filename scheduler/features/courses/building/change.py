"""Working on one set of dates: shift a visit, and see at once what that breaks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from scheduler.errors import RuleError
from scheduler.features.capacity.ground import is_retired
from scheduler.features.courses.order import Visit, encode
from scheduler.features.courses.page import SetView, as_infusions, as_visits, choices, plan_view
from scheduler.features.courses.problems import Problem, problems_of
from scheduler.features.courses.propose import Scene
from scheduler.features.courses.words import day_words
from scheduler.models import Site
from scheduler.planning import PlannedInfusion, window
from scheduler.planning.daybook import DayBook

if TYPE_CHECKING:
    from scheduler.features.courses.building.offer import BuildPage

OWN, YOUR_SET = "own", "Your set"
GONE = "The set of dates you had is from another search. What stands here now fits this one."
AROUND = timedelta(weeks=4)


@dataclass(frozen=True)
class TimeChoice:
    """A start that breaks nothing, and the address of the set with it."""

    time: str
    href: str
    current: bool


@dataclass(frozen=True)
class DayChoice:
    """A day on which the visit could be, and its starts."""

    day: date
    times: tuple[TimeChoice, ...]


@dataclass(frozen=True)
class Change:
    """One visit opened for change.

    `undo_href` leads back to the set before the wish was tried; `error` says why a wish was not tried;
    `twice` says that the clocks bring the visit's time twice.
    """

    number: int
    visit: Visit
    days: tuple[DayChoice, ...]
    undo_href: str | None
    wish_day: str
    wish_time: str
    set_value: str
    error: str
    twice: str


@dataclass(frozen=True)
class Chosen:
    """The set that somebody works on, where it lies, and the visit that is open."""

    scene: Scene
    site_id: int
    visits: tuple[Visit, ...]
    change: Change | None


def open_change(scenes: Sequence[Scene], page: "BuildPage", visits: tuple[Visit, ...]) -> Chosen:
    """The chosen set with the wish of the form applied, and the choices for the visit that is open.

    Raises RuleError for a set that does not belong to this search.
    """
    scene, site_id = locate(scenes, visits)
    first, last = _reach(scene)
    if len(visits) != page.version.infusions or any(not first <= v.start.date() <= last for v in visits):
        raise RuleError(GONE)
    form = page.form
    if form.change is None or not 1 <= form.change <= len(visits):
        return Chosen(scene, site_id, visits, None)
    before, error = visits, form.wish_error
    if form.wish_day and form.wish_minute is not None and not error:
        if first <= form.wish_day <= last:
            visits = _shifted(scene, site_id, visits, form.change, form.wish_day, form.wish_minute)
        else:
            error = f"Choose a day from {day_words(first)} to {day_words(last)}."
    infusions = as_infusions(scene, site_id, visits)
    mine = visits[form.change - 1]
    change = Change(
        number=form.change,
        visit=mine,
        days=tuple(_day_choices(scene, infusions, form.change, page.base)),
        undo_href=f"{page.base}&set={encode(before)}&change={form.change}#change"
        if visits != before
        else None,
        wish_day=form.typed.get("wish_day", mine.start.date().isoformat()),
        wish_time=form.typed.get("wish_time", f"{mine.start:%H:%M}"),
        set_value=encode(before),
        error=error,
        twice=_twice(scene, mine),
    )
    return Chosen(scene, site_id, visits, change)


def chosen_view(found: Chosen, page: "BuildPage") -> tuple[SetView, tuple[Problem, ...]]:
    """The set as the page shows it, and everything it breaks."""
    infusions = as_infusions(found.scene, found.site_id, found.visits)
    view = plan_view(found.scene, OWN, YOUR_SET, infusions, page.today, page.version, page.base)
    problems = problems_of(found.scene, infusions)
    wrong = {problem.number for problem in problems}
    rows = tuple(replace(row, state="break" if row.number in wrong else row.state) for row in view.rows)
    marks = tuple(
        replace(
            mark,
            state="break" if mark.number in wrong else mark.state,
            breaks=_gap(infusions, mark.number, problems),
        )
        for mark in view.visits
    )
    return replace(view, rows=rows, visits=marks), problems


def _gap(infusions: Sequence[PlannedInfusion], number: int, problems: Sequence[Problem]) -> int:
    """Days of the gap after a visit where the next one breaks its spacing, for the mark on the strip."""
    if not any(problem.gap and problem.number == number + 1 for problem in problems):
        return 0
    return max(0, min(3, (infusions[number].day - infusions[number - 1].day).days))


def locate(scenes: Sequence[Scene], visits: Sequence[Visit]) -> tuple[Scene, int]:
    """The scene and site id at which all chairs of a set are. Raises RuleError where there is none."""
    for scene in scenes:
        for site in scene.sites:
            if all(_in_use(site, scene.zone, visit) for visit in visits):
                return scene, site.id
    raise RuleError(GONE)


def _in_use(site: Site, zone: ZoneInfo, visit: Visit) -> bool:
    """Whether the visit's chair stands at the site and is in use then."""
    chair = next((chair for chair in site.chairs if chair.id == visit.chair_id), None)
    return chair is not None and not is_retired(chair, zone, visit.start)


def _reach(scene: Scene) -> tuple[date, date]:
    """The days that a visit of a set may be tried on: what the planner looked at, and four weeks around."""
    first, last = window(scene.request)
    return first - AROUND, last + AROUND


def _twice(scene: Scene, visit: Visit) -> str:
    """What to know of a time that a clock change brings twice (DESIGN.md, section 4)."""
    if not comes_twice(scene.zone, visit.start):
        return ""
    return (
        f"The clocks go back that night, so {visit.start:%H:%M} comes twice. "
        "The first one is booked; tell the patient which one it is."
    )


def comes_twice(zone: ZoneInfo, wall: datetime) -> bool:
    """Whether a local time, without an offset, happens twice; the planner takes the first."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return first is not None and second is not None and second < first


def _shifted(
    scene: Scene, site_id: int, visits: tuple[Visit, ...], number: int, day: date, minute: int
) -> tuple[Visit, ...]:
    """The set with one visit elsewhere, on its own chair where that is free, else on any that is."""
    mine = visits[number - 1]
    start = datetime.combine(day, time()) + timedelta(minutes=minute)
    kind = scene.clinic.kind(scene.request.protocol.types[number - 1])
    book = DayBook(scene.clinic, scene.bookings, str(site_id), day)
    free = book.free_chairs(kind, minute, scene.request.chair_type)
    chair = int(free[0]) if free and str(mine.chair_id) not in free else mine.chair_id
    moved = Visit(number, chair, start)
    return (*visits[: number - 1], moved, *visits[number:])


def _day_choices(
    scene: Scene, infusions: Sequence[PlannedInfusion], number: int, base: str
) -> list[DayChoice]:
    visits = as_visits(infusions)
    found = []
    for day, options in choices(scene, infusions, number).items():
        times = []
        for option in options:
            start = datetime.combine(day, time()) + timedelta(minutes=option.minute)
            moved = Visit(number, int(option.chair), start)
            encoded = encode((*visits[: number - 1], moved, *visits[number:]))
            times.append(
                TimeChoice(f"{start:%H:%M}", f"{base}&set={encoded}#set", start == visits[number - 1].start)
            )
        found.append(DayChoice(day, tuple(times)))
    return found
