"""When ratings are asked for, over a whole course."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.features.ratings.occasions import (
    CourseFacts,
    Occasion,
    Slot,
    State,
    VisitFacts,
    occasions,
)
from scheduler.features.ratings.plan import USUAL, plan_of
from scheduler.features.ratings.timing import Hours
from scheduler.models import InfusionStatus, TimePoint

TZ = "America/New_York"
ZONE = ZoneInfo(TZ)
BOOKED = datetime(2026, 10, 1, 15, tzinfo=UTC)


def times(day: date, hour: int = 9) -> Hours:
    """A visit of two hours; its infusion begins after twenty minutes."""
    start = datetime(day.year, day.month, day.day, hour, tzinfo=ZONE).astimezone(UTC)
    return Hours(start, start + timedelta(hours=2), start + timedelta(minutes=20), start)


def course(days: list[date], done: int = 6, tz: str = TZ, is_over: bool = True) -> CourseFacts:
    visits = [
        VisitFacts(
            number,
            number,
            InfusionStatus.COMPLETED if number <= done else InfusionStatus.SCHEDULED,
            times(day),
        )
        for number, day in enumerate(days, 1)
    ]
    return CourseFacts(tz, len(days), BOOKED, is_over, visits)


def days_from(first: date, gaps: list[int]) -> list[date]:
    found = [first]
    for gap in gaps:
        found.append(found[-1] + timedelta(days=gap))
    return found


def by_slot(facts: CourseFacts) -> dict[Slot, Occasion]:
    return {one.slot: one for one in occasions(facts, USUAL)}


LOADING = days_from(date(2026, 10, 19), [2, 2, 3, 2, 2])


def test_a_course_asks_at_every_time_point_of_the_usual_plan() -> None:
    found = by_slot(course(LOADING))
    assert found[Slot(TimePoint.BASELINE)].asked == (("gad7", 1), ("phq9", 1))
    assert found[Slot(TimePoint.PRE, 4)].asked == (("anxiety_now", 1), ("gad7", 1))
    assert found[Slot(TimePoint.PRE, 3)].asked == (("anxiety_now", 1),)
    assert [one.week for one in found if one.point is TimePoint.WEEKLY] == list(range(1, 9))
    # Visits on days 0 and 2 leave no second to seventh day between them, a gap of three leaves one.
    assert [one.infusion_id for one in found if one.point is TimePoint.DAY_2_7] == [3, 6]


def test_a_plan_of_its_own_is_kept_as_it_was_stored() -> None:
    stored = {
        "primary": "phq9",
        "lines": [{"instrument": "phq9", "version": 1, "at": "weekly", "which": "each"}],
    }
    plan = plan_of(stored)
    assert plan.primary == "phq9"
    assert [one.slot.point for one in occasions(course(LOADING), plan)] == [TimePoint.WEEKLY] * 8


def test_the_baseline_ends_where_the_first_infusion_begins() -> None:
    baseline = by_slot(course(LOADING, done=0))[Slot(TimePoint.BASELINE)]
    assert baseline.closes_at == times(LOADING[0]).infusion_at
    assert baseline.due_at == datetime(2026, 10, 16, 13, tzinfo=UTC)  # Nine in New York, three days before.
    late = by_slot(CourseFacts(TZ, 1, times(LOADING[0]).ends_at, False, course(LOADING).visits[:1]))
    assert late[Slot(TimePoint.BASELINE)].due_at == baseline.closes_at


def test_states_go_from_ahead_over_due_and_late_to_missed_and_given_ends_them() -> None:
    one = by_slot(course(LOADING))[Slot(TimePoint.DAY_2_7, 6)]
    moments = [one.due_at - timedelta(seconds=1), one.due_at, one.late_at, one.closes_at]
    assert [one.state(at, ()) for at in moments] == [State.AHEAD, State.DUE, State.LATE, State.MISSED]
    given_all = [(one.slot, code) for code, _ in one.asked]
    assert [one.state(at, given_all) for at in moments] == [State.GIVEN] * 4
    assert one.lacking(given_all[:1]) == one.asked[1:]


def test_day_one_ends_where_the_next_infusion_of_that_day_begins() -> None:
    found = by_slot(course(days_from(date(2026, 10, 19), [1, 2])))
    assert found[Slot(TimePoint.DAY_1, 1)].closes_at == times(date(2026, 10, 20)).starts_at


def test_weeks_are_counted_after_the_last_completed_infusion_and_only_once_the_course_is_over() -> None:
    stopped = by_slot(course(LOADING, done=3))
    assert stopped[Slot(TimePoint.WEEKLY, week=1)].opens_at == datetime(2026, 10, 30, 4, tzinfo=UTC)
    assert not [one for one in by_slot(course(LOADING, is_over=False)) if one.point is TimePoint.WEEKLY]


@settings(max_examples=50)
@given(
    first=st.dates(date(2026, 1, 1), date(2026, 12, 1)),
    gaps=st.lists(st.integers(1, 12), max_size=7),
    tz=st.sampled_from(["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Santiago"]),
)
def test_whatever_the_gaps_and_the_clocks_windows_hold_their_days_and_never_reach_the_next_infusion(
    first: date, gaps: list[int], tz: str
) -> None:
    zone = ZoneInfo(tz)
    facts = course(days_from(first, gaps), done=9, tz=tz)
    dates = {visit.number: visit.times.starts_at.astimezone(zone).date() for visit in facts.visits}
    found = by_slot(facts)
    for slot, one in found.items():
        assert one.opens_at <= one.due_at <= one.late_at <= one.closes_at
        if slot.point is TimePoint.WEEKLY and slot.week > 1:
            assert one.opens_at == found[Slot(TimePoint.WEEKLY, week=slot.week - 1)].closes_at
    for number, day in dates.items():
        following = dates.get(number + 1)
        window = found.get(Slot(TimePoint.DAY_2_7, number))
        last = min(day + timedelta(days=7), (following or date.max) - timedelta(days=1))
        assert (window is not None) == (last >= day + timedelta(days=2))
        if window is not None:
            opens = window.opens_at.astimezone(zone)
            closes = (window.closes_at - timedelta(seconds=1)).astimezone(zone)
            assert (opens.date(), closes.date()) == (day + timedelta(days=2), last)
            assert (window.opens_at - timedelta(seconds=1)).astimezone(zone).date() < opens.date()
