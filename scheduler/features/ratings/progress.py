"""How a course goes, from its ratings: pure, and stated, never praised.

Response is a fall of at least half from the course's own baseline, remission a total at or below the
instrument's mark (CLINICAL.md, section 3); both with the day on which they were first reached, and whether
they hold at the last rating. Nothing is computed for a baseline of 0, for there is nothing to halve. Totals
with different recall are never compared: each instrument is a series of its own, and where an instrument was
changed in the middle of a course its new version begins another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.features.ratings.instruments import Instrument
from scheduler.models import TimePoint


@dataclass(frozen=True)
class Value:
    """One current rating: its total, None where a question was left out."""

    rated_at: datetime
    point: TimePoint
    total: int | None
    number: int = 0
    week: int = 0
    rating_id: int = 0
    infusion_id: int | None = None


@dataclass(frozen=True)
class Series:
    """All current ratings of one version of one instrument in a course, in the order of their true times.

    Whoever draws it joins complete values alone: a rating without a total is a gap, not a zero.
    """

    instrument: Instrument
    values: tuple[Value, ...]

    @property
    def complete(self) -> tuple[Value, ...]:
        """Those that have a total."""
        return tuple(value for value in self.values if value.total is not None)


@dataclass(frozen=True)
class Progress:
    """What can be said of one series at a moment; None where it can't.

    `change` is in points, last minus baseline, so that a fall is negative; `percent` is the same against the
    baseline, rounded half away from zero. `responded_at` and `remitted_at` are the true times of the first
    rating that reached them, `responds` and `remits` say whether the last one still does. `is_worse` says
    that the last one is above the baseline by the reliable change (by the meaningful one where none is
    published), `is_meaningful` that the change, whatever its direction, is at least the meaningful one.
    """

    baseline: Value | None = None
    last: Value | None = None
    change: int | None = None
    percent: int | None = None
    responded_at: datetime | None = None
    remitted_at: datetime | None = None
    responds: bool | None = None
    remits: bool | None = None
    is_meaningful: bool | None = None
    is_worse: bool | None = None
    best: int | None = None

    def age(self, now: datetime) -> timedelta | None:
        """How old the last value is."""
        return now - self.last.rated_at if self.last else None


def baseline_of(series: Series, first_infusion_at: datetime | None) -> Value | None:
    """The last complete rating before the first infusion starts; None where there is none."""
    before = [
        value for value in series.complete if first_infusion_at is None or value.rated_at <= first_infusion_at
    ]
    return before[-1] if before else None


def progress(series: Series, first_infusion_at: datetime | None) -> Progress:
    """Baseline, change, response and remission of a series; `first_infusion_at` is None before it started."""
    complete = series.complete
    base = baseline_of(series, first_infusion_at)
    if not complete:
        return Progress()
    last = complete[-1]
    after = [value for value in complete if base is not None and value.rated_at > base.rated_at]
    if base is None or base.total is None or last.total is None or not after:
        return Progress(baseline=base, last=last)
    change = last.total - base.total
    meaningful, worse = series.instrument.meaningful, series.instrument.worsening
    reached = Progress(
        baseline=base,
        last=last,
        change=change,
        is_meaningful=None if meaningful is None else abs(change) >= meaningful.points,
        is_worse=None if worse is None else change >= worse.points,
        best=min(value.total for value in after if value.total is not None),
    )
    return reached if base.total == 0 else _judged(series.instrument, reached, base.total, after)


def _judged(instrument: Instrument, reached: Progress, base: int, after: Sequence[Value]) -> Progress:
    """Add what needs a baseline above 0."""
    totals = [(value.rated_at, value.total) for value in after if value.total is not None]
    mark = instrument.remission_at_most
    # Who was in remission before the first infusion has nothing to come to it from.
    can_remit = mark is not None and base > mark
    remissions = [at for at, total in totals if can_remit and mark is not None and total <= mark]
    responses = [at for at, total in totals if is_response(base, total)]
    last = totals[-1][1]
    return Progress(
        baseline=reached.baseline,
        last=reached.last,
        change=reached.change,
        percent=_percent(last - base, base),
        responded_at=responses[0] if responses else None,
        remitted_at=remissions[0] if remissions else None,
        responds=is_response(base, last),
        remits=(last <= mark) if can_remit and mark is not None else None,
        is_meaningful=reached.is_meaningful,
        is_worse=reached.is_worse,
        best=reached.best,
    )


def is_response(baseline: int, total: int) -> bool:
    """Whether a total is a fall of at least half from a baseline above 0."""
    return baseline > 0 and 2 * total <= baseline


def response_line(baseline: int) -> int:
    """The highest total that is a response to this baseline."""
    return baseline // 2


def _percent(change: int, baseline: int) -> int:
    """In whole per cent, halves away from zero: 8 of 17 is 47, and so is it downwards."""
    whole = (200 * abs(change) + baseline) // (2 * baseline)
    return whole if change >= 0 else -whole
