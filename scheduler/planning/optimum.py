"""Reading the optimum out of the finished programme, and the whole way there from a clinic."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import numpy as np

from scheduler.planning.bookings import Bookings
from scheduler.planning.clinic import Clinic
from scheduler.planning.ground import prepare, window
from scheduler.planning.localtime import moment
from scheduler.planning.masks import Cell, Field, survey
from scheduler.planning.programme import NEVER, Costs, Tables, tabulate, wishes
from scheduler.planning.request import Request, Weights
from scheduler.planning.results import Plan, PlannedInfusion, lower_median


def plan(clinic: Clinic, bookings: Bookings, request: Request) -> Plan | None:
    """The cheapest complete plan, proven, or None; nothing is kept from one plan to the next.

    `bookings` must hold the days of `window(request)`. This is the cold time of the benchmark.
    """
    field = survey(prepare(clinic, *window(request)), bookings, request)
    return best(tabulate(field, request.weights))


def best(tables: Tables) -> Plan | None:
    """The cheapest complete plan, or None; on a tie the request's first site and the earliest day."""
    if not tables.togo[0].size:
        return None
    whole = tables.togo[0][0] + tables.early[:, None]
    root, tau = np.unravel_index(int(whole.argmin()), whole.shape)
    if whole[root, tau] >= NEVER // 2:
        return None
    return read_plan(tables, int(root), int(tau))


def read_plan(tables: Tables, root: int, tau: int) -> Plan:
    """The cheapest plan from a root with a shared hour (positions in the tables), which must have one."""
    offsets = _offsets(tables, root, tau)
    shared = int(tables.taus[tau])
    slots = [int(_near(tables, k, root, offset, shared).argmin()) for k, offset in enumerate(offsets)]
    return make_plan(tables, root, offsets, slots)


def make_plan(tables: Tables, root: int, offsets: Sequence[int], slots: Sequence[int]) -> Plan:
    """The plan with these days (since the root) and start slots, valued under the request's weights."""
    field = tables.field
    site, day = tables.roots[root]
    cells = [(site, day + offset, slot) for offset, slot in zip(offsets, slots, strict=True)]
    zone, types = field.clinic.zone, field.request.protocol.types
    name = field.request.sites[site]
    infusions = tuple(
        PlannedInfusion(
            k + 1,
            name,
            chair,
            types[k],
            moment(zone, date.fromordinal(field.first + cells[k][1]), int(field.minutes[cells[k][2]])),
        )
        for k, chair in enumerate(field.choose_chairs(cells))
    )
    return Plan(value(field, field.request.weights, cells), infusions)


def value(field: Field, weights: Weights, cells: Sequence[Cell]) -> int:
    """The objective of the visits at these cells."""
    request = field.request
    days, slots = [cell[1] for cell in cells], [cell[2] for cell in cells]
    gaps = sum(abs(b - a - request.protocol.gap_target) for a, b in pairwise(days))
    middle = lower_median(slots)
    liked, shunned = wishes(field)
    return int(
        weights.gap * gaps
        + weights.same * sum(abs(slot - middle) for slot in slots)
        + weights.pref * sum(liked[slot] for slot in slots)
        + weights.weekday * sum(shunned[day] for day in days)
        + weights.early * (field.first + days[0] - request.first_day_min.toordinal())
        + weights.load
        * sum(field.load[k][cell] for k, cell in zip(request.protocol.types, cells, strict=True))
    )


def _near(tables: Tables, k: int, root: int, offset: int, shared: int) -> Costs:
    costs = tables.start_costs(k, root, offset)
    distance: Costs = np.abs(np.arange(len(costs)) - shared)
    return costs + tables.weights.same * distance


def _offsets(tables: Tables, root: int, tau: int) -> list[int]:
    """Walk forward from a root at a shared hour, each step the cheapest."""
    offsets = [0]
    for k in range(tables.field.request.protocol.n - 1):
        following, low = tables.togo[k + 1], tables.low[k + 1]
        steps = tables.steps(k, offsets[-1])
        offsets.append(
            min(steps, key=lambda s: (tables.gap_cost(s[0]) + following[s[1] - low, root, tau], s[0]))[1]
        )
    return offsets
