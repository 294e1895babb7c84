"""The whole way from a clinic to the optimum, nothing kept from one plan to the next."""

from scheduler.planning.bookings import Bookings
from scheduler.planning.clinic import Clinic
from scheduler.planning.ground import prepare, window
from scheduler.planning.masks import survey
from scheduler.planning.programme import best, tabulate
from scheduler.planning.request import Request
from scheduler.planning.results import Plan


def plan(clinic: Clinic, bookings: Bookings, request: Request) -> Plan | None:
    """The cheapest complete plan, proven, or None when there is none.

    `bookings` must hold the days of `window(request)`; the cold time of the benchmark.
    """
    field = survey(prepare(clinic, *window(request)), bookings, request)
    return best(tabulate(field, request.weights))
