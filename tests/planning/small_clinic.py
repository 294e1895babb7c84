"""A clinic of two sites with two nurses and three chairs each, and a plan of three visits in it."""

from datetime import date, timedelta

from scheduler.planning import (
    Availability,
    Bookings,
    Chair,
    Clinic,
    Phase,
    Plan,
    PlannedInfusion,
    Presence,
    Protocol,
    Request,
    SessionType,
    Shift,
    Site,
    moment,
)

DAY = date(2026, 10, 12)
NO_BOOKINGS = Bookings.none()
_DAYS = [DAY + timedelta(days=day) for day in range(14)]

CLINIC = Clinic(
    tz="Europe/Berlin",
    slot_min=10,
    horizon_start=DAY,
    horizon_days=14,
    session_types=(
        SessionType("visit", (Phase("preparation", 20, 12), Phase("infusion", 40, 3, clinician=True))),
    ),
    sites=tuple(
        Site(
            name, dict.fromkeys(range(7), ((480, 1080),)), tuple(Chair(f"{name[0]}{at}") for at in (1, 2, 3))
        )
        for name in ("North", "South")
    ),
    nurse_shifts=tuple(
        Shift(f"{site}-{nurse}", site, day, 480, 1080)
        for site in ("North", "South")
        for nurse in range(2)
        for day in _DAYS
    ),
    clinician_presence=tuple(Presence(site, day, 480, 1080) for site in ("North", "South") for day in _DAYS),
)

REQUEST = Request(
    id="r",
    sites=("North",),
    protocol=Protocol(3, ("visit",) * 3, gap_min=2, gap_max=4, gap_target=2, span_min=5, span_max=7),
    first_day_min=DAY,
    first_day_max=DAY,
    availability=Availability(dict.fromkeys(range(7), ((480, 1080),))),
)


def infusion(k: int, day: date, minute: int, chair: str = "N1") -> PlannedInfusion:
    """Visit `k` at the north site."""
    return PlannedInfusion(k, "North", chair, "visit", moment(CLINIC.zone, day, minute))


def the_plan() -> Plan:
    """Three visits at 09:00, two days apart: nothing counts against it."""
    return Plan(0, tuple(infusion(k, DAY + timedelta(days=2 * k - 2), 540) for k in (1, 2, 3)))


def booked(*rows: tuple[str, date, int], clinic: Clinic = CLINIC, kind: str = "visit") -> Bookings:
    """Standing visits at the north site: (chair, day, minute)."""
    return Bookings.of(clinic, [("North", chair, day, minute, kind) for chair, day, minute in rows])
