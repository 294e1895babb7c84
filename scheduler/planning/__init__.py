"""The planner: files or dataclasses in, a plan out; no web, no database, no clock.

The way of a request through it, each step a plain function:

    ground = prepare(clinic)                      capacity alone; keep it between requests
    field = survey(ground, bookings, request)     where each visit can start, given the bookings
    propose(field)                                up to three named, ranked, exact proposals

The rest of the public interface:

    plan(clinic, bookings, request)               the optimum or None, nothing kept (cold)
    alternatives(tables, wanted)                  after tabulate(field, request.weights) and best(tables)
    explain(clinic, bookings, request, ground)    why there is none, and single relaxations
    relaxations(clinic, request)                  the request with each single relaxation taken
    options(field, infusions, k)                  day -> starts with a chair for visit k, the others staying
    breaks(clinic, bookings, request, infusions, k, day, minute)
                                                  all that visit k there would break, in words
    why_cost(clinic, bookings, request, infusions)
                                                  the objective, term by term and visit by visit
    recheck(clinic, bookings, wishes)             inside the lock: what each visit to book breaks now
    standing_faults(clinic, bookings)             what each standing visit breaks of what capacity asks
    openings(clinic, bookings, site, minutes, days)
                                                  when which clinician is free for a consultation
    load_profile(clinic, bookings, site, day)     nurse units and limit by slot
    check(clinic, bookings, request, plan)        R1 to R13 on a finished plan
    read_clinic, read_request, answer_json        the files

`window(request)` says which days' bookings to read for a plan, `relaxed_window(request)`
which for an explanation; bookings are columns (`Bookings`), and `wall_columns` makes two of
them from UTC seconds. Everything else is a frozen dataclass; times of day are minutes.
"""

from scheduler.planning.booking_check import LoadSlot, Wish, load_profile, recheck
from scheduler.planning.bookings import NO_CHAIR, Bookings
from scheduler.planning.checker import check
from scheduler.planning.clinic import Chair, Clinic, Closure, Phase, Presence, SessionType, Shift, Site
from scheduler.planning.clinic_file import read_clinic
from scheduler.planning.consulting import Opening, openings
from scheduler.planning.costs import Cost, Term, why_cost
from scheduler.planning.explaining import explain, relaxations, relaxed_window
from scheduler.planning.ground import Ground, prepare, window
from scheduler.planning.localtime import NoSuchTimeError, exists, moment, to_wall, wall_columns
from scheduler.planning.masks import Field, survey
from scheduler.planning.optimum import best, plan
from scheduler.planning.plan_file import answer_json
from scheduler.planning.programme import Tables, tabulate
from scheduler.planning.proposals import Proposal, propose
from scheduler.planning.ranked import alternatives
from scheduler.planning.reading import FormatError
from scheduler.planning.request import Availability, Blackout, Preference, Protocol, Request, Weights
from scheduler.planning.request_file import read_request
from scheduler.planning.results import (
    Explanation,
    Impasse,
    Plan,
    PlannedInfusion,
    Relaxation,
    really_different,
)
from scheduler.planning.standing import standing_faults
from scheduler.planning.violation import Fault, Violation
from scheduler.planning.whatif import Option, breaks, options

__all__ = [
    "NO_CHAIR",
    "Availability",
    "Blackout",
    "Bookings",
    "Chair",
    "Clinic",
    "Closure",
    "Cost",
    "Explanation",
    "Fault",
    "Field",
    "FormatError",
    "Ground",
    "Impasse",
    "LoadSlot",
    "NoSuchTimeError",
    "Opening",
    "Option",
    "Phase",
    "Plan",
    "PlannedInfusion",
    "Preference",
    "Presence",
    "Proposal",
    "Protocol",
    "Relaxation",
    "Request",
    "SessionType",
    "Shift",
    "Site",
    "Tables",
    "Term",
    "Violation",
    "Weights",
    "Wish",
    "alternatives",
    "answer_json",
    "best",
    "breaks",
    "check",
    "exists",
    "explain",
    "load_profile",
    "moment",
    "openings",
    "options",
    "plan",
    "prepare",
    "propose",
    "read_clinic",
    "read_request",
    "really_different",
    "recheck",
    "relaxations",
    "relaxed_window",
    "standing_faults",
    "survey",
    "tabulate",
    "to_wall",
    "wall_columns",
    "why_cost",
    "window",
]
