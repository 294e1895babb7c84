"""What the build page shows: the planner's plans as strips, tables and sentences.

Everything here is made from one `Scene`; nothing reads the database.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from scheduler.features.courses.order import Visit, encode
from scheduler.features.courses.propose import Offer, Scene
from scheduler.features.courses.words import another_name, day_words, listed, why
from scheduler.models import ProtocolVersion
from scheduler.planning import Option, PlannedInfusion, Term, options, why_cost
from scheduler.planning.proposals import ANOTHER_SET
from scheduler.planning.spacing import spacing_faults
from scheduler.planning.violation import clock

HALF_DAY = 720


@dataclass(frozen=True)
class StripDay:
    """A day on the strip: `cant` is "", "am", "pm" or "all", when the patient cannot come."""

    date: date
    shut: bool
    cant: str


@dataclass(frozen=True)
class StripVisit:
    """A visit on the strip. `breaks` is the length of a gap after it that breaks a rule, capped at 3."""

    date: date
    number: int
    time: str
    state: str
    breaks: int = 0


@dataclass(frozen=True)
class Row:
    """A line of a set's table."""

    number: int
    state: str
    date: date
    starts: str
    ends: str
    chair: str
    gap: str
    can_move: str
    change_href: str | None


@dataclass(frozen=True)
class SetView:
    """One complete set of dates, ready to show. `value` is the encoded set, `id` names its radio button."""

    id: str
    value: str
    name: str
    why: str
    site_id: int
    site_name: str
    visits: tuple[StripVisit, ...]
    rows: tuple[Row, ...]
    infusions: tuple[PlannedInfusion, ...]
    scene: Scene


def set_views(
    offers: Sequence[Offer], today: date, version: ProtocolVersion, change_base: str
) -> list[SetView]:
    """The views of offers, best first; `change_base` is the page's address without set and change."""
    views = []
    for number, offer in enumerate(offers, 1):
        plan, name = offer.proposal.plan, offer.proposal.name
        if name == ANOTHER_SET:
            name = another_name(plan, [other.proposal.plan for other in offers[: number - 1]])
        views.append(plan_view(offer.scene, f"p{number}", name, plan.infusions, today, version, change_base))
    return views


def plan_view(
    scene: Scene,
    key: str,
    name: str,
    infusions: tuple[PlannedInfusion, ...],
    today: date,
    version: ProtocolVersion,
    change_base: str,
) -> SetView:
    """The view of any complete set of dates at one site of `scene`."""
    costs = why_cost(scene.clinic, scene.bookings, scene.request, infusions, loads=False)
    odd = {cost.k for cost in costs if cost.term is Term.SAME}
    value = encode(as_visits(infusions))
    place = next(site for site in scene.sites if str(site.id) == infusions[0].site)
    chairs = {str(chair.id): chair.name for chair in place.chairs}
    gaps = [None, *((b.day - a.day).days for a, b in pairwise(infusions))]
    rows = tuple(
        Row(
            number=each.k,
            state="odd" if each.k in odd else "pick",
            date=each.day,
            starts=clock(each.minute),
            ends=clock(each.minute + version.visit_minutes),
            chair=chairs.get(each.chair, "?").removeprefix("Chair "),
            gap="none" if gap is None else _gap(gap),
            can_move=can_move(scene, infusions, each),
            change_href=f"{change_base}&set={value}&change={each.k}#change",
        )
        for each, gap in zip(infusions, gaps, strict=True)
    )
    visits = tuple(StripVisit(row.date, row.number, row.starts, row.state) for row in rows)
    return SetView(
        key, value, name, why(today, infusions, costs), place.id, place.name, visits, rows, infusions, scene
    )


def as_visits(infusions: Sequence[PlannedInfusion]) -> tuple[Visit, ...]:
    """The planner's visits as an order has them."""
    return tuple(Visit(each.k, int(each.chair), each.start.replace(tzinfo=None)) for each in infusions)


