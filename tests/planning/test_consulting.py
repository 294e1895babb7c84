"""A consultation takes a clinician's time, and no infusion loses the clinician it needs by that."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from scheduler.planning import (
    Bookings,
    Chair,
    Clinic,
    Closure,
    Opening,
    Phase,
    Presence,
    SessionType,
    Site,
    openings,
    standing_faults,
)

DAY = date(2026, 11, 3)
VISIT = SessionType("visit", (Phase("Preparation", 20, 12), Phase("Infusion", 40, 3, clinician=True)))
SITE = Site("A", {1: ((540, 720),)}, (Chair("one"), Chair("two")))


def clinic(*presence: tuple[str, int, int], closures: tuple[Closure, ...] = ()) -> Clinic:
    """Open that Tuesday from 9 to 12; these clinicians are there from and to these minutes."""
    return Clinic(
        tz="America/New_York",
        slot_min=10,
        horizon_start=DAY,
        horizon_days=1,
        session_types=(VISIT,),
        sites=(SITE,),
        nurse_shifts=(),
        clinician_presence=tuple(Presence("A", DAY, start, end, name) for name, start, end in presence),
        closures=closures,
    )


def found(place: Clinic, *starts: int, back: tuple[Presence, ...] = ()) -> list[Opening]:
    """What is free beside visits that start at these minutes."""
    rows = [("A", "one", DAY, minute, "visit") for minute in starts]
    return openings(place, Bookings.of(place, rows), "A", 15, (DAY, DAY), back)


def minutes(free: list[Opening], clinician: str) -> list[int]:
    """The starts of one clinician."""
    return [each.minute for each in free if each.clinician == clinician]


def test_a_consultation_lies_whole_inside_presence_and_opening_hours() -> None:
    free = found(clinic(("ada", 525, 575)))
    assert minutes(free, "ada") == [540, 545, 550, 555, 560]


def test_it_starts_on_a_grid_of_five_minutes() -> None:
    assert minutes(found(clinic(("ada", 542, 572))), "ada") == [545, 550, 555]


def test_the_only_clinician_stays_with_an_infusion() -> None:
    free = found(clinic(("ada", 540, 660)), 570)  # the infusion itself takes from 590 to 630
    assert minutes(free, "ada") == [*range(540, 580, 5), *range(630, 650, 5)]


def test_a_second_clinician_sets_the_first_one_free() -> None:
    free = found(clinic(("ada", 540, 660), ("ben", 540, 660)), 570)
    assert minutes(free, "ada") == minutes(free, "ben") == [*range(540, 650, 5)]


def test_two_clinicians_never_both_leave_one_infusion() -> None:
    """Ada is in a consultation from 10:00 to 10:15: the planner counts her out until 10:20."""
    free = found(clinic(("ada", 540, 600), ("ada", 615, 660), ("ben", 540, 660)), 570)
    assert not {*minutes(free, "ben")} & {*range(590, 620, 5)}
    assert 620 in minutes(free, "ben")


def test_a_closure_of_the_site_closes_it_for_consultations_too() -> None:
    midnight = datetime(2026, 11, 3)  # noqa: DTZ001 - wall time
    shut = Closure(midnight + timedelta(hours=9, minutes=30), midnight + timedelta(hours=10, minutes=30), "A")
    free = found(clinic(("ada", 540, 660), closures=(shut,)))
    assert minutes(free, "ada") == [540, 545, 550, 555, *range(630, 650, 5)]


def test_what_is_about_to_move_leaves_its_own_time_free() -> None:
    place = clinic(("ada", 540, 570), ("ada", 585, 660))
    assert 580 not in minutes(found(place), "ada")
    assert 580 in minutes(found(place, back=(Presence("A", DAY, 570, 585, "ada"),)), "ada")


def test_the_rule_for_visits_agrees_with_every_time_that_is_offered() -> None:
    """The judge of standing visits knows nothing of consultations: it sees presence with a hole in it."""
    place = clinic(("ada", 540, 600), ("ada", 615, 700), ("ben", 540, 640))
    bookings = Bookings.of(place, [("A", "one", DAY, 560, "visit"), ("A", "two", DAY, 610, "visit")])
    free = openings(place, bookings, "A", 15, (DAY, DAY))
    assert free
    for each in free:
        left = [cut for one in place.clinician_presence for cut in without(one, each)]
        faults = standing_faults(replace(place, clinician_presence=tuple(left)), bookings)
        assert "R7" not in {fault.rule for of_visit in faults for fault in of_visit}, each


def without(presence: Presence, taken: Opening) -> list[Presence]:
    """A presence with the consultation cut out of it."""
    if presence.clinician != taken.clinician:
        return [presence]
    parts = [
        replace(presence, end=min(presence.end, taken.minute)),
        replace(presence, start=max(presence.start, taken.minute + 15)),
    ]
    return [part for part in parts if part.start < part.end]
