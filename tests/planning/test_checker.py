"""The checker finds each rule broken, one at a time."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduler.planning import (
    Bookings,
    Clinic,
    Closure,
    Fault,
    Plan,
    PlannedInfusion,
    Request,
    Violation,
    check,
)
from tests.planning.small_clinic import CLINIC, DAY, NO_BOOKINGS, REQUEST, booked, infusion, the_plan


def _only(
    plan: Plan | None = None,
    clinic: Clinic = CLINIC,
    bookings: Bookings = NO_BOOKINGS,
    request: Request = REQUEST,
) -> Violation:
    """The one rule that is broken."""
    faults = check(clinic, bookings, request, plan or the_plan())
    assert len(faults) == 1, faults
    return faults[0]


def _with(k: int, **changes: object) -> Plan:
    plan = the_plan()
    infusions = [replace(each, **changes) if each.k == k else each for each in plan.infusions]
    return replace(plan, infusions=tuple(infusions))


def _at(k: int, day: date, minute: int) -> Plan:
    return _with(k, start=infusion(k, day, minute).start)


def test_a_right_plan_breaks_nothing() -> None:
    assert check(CLINIC, NO_BOOKINGS, REQUEST, the_plan()) == []


def test_a_start_off_the_step_breaks_r1() -> None:
    fault = _only(_at(2, DAY + timedelta(days=2), 9 * 60 + 10), replace(CLINIC, start_step_min=30))
    assert (fault.rule, fault.k, fault.words) == ("R1", 2, "Visits start every 30 minutes.")


def test_a_wrong_offset_breaks_r1() -> None:
    start = the_plan().infusions[0].start
    wrong = start.replace(tzinfo=ZoneInfo("America/New_York"))
    assert _only(_with(1, start=wrong)).rule == "R1"


def test_seconds_break_r1() -> None:
    start = the_plan().infusions[0].start
    assert _only(_with(1, start=start.replace(second=5))).rule == "R1"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"chair": "nowhere"}, Fault.UNKNOWN_CHAIR),
        ({"site": "South"}, Fault.OTHER_SITE),
    ],
)
def test_a_place_that_is_not_asked_for_breaks_r2(changes: dict[str, str], fault: Fault) -> None:
    faults = check(CLINIC, NO_BOOKINGS, REQUEST, _with(1, **changes))
    assert (faults[0].rule, faults[0].fault) == ("R2", fault)


def test_a_chair_of_the_wrong_type_breaks_r2() -> None:
    faults = check(CLINIC, NO_BOOKINGS, replace(REQUEST, chair_type="bed"), the_plan())
    assert {fault.fault for fault in faults} == {Fault.CHAIR_TYPE}


def test_two_sites_in_one_course_break_r2() -> None:
    request = replace(REQUEST, sites=("North", "South"))
    fault = _only(_with(1, site="South", chair="S1"), request=request)
    assert (fault.rule, fault.k) == ("R2", None)


@pytest.mark.parametrize(
    ("clinic", "fault"),
    [
        (replace(CLINIC, horizon_days=4), Fault.OUTSIDE_HORIZON),
        (replace(CLINIC, holidays=frozenset({DAY + timedelta(days=2)})), Fault.HOLIDAY),
    ],
)
def test_a_day_the_clinic_does_not_plan_breaks_r3(clinic: Clinic, fault: Fault) -> None:
    assert _only(clinic=clinic).fault == fault


def test_a_visit_outside_opening_hours_breaks_r3() -> None:
    faults = check(CLINIC, NO_BOOKINGS, REQUEST, _at(1, DAY, 7 * 60 + 50))
    assert (faults[0].rule, faults[0].words) == ("R3", "The visit would be outside opening hours.")


def test_a_visit_past_midnight_breaks_r3() -> None:
    faults = check(CLINIC, NO_BOOKINGS, REQUEST, _at(1, DAY, 23 * 60 + 50))
    assert faults[0].words == "The visit would run past midnight."


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ({"chair": "N1"}, "Chair N1 is closed: repairs."),
        ({"site": "North"}, "The clinic is closed: repairs."),
        ({}, "The clinic is closed: repairs."),
        ({"site": "North", "chair": "N1"}, "Chair N1 is closed: repairs."),
    ],
)
def test_a_closure_in_the_visit_breaks_r4(where: dict[str, str], words: str) -> None:
    start = datetime(DAY.year, DAY.month, DAY.day, 9, 45)  # noqa: DTZ001 - wall time
    closure = Closure(start, start + timedelta(minutes=5), **where, reason="repairs")
    fault = _only(clinic=replace(CLINIC, closures=(closure,)))
    assert (fault.rule, fault.words, fault.reason) == ("R4", words, "repairs")


@pytest.mark.parametrize("where", [{"chair": "N2"}, {"site": "South"}, {"site": "South", "chair": "N1"}])
def test_a_closure_elsewhere_breaks_nothing(where: dict[str, str]) -> None:
    start = datetime(DAY.year, DAY.month, DAY.day, 9, 45)  # noqa: DTZ001 - wall time
    closure = Closure(start, start + timedelta(minutes=5), **where)
    assert check(replace(CLINIC, closures=(closure,)), NO_BOOKINGS, REQUEST, the_plan()) == []


def test_a_taken_chair_breaks_r5() -> None:
    fault = _only(bookings=booked(("N1", DAY, 9 * 60 + 50)))
    assert (fault.rule, fault.fault, fault.words) == ("R5", Fault.CHAIR_TAKEN, "Chair N1 is taken then.")


def test_visits_that_touch_do_not_meet_but_turnover_parts_them() -> None:
    before = booked(("N1", DAY, 8 * 60))
    plan = the_plan()
    assert check(CLINIC, before, REQUEST, plan) == []
    sites = tuple(replace(site, turnover_slots=1) for site in CLINIC.sites)
    assert _only(clinic=replace(CLINIC, sites=sites), bookings=before).rule == "R5"
    after = booked(("N1", DAY, 10 * 60))
    assert _only(clinic=replace(CLINIC, sites=sites), bookings=after).rule == "R5"


def test_too_few_nurses_break_r6() -> None:
    bookings = booked(("N2", DAY, 9 * 60), ("N3", DAY, 9 * 60))
    fault = _only(bookings=bookings)
    assert (fault.rule, fault.words) == ("R6", "The nurses are full at 09:00.")


def test_no_nurse_breaks_r6_even_where_none_is_needed() -> None:
    shifts = tuple(s for s in CLINIC.nurse_shifts if s.day != DAY)
    kind = CLINIC.session_types[0]
    resting = replace(kind, phases=tuple(replace(phase, nurse_load=0) for phase in kind.phases))
    clinic = replace(CLINIC, session_types=(resting,))
    assert check(replace(clinic, nurse_shifts=shifts), NO_BOOKINGS, REQUEST, the_plan()) == []
    crowded = replace(clinic, session_types=(resting, replace(kind, name="other")), nurse_shifts=shifts)
    bookings = booked(("N2", DAY, 9 * 60), clinic=crowded, kind="other")
    fault = _only(clinic=crowded, bookings=bookings)
    assert (fault.rule, fault.words) == ("R6", "No nurse is on duty at 09:00.")


def test_a_break_takes_the_nurse_away() -> None:
    shifts = tuple(replace(s, breaks=((9 * 60, 9 * 60 + 30),)) for s in CLINIC.nurse_shifts if s.day == DAY)
    others = tuple(s for s in CLINIC.nurse_shifts if s.day != DAY)
    assert _only(clinic=replace(CLINIC, nurse_shifts=(*shifts, *others))).rule == "R6"


def test_no_clinician_breaks_r7() -> None:
    present = tuple(p for p in CLINIC.clinician_presence if p.day != DAY)
    fault = _only(clinic=replace(CLINIC, clinician_presence=present))
    assert (fault.rule, fault.words) == ("R7", "No clinician is there at 09:20.")


def test_the_patients_own_hours_and_days_away_are_r8() -> None:
    windows = dict.fromkeys(range(7), ((8 * 60, 9 * 60 + 30), (9 * 60 + 30, 12 * 60)))
    availability = replace(REQUEST.availability, weekly=windows)
    faults = check(CLINIC, NO_BOOKINGS, replace(REQUEST, availability=availability), the_plan())
    assert [fault.fault for fault in faults] == [Fault.PATIENT_HOURS] * 3
    assert faults[0].words == "The patient can come 08:00 to 09:30 or 09:30 to 12:00 that day."


def test_missing_or_doubled_visits_break_r9() -> None:
    plan = the_plan()
    assert _only(replace(plan, infusions=plan.infusions[:2])).rule == "R9"
    assert _only(replace(plan, infusions=(plan.infusions[0], *plan.infusions[:2]))).rule == "R9"


@pytest.mark.parametrize(
    ("days", "rule", "words"),
    [
        ((0, 1, 4), "R10", "Visit 2 would come 1 day after visit 1, too soon: at least 2 days."),
        ((0, 2, 7), "R10", "Visit 3 would come 5 days after visit 2, too late: at most 4 days."),
        ((0, 2, 2), "R10", "Visit 3 would come on the same day as visit 2."),
        ((0, 4, 2), "R10", "Visit 3 would come before visit 2."),
        ((0, 4, 8), "R11", "The course would take 9 days, too long: at most 7 days."),
        ((1, 3, 5), "R12", "Visit 1 would be 1 day after the last day asked for."),
    ],
)
def test_spacing_is_told_in_words(days: tuple[int, int, int], rule: str, words: str) -> None:
    infusions = tuple(infusion(k, DAY + timedelta(days=d), 9 * 60) for k, d in enumerate(days, start=1))
    faults = check(CLINIC, NO_BOOKINGS, REQUEST, Plan(0, infusions))
    assert (rule, words) in [(fault.rule, fault.words) for fault in faults]


def test_a_span_too_short_breaks_r11_and_a_start_too_early_r12() -> None:
    longer = replace(REQUEST, protocol=replace(REQUEST.protocol, span_min=6))
    assert _only(request=longer).words == "The course would take 5 days, too short: at least 6 days."
    later = replace(REQUEST, first_day_min=DAY + timedelta(days=1), first_day_max=DAY + timedelta(days=1))
    fault = _only(request=later)
    assert (fault.rule, fault.fault, fault.days) == ("R12", Fault.FIRST_DAY_EARLY, 1)


def test_a_wrong_objective_breaks_r13() -> None:
    plan = the_plan()
    assert _only(replace(plan, objective=plan.objective + 1)).rule == "R13"


def test_a_planned_infusion_knows_its_local_day_and_minute() -> None:
    each = PlannedInfusion(1, "North", "N1", "visit", datetime(2026, 10, 12, 9, 30, tzinfo=CLINIC.zone))
    assert (each.day, each.minute) == (date(2026, 10, 12), 570)
