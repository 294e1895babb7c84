"""What a wished move does: as booked, as asked with all that it breaks, and the ways that break nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from scheduler.errors import ConflictError, RuleError
from scheduler.features.courses.actions.opened import course_of
from scheduler.features.courses.moving.chart import Chart, open_chart, wall
from scheduler.features.courses.moving.days import DayOffer, day_offers
from scheduler.features.courses.moving.ways import (
    Spot,
    Way,
    also_words,
    breaks_of,
    make_way,
    moves_words,
    protocol_rule,
    spots_of,
    strip_days,
    strip_of,
)
from scheduler.features.courses.page import StripDay, StripVisit
from scheduler.features.courses.problems import SHUT, STAFF
from scheduler.features.courses.words import fault_words
from scheduler.models import Infusion, InfusionStatus
from scheduler.planning import Fault, Violation, Wish, recheck
from scheduler.planning.mending import Pin, starts_of
from scheduler.planning.mending_path import free_starts, ranked_repairs
from scheduler.planning.mending_spacing import mend_faults
from scheduler.planning.patient import patient_faults

REPAIRS = 3
OTHERS = 6


@dataclass(frozen=True)
class MoveWish:
    """Where a visit is to go: a local day and minute at its site, and a chair if one was pointed at."""

    day: date
    minute: int
    chair_id: int | None = None


@dataclass(frozen=True)
class FreeDay:
    """A day on which the visit breaks nothing while the others stay, and its starts in minutes."""

    day: date
    minutes: tuple[int, ...]


@dataclass(frozen=True)
class MovePreview:
    """Everything that the page, the board and the API show of a move before it is made.

    broken: rules of the clinic (`hard`: no one can set them aside) or of spacing that the wish breaks, as
    sentences; notes: what is worth knowing and breaks nothing; ways: up to three repairs; override: the wish
    alone against the protocol, for a clinician; others: times that break nothing and move only this visit;
    offers: without a wish, all days with room and what each does to the others.
    """

    chart: Chart
    row: Infusion
    start: datetime
    wish: MoveWish | None
    days: tuple[StripDay, ...]
    booked: tuple[StripVisit, ...]
    asked: tuple[StripVisit, ...] = ()
    hard: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    ways: tuple[Way, ...] = ()
    override: Way | None = None
    others: tuple[datetime, ...] = ()
    free: tuple[FreeDay, ...] = ()
    offers: tuple[DayOffer, ...] = ()

    @property
    def protocol_rule(self) -> str:
        """`Visits 2 to 7 days apart, all within 28 days.`"""
        return protocol_rule(self.chart)


def move_preview(session: Session, now: datetime, infusion_id: int, wish: MoveWish | None) -> MovePreview:
    """The preview of a move; without a wish, where the visit could go alone.

    Raises NotFoundError, and ConflictError for a visit that can't be moved any more.
    """
    chart = open_chart(session, now, course_of(session, infusion_id), wish.day if wish else None)
    row = next((each for each in chart.rows.values() if each.id == infusion_id), None)
    if row is None or row.status is not InfusionStatus.SCHEDULED:
        raise ConflictError(_why_not(chart, infusion_id))
    chart = _unfixed(chart, row.number)
    free = other_times(chart, row.number)
    booked = strip_of(chart, {})
    if wish is None:
        days = tuple(strip_days(chart, [booked]))
        offers = day_offers(chart, row.number)
        return MovePreview(chart, row, chart.start(row), None, days, booked, free=free, offers=offers)
    return _judged(MovePreview(chart, row, chart.start(row), wish, (), booked, free=free), wish)


def other_times(chart: Chart, number: int) -> tuple[FreeDay, ...]:
    """Days and starts for a visit that break nothing while all others stay where they are."""
    found = free_starts(chart.ward, chart.ailing, number)
    own = chart.start(chart.rows[number])
    days = []
    for day, minutes in found.items():
        others = tuple(minute for minute in minutes if wall(day, minute) != own)
        if others:
            days.append(FreeDay(day, others))
    return tuple(days)


def _unfixed(chart: Chart, number: int) -> Chart:
    """The visit that is to move is not fixed, even where its time has just passed."""
    visits = tuple(replace(each, done=each.done and each.k != number) for each in chart.ailing.visits)
    return replace(chart, ailing=replace(chart.ailing, visits=visits))


def _why_not(chart: Chart, infusion_id: int) -> str:
    row = next(each for each in chart.course.infusions if each.id == infusion_id)
    status = row.status.value.replace("_", " ")
    return f"Visit no. {row.number} is {status}, so it can't be moved."


def _judged(page: MovePreview, wish: MoveWish) -> MovePreview:
    chart, number = page.chart, page.row.number
    hard, notes = _hard_faults(page, wish)
    spot = Spot(wall(wish.day, wish.minute), wish.chair_id or page.row.chair_id or 0)
    spacing: list[Violation] = mend_faults(chart.ailing, {number: wish.day})
    ways: list[Way] = []
    override = None
    if not hard:
        pinned, chair_note = _pinned(page, wish)
        notes += chair_note
        ailing = replace(chart.ailing, pins={number: pinned})
        ways = _ways(replace(chart, ailing=ailing), number, 1 if not spacing else REPAIRS)
        if spacing and not any(_firm(fault) for fault in spacing):
            spot = _own_spot(replace(chart, ailing=ailing), number, pinned, spot)
            override = _against(chart, number, spot, spacing)
    asked = strip_of(chart, {number: spot}, _breaks(chart, number, wish.day, spacing))
    strips = [page.booked, asked, *(way.visits for way in ways)]
    return replace(
        page,
        days=tuple(strip_days(chart, strips)),
        asked=asked,
        hard=tuple(hard),
        broken=tuple(fault.words for fault in spacing),
        notes=tuple(notes),
        ways=tuple(ways),
        override=override,
        others=tuple(_nearest(page.free, wish)) if hard or spacing else (),
    )


def _hard_faults(page: MovePreview, wish: MoveWish) -> tuple[list[str], list[str]]:
    """What no one can set aside, and what is only worth knowing."""
    chart, number = page.chart, page.row.number
    kind = chart.clinic.kind(chart.ailing.request.protocol.types[number - 1])
    if wall(wish.day, wish.minute) <= chart.ailing.now:
        return ["That time has passed. Choose a later one."], []
    hard: list[str] = []
    if wish.day in chart.ailing.busy:
        hard.append("The patient has another visit that day.")
    visit = next(each for each in chart.ailing.visits if each.k == number)
    pinned = replace(chart.ailing, pins={number: Pin(wish.day, wish.minute)}, busy=frozenset())
    if not starts_of(chart.ward, pinned, visit).any():
        chair = str(wish.chair_id or page.row.chair_id or "")
        asked = Wish(number, str(chart.site.id), chair, wish.day, wish.minute, kind.name)
        hard += _clinic_words(chart, chair, recheck(chart.clinic, chart.bookings, [asked])[0])
    patient = patient_faults(chart.ailing.request, wish.day, wish.minute, kind.minutes, number)
    return hard, [f"{fault.words} Ask whether this time is all right." for fault in patient]


def _clinic_words(chart: Chart, chair: str, faults: Sequence[Violation]) -> list[str]:
    """The clinic's rules in words; where it is closed nobody is on duty either, which is not said twice."""
    closed = any(fault.fault in SHUT or fault.fault is Fault.CLOSURE for fault in faults)
    told = [fault for fault in faults if not (closed and fault.fault in STAFF)]
    words = [
        "No chair is free then."
        if fault.fault is Fault.CHAIR_TAKEN
        else fault_words(fault, chart.chair_name(chair))
        for fault in told
    ]
    return list(dict.fromkeys(words)) or ["No chair of the right kind is free then."]


