"""From series of ratings to what is drawn and said of each: pure.

Each version of each instrument has a line of its own, so that an instrument that was changed in the middle of
a course begins anew. An instrument that asks about now is drawn in pairs, and what is felt two hours after an
infusion is set beside the rating before it, never beside the baseline.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler.features.ratings.instruments import Instrument, Recall
from scheduler.features.ratings.occasions import Occasion
from scheduler.features.ratings.plan import Key
from scheduler.features.ratings.progress import Progress, Series, Value, progress, response_line
from scheduler.features.review.progress.facts import Standing
from scheduler.models import TimePoint
from scheduler.rendering.trajectory import Band, Line, Pair, Past, Point, Track

RECALL = {
    Recall.NOW: "now",
    Recall.DAY: "last 24 hours",
    Recall.WEEK: "last week",
    Recall.TWO_WEEKS: "last two weeks",
    Recall.MONTH: "last month",
    Recall.SINCE_LAST: "since the last session",
}
OF_PAIR = (TimePoint.PRE, TimePoint.POST_2H)


@dataclass(frozen=True)
class Context:
    """What all series of a course share; `missed` are occasions that are over, with what they lack.

    `visits` gives the beginning of each infusion, local, by its id.
    """

    primary: str
    first_infusion_at: datetime | None
    now: datetime
    zone: ZoneInfo
    visits: Mapping[int, datetime]
    missed: Sequence[tuple[Occasion, frozenset[Key]]]


def in_order(series: Mapping[Key, Series], primary: str) -> list[Series]:
    """The primary instrument first, those about now last, beside the doses."""
    return sorted(
        series.values(),
        key=lambda one: (
            one.instrument.code != primary,
            one.instrument.recall is Recall.NOW,
            one.instrument.name,
            one.instrument.version,
        ),
    )


def standing_of(series: Series, name: str, context: Context) -> Standing:
    """Where one series stands."""
    instrument, is_primary = series.instrument, series.instrument.code == context.primary
    found = progress(alike(series), context.first_infusion_at)
    base = found.baseline.total if found.baseline else None
    age = found.age(context.now)
    return Standing(
        name=name,
        is_primary=is_primary,
        progress=found,
        last_at=_local(found.last.rated_at if found.last else None, context.zone),
        age_days=age.days if age else None,
        responded_at=_local(found.responded_at, context.zone) if is_primary else None,
        remitted_at=_local(found.remitted_at, context.zone) if is_primary else None,
        response_at_most=response_line(base) if is_primary and base else None,
        remission_at_most=instrument.remission_at_most if is_primary else None,
        meaningful=instrument.meaningful.points if instrument.meaningful else None,
        source=instrument.meaningful.source if instrument.meaningful else "",
        pair=_last_pair(series),
    )


def names(series: Sequence[Series]) -> list[str]:
    """A name for each; the version stands in it where a course has two of one instrument."""
    codes = [one.instrument.code for one in series]
    return [
        f"{one.instrument.name}, version {one.instrument.version}"
        if codes.count(one.instrument.code) > 1
        else one.instrument.name
        for one in series
    ]


def alike(series: Series) -> Series:
    """The ratings that can be set beside a baseline."""
    if series.instrument.recall is not Recall.NOW:
        return series
    return replace(
        series, values=tuple(value for value in series.values if value.point is not TimePoint.POST_2H)
    )


def track_of(series: Series, standing: Standing, past: Past | None, context: Context) -> Track:
    """What is drawn of one series."""
    instrument = series.instrument
    recall = RECALL[instrument.recall]
    paired = instrument.recall is Recall.NOW
    missed = [occasion for occasion, lacking in context.missed if instrument.key in lacking]
    points = [value for value in series.values if not (paired and value.point in OF_PAIR)]
    return Track(
        name=standing.name,
        recall="" if recall in standing.name.lower() else recall,
        most=instrument.total_most,
        bands=tuple(Band(band.least, band.most, band.name) for band in instrument.bands),
        points=tuple(Point(value.rated_at.astimezone(context.zone), value.total) for value in points),
        pairs=_pairs(series.values, missed, context) if paired else (),
        lines=_lines(instrument, standing.progress, standing.is_primary),
        missing=tuple(
            one.due_at.astimezone(context.zone)
            for one in missed
            if not (paired and one.slot.point in OF_PAIR)
        ),
        past=past,
        is_primary=standing.is_primary,
    )


def _lines(instrument: Instrument, found: Progress, is_primary: bool) -> tuple[Line, ...]:
    base = found.baseline.total if found.baseline else None
    if not base or instrument.recall is Recall.NOW:
        return ()
    lines = []
    if instrument.meaningful and instrument.meaningful.points <= base:
        lines.append(Line(base - instrument.meaningful.points, "meaningful change"))
    if is_primary:
        lines.append(Line(response_line(base), "response"))
        mark = instrument.remission_at_most
        if mark is not None and mark < base:
            lines.append(Line(mark, "remission"))
    return tuple(lines)


def _pairs(values: Sequence[Value], missed: Sequence[Occasion], context: Context) -> tuple[Pair, ...]:
    """One pair for each infusion of which something was given or missed, in the order of time."""
    totals = {
        (value.infusion_id, value.point): value.total for value in values if value.infusion_id is not None
    }
    numbers = {value.infusion_id: value.number for value in values if value.infusion_id is not None}
    gone = {(one.slot.infusion_id, one.slot.point) for one in missed}
    numbers |= {one.slot.infusion_id: one.number for one in missed if one.slot.infusion_id is not None}
    pairs = [
        Pair(
            context.visits[infusion_id],
            number,
            totals.get((infusion_id, TimePoint.PRE)),
            totals.get((infusion_id, TimePoint.POST_2H)),
            (infusion_id, TimePoint.PRE) in gone,
            (infusion_id, TimePoint.POST_2H) in gone,
        )
        for infusion_id, number in numbers.items()
        if infusion_id in context.visits
    ]
    return tuple(sorted(pairs, key=lambda pair: (pair.at, pair.number)))


def _last_pair(series: Series) -> tuple[int, int] | None:
    before: dict[int | None, int] = {}
    found = None
    for value in series.complete:
        if value.point is TimePoint.PRE and value.total is not None:
            before[value.infusion_id] = value.total
        elif value.point is TimePoint.POST_2H and value.total is not None and value.infusion_id in before:
            found = before[value.infusion_id], value.total
    return found


def _local(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    return at.astimezone(zone) if at else None
