"""The rules R1 to R13 of PLANNING.md, checked one by one on a finished plan.

Written from the rules and apart from the search, so that it can judge the search.
"""

from collections.abc import Iterable

from scheduler.planning.bookings import Bookings
from scheduler.planning.clinic import Clinic
from scheduler.planning.costs import objective
from scheduler.planning.daybook import DayBook
from scheduler.planning.localtime import NoSuchTimeError, moment
from scheduler.planning.patient import patient_faults
from scheduler.planning.request import Request
from scheduler.planning.results import Plan, PlannedInfusion
from scheduler.planning.spacing import spacing_faults
from scheduler.planning.violation import Fault, Violation


def check(clinic: Clinic, bookings: Bookings, request: Request, plan: Plan) -> list[Violation]:
    """Every rule the plan breaks; empty for a right one. A stated objective is recomputed."""
    wrong = _numbers(request, plan)
    if wrong:
        return wrong
    faults = [fault for each in plan.infusions for fault in _visit(clinic, bookings, request, each)]
    faults += [] if len({each.site for each in plan.infusions}) == 1 else [_other_site()]
    faults += spacing_faults(request, plan.days)
    if not faults and plan.objective != (real := objective(clinic, bookings, request, plan.infusions)):
        words = f"The plan states {plan.objective} and is worth {real}."
        faults.append(Violation("R13", Fault.OBJECTIVE, None, words))
    return faults


def _numbers(request: Request, plan: Plan) -> list[Violation]:
    protocol = request.protocol
    stated = [(each.k, each.type) for each in plan.infusions]
    if stated == list(enumerate(protocol.types, start=1)) and len(stated) == protocol.n:
        return []
    words = f"The plan must hold visits 1 to {protocol.n} of the protocol, in order."
    return [Violation("R9", Fault.NUMBERS, None, words)]


def _other_site() -> Violation:
    return Violation("R2", Fault.OTHER_SITE, None, "All visits of a course are at one site.")


def _visit(
    clinic: Clinic, bookings: Bookings, request: Request, each: PlannedInfusion
) -> Iterable[Violation]:
    if each.site not in request.sites or each.site not in clinic.site_index:
        yield Violation("R2", Fault.OTHER_SITE, each.k, f"{each.site} is not a site of the request.")
        return
    chairs = {chair.id: chair for chair in clinic.sites[clinic.site_index[each.site]].chairs}
    if each.chair not in chairs:
        yield Violation("R2", Fault.UNKNOWN_CHAIR, each.k, f"{each.site} has no chair {each.chair}.")
    elif request.chair_type not in (None, chairs[each.chair].type):
        yield Violation("R2", Fault.CHAIR_TYPE, each.k, f"Chair {each.chair} is not a {request.chair_type}.")
    yield from _start(clinic, each)
    kind = clinic.kind(each.type)
    book = DayBook(clinic, bookings, each.site, each.day)
    yield from book.faults(kind, each.minute, each.k, each.chair)
    yield from patient_faults(request, each.day, each.minute, kind.minutes, each.k)


def _start(clinic: Clinic, each: PlannedInfusion) -> Iterable[Violation]:
    """R1: whole minutes, and the offset that the zone has on that date (the first of two)."""
    try:
        right = moment(clinic.zone, each.day, each.minute)
    except NoSuchTimeError:
        return  # the day book says it
    if each.start.utcoffset() != right.utcoffset() or each.start.second or each.start.microsecond:
        yield Violation(
            "R1", Fault.OFF_GRID, each.k, f"{each.start.isoformat()} is not a start of the clinic."
        )