def _pinned(page: MovePreview, wish: MoveWish) -> tuple[Pin, list[str]]:
    """The pin with the wished chair where that is free, else with any."""
    if wish.chair_id is None:
        return Pin(wish.day, wish.minute), []
    chart, number = page.chart, page.row.number
    pin = Pin(wish.day, wish.minute, str(wish.chair_id))
    visit = next(each for each in chart.ailing.visits if each.k == number)
    if starts_of(chart.ward, replace(chart.ailing, pins={number: pin}), visit).any():
        return pin, []
    return Pin(wish.day, wish.minute), [
        f"{chart.chair_name(wish.chair_id)} can't be had then. Another chair is taken instead."
    ]


def _ways(chart: Chart, number: int, wanted: int) -> list[Way]:
    ways = []
    for at, mended in enumerate(ranked_repairs(chart.ward, chart.ailing, wanted), 1):
        why = moves_words(mended, number)
        name = also_words(mended, number)
        ways.append(make_way(chart, f"r{at}", spots_of(mended), name, why))
    return ways


def _firm(fault: Violation) -> bool:
    """Whether two visits would change places or meet on one day, which nobody can set aside."""
    return fault.rule == "R10" and (" on the same day as " in fault.words or " come before " in fault.words)


def _own_spot(chart: Chart, number: int, pin: Pin, asked: Spot) -> Spot:
    """The visit alone where it was asked for, on a chair that is free then."""
    field = chart.ward.field
    kind = chart.ailing.request.protocol.types[number - 1]
    slot = pin.minute // field.clinic.slot_min - field.ground.slot0
    wished = pin.chair or str(asked.chair_id)
    chair = field.seats.pick(field.taken[kind], 0, pin.day.toordinal() - field.first, slot, wished)
    return Spot(asked.start, int(chair))


def _against(chart: Chart, number: int, spot: Spot, faults: Sequence[Violation]) -> Way:
    """The wish alone, against the rules of spacing."""
    rules = tuple(dict.fromkeys(fault.rule for fault in faults))
    why = f"{' '.join(fault.words for fault in faults)} Needs a clinician and a reason."
    way = make_way(chart, "alone", {number: spot}, f"Move visit {number} only", why, rules)
    return replace(
        way, visits=strip_of(chart, {number: spot}, _breaks(chart, number, spot.start.date(), faults))
    )


def _breaks(chart: Chart, number: int, day: date, faults: Sequence[Violation]) -> dict[int, int]:
    days = {each.k: each.day for each in chart.ailing.visits if each.day} | {number: day}
    return breaks_of(days, faults)


def _nearest(free: Sequence[FreeDay], wish: MoveWish) -> list[datetime]:
    """A few times near the wish, at most two a day, in order of time."""
    found: list[tuple[int, int, datetime]] = []
    for each in free:
        near = sorted(each.minutes, key=lambda minute: abs(minute - wish.minute))[:2]
        found += [(abs((each.day - wish.day).days), abs(m - wish.minute), wall(each.day, m)) for m in near]
    return sorted(start for *_, start in sorted(found)[:OTHERS])


def need_reason(text: str) -> str:
    """The reason of an override. Raises RuleError where there is none."""
    words = text.strip()
    if not words:
        raise RuleError(
            "Write why this visit may stand against the protocol. The reason stays with the visit."
        )
    return words
