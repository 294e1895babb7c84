"""Up to three complete plans that differ in a way that matters.

Each is exact. The first is the best by the request's own weights. The others are the best
for one wish alone (spacing, an early start, one hour for all), the request's weights
deciding among equals: the same programme with that one weight so high that nothing else
can outweigh it. Where a wish's best plan is already there, or hardly differs from one that
is, the next best plan that really differs takes its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from scheduler.planning.masks import Field
from scheduler.planning.optimum import best
from scheduler.planning.programme import Tables, tabulate
from scheduler.planning.ranked import next_different
from scheduler.planning.request import Protocol, Weights
from scheduler.planning.results import Plan, really_different

BEST_SPACING = "Best spacing"
EARLIEST_START = "Earliest start"
SAME_HOUR = "Always the same hour"
BEST_OVERALL = "Best overall"
ANOTHER_SET = "Another set"

_WISHES = {BEST_SPACING: "gap", EARLIEST_START: "early", SAME_HOUR: "same"}
_WISH_OF_ONE = [(EARLIEST_START, "early")]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan and what it is best at; the first name is its title."""

    names: tuple[str, ...]
    plan: Plan

    @property
    def name(self) -> str:
        """The title."""
        return self.names[0]


def propose(field: Field, count: int = 3) -> list[Proposal]:
    """The best plan first, then others by objective; an empty list when no plan exists."""
    tables = tabulate(field, field.request.weights)
    first = best(tables)
    if first is None:
        return []
    champions = _champions(tables, first)
    plans = [first]
    for plan in sorted(set(champions.values()), key=lambda plan: (plan.objective, plan.days)):
        if len(plans) < count and all(really_different(plan, each) for each in plans):
            plans.append(plan)
    while len(plans) < count and (another := next_different(tables, plans)):
        plans.append(another)
    return _titled(field, [first, *sorted(plans[1:], key=lambda plan: plan.objective)], champions)


def _titled(field: Field, plans: Sequence[Plan], champions: dict[str, Plan]) -> list[Proposal]:
    """Every plan with what it is best at; a title belongs to the first plan that deserves it."""
    titled: list[Proposal] = []
    for plan in plans:
        names = _names(field, plan, champions)
        fresh = [name for name in names if not any(name in each.names for each in titled)]
        title = fresh[0] if fresh else ANOTHER_SET if titled else BEST_OVERALL
        titled.append(Proposal((title, *(name for name in names if name != title)), plan))
    return titled


def _champions(tables: Tables, first: Plan) -> dict[str, Plan]:
    """For each wish its best plan; the first plan itself where nothing can beat it."""
    field = tables.field
    champions = {}
    for name, term in _WISHES.items() if field.request.protocol.n > 1 else _WISH_OF_ONE:
        done = _measure(name, field, first) == _least(name, field)
        champions[name] = first if done else best(_heavier(tables, term)) or first
    return champions


def _heavier(tables: Tables, term: str) -> Tables:
    """The programme with the weight of one term so high that it decides first."""
    extra = _outweighing(tables.field, tables.weights)
    if term == "early":  # the only term that does not enter the tables to go
        late = np.array([day for _, day in tables.roots], np.int64)
        return replace(tables, early=tables.early + extra * late)
    weights = replace(tables.weights, **{term: getattr(tables.weights, term) + extra})
    return tabulate(tables.field, weights)


def _names(field: Field, plan: Plan, champions: dict[str, Plan]) -> tuple[str, ...]:
    """The wishes that the plan fulfils as well as the best plan for each."""
    return tuple(
        name
        for name, champion in champions.items()
        if _measure(name, field, plan) == _measure(name, field, champion)
    )


def _measure(name: str, field: Field, plan: Plan) -> int:
    if name == EARLIEST_START:
        return plan.days[0].toordinal() - field.request.first_day_min.toordinal()
    if name == SAME_HOUR:
        return sum(abs(each.minute - plan.median_minute) for each in plan.infusions)
    target = field.request.protocol.gap_target
    return sum(abs((after - before).days - target) for before, after in pairwise(plan.days))


def _least(name: str, field: Field) -> int:
    """The least a wish can measure, whatever the bookings; what reaches it needs no search."""
    return _least_gaps(field.request.protocol) if name == BEST_SPACING else 0


def _least_gaps(protocol: Protocol) -> int:
    return (protocol.n - 1) * max(
        0, protocol.gap_min - protocol.gap_target, protocol.gap_target - protocol.gap_max
    )


def _outweighing(field: Field, weights: Weights) -> int:
    """More than any two plans of the field can differ by under the weights."""
    protocol, slots = field.request.protocol, len(field.minutes)
    gap = max(protocol.gap_max, protocol.gap_target)
    load = max((int(loads.max()) for loads in field.load.values() if loads.size), default=0)
    a_visit = (weights.same + weights.pref) * 1440 + weights.weekday + weights.load * load
    return 1 + protocol.n * (a_visit + weights.gap * gap) + weights.early * (field.days + 1) + slots
