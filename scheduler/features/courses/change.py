"""Working on one set of dates: shift a visit, and see at once what that breaks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from scheduler.errors import RuleError
from scheduler.features.courses.order import Visit, encode
from scheduler.features.courses.page import SetView, as_infusions, as_visits, choices, plan_view
from scheduler.features.courses.propose import Scene
from scheduler.planning import Fault, PlannedInfusion, Violation, Wish, recheck
from scheduler.planning.daybook import DayBook
from scheduler.planning.patient import patient_faults
from scheduler.planning.spacing import spacing_faults

if TYPE_CHECKING:
    from scheduler.features.courses.build import BuildPage

YOUR_SET = "Your set"
GONE = "This set of dates is from another search. Choose one of the sets below."


@dataclass(frozen=True)
class Problem:
    """One rule that the set breaks: the visit it is about (None: the whole set) and a sentence."""

    number: int | None
    words: str


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
    """One visit opened for change. `undo_href` leads back to the set before the wish was tried."""

    number: int
    visit: Visit
    days: tuple[DayChoice, ...]
    undo_href: str | None
    wish_day: str
    wish_time: str
    set_value: str


@dataclass(frozen=True)
class Chosen:
    """The set that somebody works on, where it lies, and the visit that is open."""

    scene: Scene
    site_id: int
    visits: tuple[Visit, ...]
    change: Change | None


def open_change(scenes: Sequence[Scene], page: "BuildPage", visits: tuple[Visit, ...]) -> Chosen:
    """The chosen set with the wish of the form applied, and the choices for the visit that is open."""
    scene, site_id = locate(scenes, visits)
    if len(visits) != page.version.infusions:
        raise RuleError(GONE)
    form = page.form
    if form.change is None or not 1 <= form.change <= len(visits):
        return Chosen(scene, site_id, visits, None)
    before = visits
    if form.wish_day and form.wish_minute is not None:
        visits = _shifted(scene, site_id, visits, form.change, form.wish_day, form.wish_minute)
    infusions = as_infusions(scene, site_id, visits)
    mine = visits[form.change - 1]
    change = Change(
        number=form.change,
        visit=mine,
        days=tuple(_day_choices(scene, infusions, form.change, page.base)),
        undo_href=f"{page.base}&set={encode(before)}&change={form.change}#set" if visits != before else None,
        wish_day=form.typed.get("wish_day") or mine.start.date().isoformat(),
        wish_time=form.typed.get("wish_time") or f"{mine.start:%H:%M}",
        set_value=encode(before),
    )
    return Chosen(scene, site_id, visits, change)


def chosen_view(found: Chosen, page: "BuildPage") -> tuple[SetView, tuple[Problem, ...]]:
    """The set as the page shows it, and everything it breaks."""
    infusions = as_infusions(found.scene, found.site_id, found.visits)
    view = plan_view(found.scene, "own", YOUR_SET, infusions, page.today, page.version, page.base)
    problems = problems_of(found.scene, infusions)
    wrong = {problem.number for problem in problems}
    rows = tuple(replace(row, state="break" if row.number in wrong else row.state) for row in view.rows)
    marks = tuple(
        replace(
            mark,
            state="break" if mark.number in wrong else mark.state,
            breaks=_gap(infusions, mark.number, wrong),
        )
        for mark in view.visits
    )
    return replace(view, rows=rows, visits=marks), problems


def problems_of(scene: Scene, infusions: Sequence[PlannedInfusion]) -> tuple[Problem, ...]:
    """Every rule R1 to R12 that the set breaks, visit by visit, then what concerns the whole."""
    wishes = [Wish(each.k, each.site, each.chair, each.day, each.minute, each.type) for each in infusions]
    found = [fault for faults in recheck(scene.clinic, scene.bookings, wishes) for fault in faults]
    for each in infusions:
        minutes = scene.clinic.kind(each.type).minutes
        found += patient_faults(scene.request, each.day, each.minute, minutes, each.k)
    found += spacing_faults(scene.request, [each.day for each in infusions])
    days = {each.k: each.day for each in infusions}
    return tuple(
        Problem(fault.k, _words(fault, scene.lost.get(days.get(fault.k or 0, date.min)))) for fault in found
    )


def _words(fault: Violation, lost: str | None) -> str:
    if fault.fault is Fault.BLACKOUT and lost:
        sentence = lost
    elif fault.fault is Fault.CHAIR_TAKEN:
        sentence = "That chair is taken then."
    else:
        sentence = fault.words
    if fault.k is None or sentence.startswith("Visit"):
        return sentence
    return f"Visit {fault.k}: {sentence[0].lower()}{sentence[1:]}"


def _gap(infusions: Sequence[PlannedInfusion], number: int, wrong: set[int | None]) -> int:
    """Days of the gap after a visit where the next one breaks its spacing, for the mark on the strip."""
    if number >= len(infusions) or number + 1 not in wrong:
        return 0
    return max(1, min(3, (infusions[number].day - infusions[number - 1].day).days))


def locate(scenes: Sequence[Scene], visits: Sequence[Visit]) -> tuple[Scene, int]:
    """The scene and site id at which all chairs of a set are. Raises RuleError where there is none."""
    wanted = {visit.chair_id for visit in visits}
    for scene in scenes:
        for site in scene.sites:
            if wanted <= {chair.id for chair in site.chairs if chair.retired_at is None}:
                return scene, site.id
    raise RuleError(GONE)


def _shifted(
    scene: Scene, site_id: int, visits: tuple[Visit, ...], number: int, day: date, minute: int
) -> tuple[Visit, ...]:
    """The set with one visit elsewhere, on its own chair where that is free, else on any that is."""
    mine = visits[number - 1]
    start = datetime.combine(day, time()) + timedelta(minutes=min(minute, 1439))
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
