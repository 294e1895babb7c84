"""A way out as the page shows it: the visits before and after, on the strip and in a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from scheduler.features.courses.moving.chart import Chart, wall
from scheduler.features.courses.moving.order import encode_move
from scheduler.features.courses.page import StripDay, StripVisit
from scheduler.features.courses.placing import Placement
from scheduler.features.courses.words import day_words, listed, numbers
from scheduler.models import InfusionStatus
from scheduler.planning.ground import day_spans
from scheduler.planning.mending_path import Mended
from scheduler.planning.violation import Violation, days_of

HALF_DAY = 720


@dataclass(frozen=True)
class Spot:
    """Where a visit is to be."""

    start: datetime
    chair_id: int


@dataclass(frozen=True)
class Line:
    """A visit that is still to come: before (None: it had no date) and after."""

    number: int
    before: datetime | None
    after: datetime
    chair: str
    gap: str

    @property
    def moves(self) -> bool:
        """Whether it starts at another time than before, or is new."""
        return self.before != self.after


@dataclass(frozen=True)
class Way:
    """One way to do it. `value` is what the form sends; `rules` are those of spacing that it breaks."""

    id: str
    value: str
    name: str
    why: str
    visits: tuple[StripVisit, ...]
    lines: tuple[Line, ...]
    rules: tuple[str, ...] = ()

    @property
    def moved(self) -> tuple[int, ...]:
        """The visits that change their time or get one."""
        return tuple(line.number for line in self.lines if line.moves)


def protocol_rule(chart: Chart) -> str:
    """`Visits 2 to 7 days apart, all within 28 days`."""
    ailing = chart.ailing
    low = ailing.request.protocol.gap_min
    return f"Visits {low} to {days_of(ailing.gap_max)} apart, all within {days_of(ailing.span_max)}"


def spots_of(mended: Mended) -> dict[int, Spot]:
    """Where a repair puts the open visits, by number."""
    return {each.k: Spot(wall(each.day, each.minute), int(each.chair)) for each in mended.visits}


def make_way(
    chart: Chart, key: str, spots: Mapping[int, Spot], name: str, why: str, rules: Sequence[str] = ()
) -> Way:
    """The way that puts visits (by number) to `spots`; the others stay."""
    placements = []
    for number, spot in sorted(spots.items()):
        row = chart.rows.get(number)
        if row is None or (chart.start(row), row.chair_id) != (spot.start, spot.chair_id):
            placements.append(Placement(number, spot.chair_id, spot.start, row.id if row else None))
    seen = {row.id: row.schedule_version for row in chart.rows.values()}
    value = encode_move(placements, seen)
    return Way(key, value, name, why, strip_of(chart, spots), _lines(chart, spots), tuple(rules))


def strip_of(
    chart: Chart, spots: Mapping[int, Spot], breaks: Mapping[int, int] | None = None
) -> tuple[StripVisit, ...]:
    """All visits on the strip; `breaks` says by number how long a gap after it is that breaks a rule."""
    gaps, wrong = breaks or {}, set()
    marks: list[tuple[date, int, StripVisit]] = []
    starts = _starts(chart, spots)
    for before, after in pairwise(starts):
        if before in gaps:
            wrong.add(after)
    for number, start in starts.items():
        row, day = chart.rows.get(number), start.date()
        if row is not None and chart.start(row).date() != day:
            was = chart.start(row).date()
            marks.append((was, 0, StripVisit(was, number, "", "was")))
        changed = row is None or chart.start(row) != start
        state = "break" if number in wrong else "pick" if changed else _state(chart, number)
        mark = StripVisit(day, number, f"{start:%H:%M}", state, min(3, max(0, gaps.get(number, 0))))
        marks.append((day, 1, mark))
    return tuple(mark for *_, mark in sorted(marks, key=lambda each: each[:2]))


def strip_days(chart: Chart, ways: Sequence[Sequence[StripVisit]]) -> list[StripDay]:
    """Whole weeks around everything that the strips show."""
    shown = [mark.date for way in ways for mark in way] or [chart.today]
    first = min(shown) - timedelta(days=min(shown).weekday())
    last = max(shown) + timedelta(days=6 - max(shown).weekday())
    return [_day(chart, first + timedelta(days=n)) for n in range((last - first).days + 1)]


def breaks_of(days: Mapping[int, date], faults: Sequence[Violation]) -> dict[int, int]:
    """By the number before it, how many days a gap is that breaks a rule; `days` are those of the visits."""
    found = {}
    for fault in faults:
        before, after = days.get(fault.other or 0), days.get(fault.k or 0)
        if before and after and fault.other:
            found[fault.other] = (after - before).days
    return found


def also_words(mended: Mended, number: int) -> str:
    """`Also move 4 to Mon 11 May`, `Also move 4 and 5`, `Move visit 3 only`."""
    others = [each for each in mended.visits if each.moved and each.k != number]
    if not others:
        return f"Move visit {number} only"
    if len(others) == 1:
        return f"Also move {others[0].k} to {day_words(others[0].day)}"
    return f"Also move {numbers(each.k for each in others)}"


def moves_words(mended: Mended, number: int) -> str:
    """`Breaks nothing. Moves 3 visits: 5 to Thu 12 Nov and 6 to Mon 16 Nov.`, the one asked for left out."""
    count = len(mended.moved)
    if not count:
        return "Breaks nothing. Only the chair changes."
    others = [each for each in mended.visits if each.moved and each.k != number]
    where = listed(f"{each.k} to {day_words(each.day)}" for each in others)
    visits = f"Moves {count} visits" if count != 1 else "Moves 1 visit"
    return f"Breaks nothing. {visits}: {where}." if len(others) > 1 else f"Breaks nothing. {visits}."


def _starts(chart: Chart, spots: Mapping[int, Spot]) -> dict[int, datetime]:
    every = sorted({*chart.rows, *spots})
    return {
        number: spots[number].start if number in spots else chart.start(chart.rows[number])
        for number in every
    }


def _lines(chart: Chart, spots: Mapping[int, Spot]) -> tuple[Line, ...]:
    starts, lines = _starts(chart, spots), []
    olds = {number: chart.start(row) for number, row in chart.rows.items()}
    previous: int | None = None
    for number, start in starts.items():
        row = chart.rows.get(number)
        ahead = row is None or row.status is InfusionStatus.SCHEDULED
        if ahead:
            old = olds.get(number)
            gap = "none" if previous is None else days_of((start.date() - starts[previous].date()).days)
            if previous is not None and previous in olds and old is not None:
                was = days_of((old.date() - olds[previous].date()).days)
                gap = gap if was == gap else f"{gap}, was {was.split(' ')[0]}"
            lines.append(Line(number, old, start, _chair(chart, number, spots), gap))
        previous = number
    return tuple(lines)


def _chair(chart: Chart, number: int, spots: Mapping[int, Spot]) -> str:
    row = chart.rows.get(number)
    own = chart.chair_name(row.chair_id) if row else ""
    if number not in spots:
        return own
    name = chart.chair_name(spots[number].chair_id)
    return name if not own or name == own else f"{name}, was {own[0].lower()}{own[1:]}"


def _state(chart: Chart, number: int) -> str:
    row = chart.rows[number]
    if row.status is InfusionStatus.COMPLETED:
        return "done"
    return "today" if row.local_day == chart.today else "open"


def _day(chart: Chart, day: date) -> StripDay:
    request, ground = chart.ailing.request, chart.ward.field.ground
    at = day.toordinal() - ground.first
    if 0 <= at < ground.days:
        shut = bool(ground.shut[list(chart.ward.field.sites), at].all())
    else:
        shut = not any(site.hours.get(day.weekday()) for site in chart.clinic.sites)
    windows = request.availability.weekly.get(day.weekday(), ())
    away = any(day_spans(b.start, b.end, day.toordinal(), 1) for b in request.availability.blackouts)
    am = not away and any(min(end, HALF_DAY) - start >= 60 for start, end in windows)
    pm = not away and any(end - max(start, HALF_DAY) >= 60 for start, end in windows)
    cant = {(True, True): "", (False, True): "am", (True, False): "pm", (False, False): "all"}[am, pm]
    return StripDay(day, shut, cant)
