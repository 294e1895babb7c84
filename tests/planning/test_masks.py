"""Fields at their edges: nothing to sit on, nothing open, nothing in sight."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scheduler.planning import (
    Bookings,
    Clinic,
    Phase,
    Request,
    SessionType,
    alternatives,
    best,
    explain,
    plan,
    prepare,
    propose,
    survey,
    tabulate,
)
from tests.planning.small_clinic import CLINIC, DAY, NO_BOOKINGS, REQUEST, booked

NOWHERE = replace(CLINIC, sites=tuple(replace(site, chairs=()) for site in CLINIC.sites))
NEVER_OPEN = replace(CLINIC, sites=tuple(replace(site, hours={}) for site in CLINIC.sites))
LATER = replace(REQUEST, first_day_min=DAY + timedelta(days=90), first_day_max=DAY + timedelta(days=95))
EARLIER = replace(REQUEST, first_day_min=DAY - timedelta(days=90), first_day_max=DAY - timedelta(days=85))
LONG = replace(CLINIC, session_types=(SessionType("visit", (Phase("all", 1440, 1),)),))


@pytest.mark.parametrize(
    ("clinic", "request_"),
    [
        (NOWHERE, REQUEST),
        (NEVER_OPEN, REQUEST),
        (CLINIC, LATER),
        (CLINIC, EARLIER),
        (CLINIC, replace(REQUEST, chair_type="bath")),
        (LONG, REQUEST),
        (replace(CLINIC, nurse_shifts=(), clinician_presence=()), REQUEST),
        (CLINIC, replace(REQUEST, protocol=replace(REQUEST.protocol, span_min=50, span_max=60))),
    ],
    ids=["no chair", "never open", "too late", "too early", "no such chair", "too long", "no staff", "span"],
)
def test_what_cannot_be_is_answered_and_explained(clinic: Clinic, request_: Request) -> None:
    assert plan(clinic, NO_BOOKINGS, request_) is None
    field = survey(prepare(clinic), NO_BOOKINGS, request_)
    assert best(tabulate(field, request_.weights)) is None
    assert propose(field) == []
    assert alternatives(tabulate(field, request_.weights), 2) == []
    assert set(explain(clinic, NO_BOOKINGS, request_).sites) == {"North"}


def test_bookings_of_other_days_and_sites_do_not_count() -> None:
    far = Bookings.of(CLINIC, [("South", f"S{n}", DAY, 540, "visit") for n in (1, 2, 3)])
    late = booked(*[(f"N{n}", DAY + timedelta(days=13), 540) for n in (1, 2, 3)])
    assert plan(CLINIC, far.plus(late), REQUEST) == plan(CLINIC, NO_BOOKINGS, REQUEST)


def test_a_patient_keeps_one_chair_where_that_can_be() -> None:
    rows = [("N1", DAY + timedelta(days=2), minute) for minute in range(480, 1080, 60)]
    found = plan(CLINIC, booked(*rows), REQUEST)
    assert found is not None
    assert {infusion.chair for infusion in found.infusions} == {"N2"}
