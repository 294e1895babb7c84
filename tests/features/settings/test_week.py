"""The roster says who is on duty, who is away and why, and where nobody is."""

from datetime import date, timedelta

from scheduler.features.capacity.queries.duty import laid_over
from scheduler.features.settings.week import Roster, roster
from scheduler.models import Duty, DutyException, DutyPattern, OpeningHours, Site

MONDAY = date(2026, 11, 2)
NAMES = {1: "Ben Carver", 2: "Ida Olsen", 3: "Dr Helen Marsh"}


def pattern(user: int, weekdays: range, *, site: int = 1, duty: Duty = Duty.NURSE) -> list[DutyPattern]:
    return [
        DutyPattern(
            user_id=user,
            site_id=site,
            duty=duty,
            weekday=weekday,
            from_minute=480,
            to_minute=1080,
            breaks=[[720, 750]],
            valid_from=date(2026, 1, 1),
        )
        for weekday in weekdays
    ]


def week_of(site: int, patterns: list[DutyPattern], exceptions: list[DutyException]) -> Roster:
    place = Site(
        id=site, hours=[OpeningHours(weekday=day, from_minute=480, to_minute=1080) for day in range(5)]
    )
    stretches = laid_over(
        [(row, None) for row in patterns if row.site_id == site],
        [(row, None) for row in exceptions],
        frozenset({site}),
        MONDAY,
        MONDAY + timedelta(days=6),
    )
    return roster(place, MONDAY, stretches, patterns, exceptions, NAMES)


def test_a_week_shows_each_person_by_name_with_the_hours_of_the_week() -> None:
    shown = week_of(1, pattern(2, range(2)) + pattern(1, range(5)), [])
    assert [row.name for row in shown.nurses] == ["Ben Carver", "Ida Olsen"]
    assert [row.minutes for row in shown.nurses] == [5 * 570, 2 * 570]
    assert [bool(cell.stretches) for cell in shown.nurses[1].cells] == [True, True] + [False] * 5


def test_somebody_away_is_shown_away_with_the_reason_and_only_where_they_would_have_been() -> None:
    away = [DutyException(user_id=1, duty=Duty.NURSE, day=MONDAY, breaks=[], reason="Training")]
    cell = week_of(1, pattern(1, range(5)), away).nurses[0].cells[0]
    assert (cell.away, cell.reason, cell.stretches) == (True, "Training", ())
    assert week_of(2, pattern(1, range(5)), away).nurses == ()


def test_somebody_who_stands_in_is_shown_with_the_reason() -> None:
    hours = {"site_id": 1, "from_minute": 600, "to_minute": 660, "breaks": []}
    here = DutyException(user_id=2, duty=Duty.NURSE, day=MONDAY, reason="For Ben", **hours)
    shown = week_of(1, pattern(1, range(5)), [here])
    cell = next(row for row in shown.nurses if row.name == "Ida Olsen").cells[0]
    assert (cell.differs, cell.away, cell.reason) == (True, False, "For Ben")


def test_open_days_without_a_nurse_or_a_clinician_are_named_and_closed_days_are_not() -> None:
    shown = week_of(1, pattern(1, range(4)) + pattern(3, range(1, 5), duty=Duty.CLINICIAN), [])
    assert shown.without_nurse == (MONDAY + timedelta(days=4),)
    assert shown.without_clinician == (MONDAY,)