def as_infusions(scene: Scene, site_id: int, visits: Sequence[Visit]) -> tuple[PlannedInfusion, ...]:
    """An order's visits as the planner has them; times need not be free, nor exist."""
    kinds = scene.request.protocol.types
    return tuple(
        PlannedInfusion(v.number, str(site_id), str(v.chair_id), kinds[0], v.start.replace(tzinfo=scene.zone))
        for v in visits
    )


def can_move(scene: Scene, infusions: Sequence[PlannedInfusion], each: PlannedInfusion) -> str:
    """`Same day, 08:30 to 11:00. Also Thu 14 May.`: where a visit could go without touching the others."""
    starts = day_starts(scene, each)
    same = f"Same day, {_ranges(starts, scene.clinic.step)}." if set(starts) - {each.minute} else ""
    days = [day_words(day) for day in other_days(scene, infusions, each)]
    return f"{same or 'No other time that day.'} {f'Also {listed(days)}.' if days else ''}".strip()


def other_days(scene: Scene, infusions: Sequence[PlannedInfusion], each: PlannedInfusion) -> Iterable[date]:
    """The days near its own on which a visit has room and keeps every distance."""
    for shift in (-2, -1, 1, 2):
        day = each.day + timedelta(days=shift)
        days = [day if other is each else other.day for other in infusions]
        if not spacing_faults(scene.request, days) and day_starts(scene, each, day):
            yield day


def day_starts(scene: Scene, each: PlannedInfusion, on: date | None = None) -> list[int]:
    """The local minutes at which a visit could start, on its own day or on another."""
    field = scene.field
    day = (on or each.day).toordinal() - field.first
    if not 0 <= day < field.days or each.site not in scene.request.sites:
        return []
    free = field.free[each.type][scene.request.sites.index(each.site)][day]
    return [int(minute) for minute in field.minutes[free]]


def choices(scene: Scene, infusions: Sequence[PlannedInfusion], k: int) -> dict[date, list[Option]]:
    """Days and starts for visit `k` that break nothing while the others stay."""
    return options(scene.field, infusions, k)


def strip_days(sets: Sequence[SetView]) -> list[StripDay]:
    """Whole weeks from the Monday before the earliest visit to the Sunday after the latest."""
    days = [visit.date for view in sets for visit in view.visits]
    first = min(days) - timedelta(days=min(days).weekday())
    last = max(days) + timedelta(days=6 - max(days).weekday())
    scene = sets[0].scene
    return [_strip_day(scene, first + timedelta(days=n)) for n in range((last - first).days + 1)]


def _strip_day(scene: Scene, day: date) -> StripDay:
    windows = scene.request.availability.weekly.get(day.weekday(), ())
    away = any(
        b.start <= datetime(day.year, day.month, day.day) and b.end.date() > day  # noqa: DTZ001 - wall time
        for b in scene.request.availability.blackouts
    )
    am = not away and any(min(end, HALF_DAY) - start >= 60 for start, end in windows)
    pm = not away and any(end - max(start, HALF_DAY) >= 60 for start, end in windows)
    cant = {(True, True): "", (False, True): "am", (True, False): "pm", (False, False): "all"}[am, pm]
    return StripDay(day, _shut(scene, day), cant)


def _shut(scene: Scene, day: date) -> bool:
    """Whether no site of the request opens that day."""
    at = day.toordinal() - scene.field.ground.first
    ground = scene.field.ground
    if not 0 <= at < ground.days:
        return not any(site.hours.get(day.weekday()) for site in scene.clinic.sites)
    return bool(ground.shut[list(scene.field.sites), at].all())


def _ranges(starts: Sequence[int], step: int) -> str:
    runs: list[list[int]] = []
    for minute in starts:
        if runs and minute - runs[-1][-1] == step:
            runs[-1].append(minute)
        else:
            runs.append([minute])
    shown = [f"{clock(run[0])} to {clock(run[-1])}" if len(run) > 1 else clock(run[0]) for run in runs[:3]]
    return " or ".join(shown) + (" and later" if len(runs) > 3 else "")


def _gap(days: int) -> str:
    """`2 days`; a visit that was shifted to before its neighbour says so."""
    if days == 0:
        return "same day"
    count = "1 day" if abs(days) == 1 else f"{abs(days)} days"
    return count if days > 0 else f"{count} too early"
