"""What a clinician has to look at in a course, from its ratings, its visits and the day: pure.

Worsening: a total that lies above the baseline by the instrument's reliable change, by its meaningful one
where none is published (CLINICAL.md, sections 3 and 4). Complete ratings in a row above that line are one
worsening; the next complete one below it ends it.

Relapse: a responder whose later complete weekly rating of the primary instrument no longer meets response.
A responder is whoever met response at any complete rating before, for "returning" needs that something had
gone; the weekly ratings alone are looked at, because between infusions a total rises and falls with each of
them, and only the weeks after the last one say whether relief lasts (section 4). Weekly ratings in a row
without response are one relapse; one that meets response again ends it.

No response by infusion N: N infusions counted, and no complete rating of the primary instrument met response
until the next one began, or until a week after the Nth, for so long one infusion works (section 4). Without
any such rating nothing is known, which is a missing rating and no missing response. A response that comes
with a later infusion leaves it true.

Booster due: a completed course whose last infusion lies the clinic's weeks back, while its patient has no
later visit. After the last of these weeks it is raised no more; what waits goes on waiting.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from scheduler.features.ratings.occasions import Slot
from scheduler.features.ratings.plan import Key
from scheduler.features.ratings.progress import Series, Value, baseline_of, is_response
from scheduler.features.ratings.slots import slot_name
from scheduler.features.tasks.alerting.causes import Cause
from scheduler.features.tasks.alerting.rules import Rule
from scheduler.models import AlertKind, TimePoint

WORKS_FOR = timedelta(days=7)
KINDS = (
    AlertKind.ITEM_9,
    AlertKind.WORSENING,
    AlertKind.RELAPSE,
    AlertKind.NO_RESPONSE,
    AlertKind.BOOSTER,
)
"""The kinds that are worked out here; adverse events are raised where they are charted."""
WHOLE = ("course",)


@dataclass(frozen=True)
class Begun:
    """One infusion that began, and whether it counts as one of the course's."""

    infusion_id: int
    infusion_at: datetime
    day: date
    counts: bool


@dataclass(frozen=True)
class Crisis:
    """A current answer of 1 or more to the question about being better off dead or hurting oneself."""

    slot: Slot
    answer: int
    rating_id: int


@dataclass(frozen=True)
class CourseState:
    """A course on a day at its site. `begun` is in order; `may_come` says that a booster could be booked:
    the course is completed, its patient has no later visit and is not archived."""

    primary: str
    series: Mapping[Key, Series]
    crises: Sequence[Crisis]
    begun: Sequence[Begun]
    today: date
    may_come: bool

    @property
    def counted(self) -> list[Begun]:
        """The infusions that count, in order."""
        return [visit for visit in self.begun if visit.counts]


def causes(state: CourseState, rules: Mapping[AlertKind, Rule]) -> list[Cause]:
    """All causes of a course by the clinic's rules."""
    found = [*_crises(state), *_booster(state, rules[AlertKind.BOOSTER])]
    first = state.begun[0].infusion_at if state.begun else None
    for series in state.series.values():
        base = baseline_of(series, first)
        if base is None or base.total is None:
            continue
        after = [value for value in series.complete if value.rated_at > base.rated_at]
        found += _worsenings(series, base.total, after)
        if series.instrument.code == state.primary and base.total > 0:
            found += _relapses(series, base.total, after)
            found += _no_response(state, series, base.total, after, rules[AlertKind.NO_RESPONSE])
    return found


def _crises(state: CourseState) -> Iterator[Cause]:
    for crisis in state.crises:
        name = slot_name(crisis.slot)
        facts = {"answer": crisis.answer, "rating_id": crisis.rating_id}
        yield Cause(AlertKind.ITEM_9, name, (name,), crisis.answer, 1, facts, crisis.slot.infusion_id)


def _worsenings(series: Series, base: int, after: Sequence[Value]) -> Iterator[Cause]:
    change = series.instrument.worsening
    if change is None:
        return
    for is_worse, run in groupby(after, lambda value: _total(value) - base >= change.points):
        if is_worse:
            values = list(run)
            peak = max(_total(value) for value in values)
            facts = {
                "instrument": series.instrument.name,
                "baseline": base,
                "total": peak,
                "rise": peak - base,
            }
            yield _run(AlertKind.WORSENING, series, values, peak, change.points, facts)


def _relapses(series: Series, base: int, after: Sequence[Value]) -> Iterator[Cause]:
    responses = [value.rated_at for value in after if is_response(base, _total(value))]
    if not responses:
        return
    since = [
        value
        for value in after
        if value.rated_at > responses[0]
        and (value.point is TimePoint.WEEKLY or is_response(base, _total(value)))
    ]
    change = series.instrument.worsening
    for still, run in groupby(since, lambda value: is_response(base, _total(value))):
        if not still:
            values = list(run)
            worst = max(values, key=_total)
            facts = {
                "instrument": series.instrument.name,
                "baseline": base,
                "total": _total(worst),
                "week": worst.week,
            }
            step = change.points if change else None
            yield _run(AlertKind.RELAPSE, series, values, _total(worst), step, facts)


def _no_response(
    state: CourseState, series: Series, base: int, after: Sequence[Value], rule: Rule
) -> Iterator[Cause]:
    number = rule.at_least or 1
    if len(state.counted) < number:
        return
    reached = state.counted[number - 1]
    following = [visit.infusion_at for visit in state.begun if visit.infusion_at > reached.infusion_at]
    until = min([reached.infusion_at + WORKS_FOR, *following])
    totals = [_total(value) for value in after if value.rated_at <= until]
    if totals and not is_response(base, min(totals)):
        facts = {
            "instrument": series.instrument.name,
            "baseline": base,
            "best": min(totals),
            "number": number,
        }
        about = _about(series)
        yield Cause(AlertKind.NO_RESPONSE, about, WHOLE, facts=facts, infusion_id=reached.infusion_id)


def _booster(state: CourseState, rule: Rule) -> Iterator[Cause]:
    if not state.may_come or not state.counted or rule.at_least is None or rule.at_most is None:
        return
    last = state.counted[-1].day
    passed = state.today - last
    if passed >= timedelta(weeks=rule.at_least):
        facts = {"last": f"{last.day} {last:%b %Y}"}
        is_new = passed <= timedelta(weeks=rule.at_most)
        yield Cause(AlertKind.BOOSTER, "", WHOLE, facts=facts, is_new=is_new)


def _run(
    kind: AlertKind,
    series: Series,
    values: Sequence[Value],
    level: int,
    step: int | None,
    facts: Mapping[str, object],
) -> Cause:
    covers = tuple(slot_name(Slot(value.point, value.infusion_id, value.week)) for value in values)
    return Cause(kind, _about(series), covers, level, step, facts, values[0].infusion_id)


def _about(series: Series) -> str:
    return f"{series.instrument.code}:{series.instrument.version}"


def _total(value: Value) -> int:
    assert value.total is not None  # noqa: S101 - complete values alone come here
    return value.total
