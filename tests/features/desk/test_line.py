"""A course in one line, with its gaps."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.features.desk.line import Limits, Stop, VisitRow, line_of
from scheduler.features.ratings.timing import Lack
from scheduler.models import InfusionStatus, TimePoint

TODAY = date(2026, 11, 2)
ZONE = ZoneInfo("America/New_York")
LIMITS = Limits(least=2, most=3, most_recovering=5)


def visit(number: int, status: str, offset: int, reason: str | None = None) -> VisitRow:
    day = TODAY + timedelta(days=offset)
    start = datetime(day.year, day.month, day.day, 9, 30, tzinfo=ZONE)
    return VisitRow(
        number * 100 + offset,
        number,
        InfusionStatus(status),
        reason,
        False,
        None,
        start,
        start + timedelta(hours=2),
        day,
        "Chair 1",
    )


def line(*visits: VisitRow) -> list[Stop]:
    return line_of(visits, LIMITS, {}, TODAY)


def test_gaps_are_calendar_days_and_the_last_visit_has_none() -> None:
    stops = line(visit(1, "completed", -2), visit(2, "scheduled", 0), visit(3, "scheduled", 3))
    assert [(stop.gap, stop.gap_bad) for stop in stops] == [
        ("2 days", False),
        ("3 days", False),
        (None, False),
    ]
    assert [stop.when for stop in stops] == ["31 Oct, 09:30", "2 Nov, 09:30", "5 Nov, 09:30"]


def test_a_gap_outside_the_protocol_says_what_it_should_be() -> None:
    stops = line(visit(1, "completed", -5), visit(2, "completed", -1), visit(3, "scheduled", 0))
    assert [(stop.gap, stop.gap_bad) for stop in stops[:2]] == [
        ("4 days, not 3", True),
        ("1 day, not 2", True),
    ]


def test_after_a_missed_visit_the_wider_limits_hold_and_the_gap_stands_behind_it() -> None:
    stops = line(visit(1, "completed", -5), visit(2, "missed", -3), visit(2, "scheduled", 0))
    assert [(stop.gap, stop.gap_bad) for stop in stops] == [(None, False), ("5 days", False), (None, False)]
    wide = line(visit(1, "completed", -6), visit(2, "missed", -3), visit(2, "scheduled", 0))
    assert wide[1].gap == "6 days, not 5"


def test_a_gap_over_the_clock_change_counts_days_not_hours() -> None:
    before = visit(1, "completed", -2)  # 31 October; the clocks go back on 1 November.
    assert line(before, visit(2, "scheduled", 0))[0].gap == "2 days"


def test_each_visit_says_its_chair_its_state_and_why_it_was_lost() -> None:
    stops = line(visit(1, "missed", -3, "Did not come"), visit(2, "scheduled", 1))
    assert stops[0].lines == (("Chair 1", ""), ("Missed: Did not come", "bad"))
    assert stops[1].lines == (("Chair 1", ""), ("Scheduled", ""))


def test_a_rating_that_waits_is_written_out() -> None:
    lacks = {one.infusion_id: (Lack(TimePoint.POST_2H, is_over=False),) for one in [visit(1, "completed", 0)]}
    stops = line_of([visit(1, "completed", 0)], LIMITS, lacks, TODAY)
    assert stops[0].lines[-1] == ("Rating 2 hours after is due", "care")
