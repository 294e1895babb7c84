"""Baseline, change, response and remission."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.features.ratings.instruments import ANXIETY_NOW, GAD2, GAD7
from scheduler.features.ratings.progress import (
    Progress,
    Series,
    Value,
    baseline_of,
    is_response,
    progress,
    response_line,
)
from scheduler.models import TimePoint

START = datetime(2026, 10, 19, 13, 20, tzinfo=UTC)
DAY = timedelta(days=1)


def series(*totals: int | None, before: int = 1) -> Series:
    """Daily totals, the first `before` of them before the first infusion."""
    values = [
        Value(START + DAY * (at - before) + DAY / 2, TimePoint.WEEKLY, total)
        for at, total in enumerate(totals)
    ]
    return Series(GAD7, tuple(values))


def test_change_response_and_remission_have_their_days() -> None:
    found = progress(series(17, 12, 8, 9, 4), START)
    assert found.baseline is not None
    assert found.last is not None
    assert (found.baseline.total, found.last.total, found.change, found.percent) == (17, 4, -13, -76)
    assert (found.responded_at, found.remitted_at) == (START + DAY * 1.5, START + DAY * 3.5)
    assert (found.responds, found.remits, found.is_worse, found.is_meaningful) == (True, True, False, True)
    assert found.age(START + DAY * 10) == DAY * 6.5


def test_a_response_that_was_lost_keeps_its_day_and_says_that_it_does_not_hold() -> None:
    found = progress(series(16, 8, 9), START)
    assert found.responded_at is not None
    assert (found.responds, found.best) == (False, 8)


def test_the_baseline_is_the_last_complete_one_before_the_first_infusion() -> None:
    base = baseline_of(series(18, 14, None, 3, before=3), START)
    assert base is not None
    assert base.total == 14


def test_worsening_takes_the_reliable_change_and_where_there_is_none_the_meaningful() -> None:
    assert progress(series(8, 13), START).is_worse is False
    assert progress(series(8, 14), START).is_worse is True
    now = Series(ANXIETY_NOW, series(4, 6).values)
    assert progress(now, START).is_worse is True
    assert progress(Series(GAD2, now.values), START).is_worse is None


def test_nothing_is_judged_against_a_baseline_of_0_or_without_one() -> None:
    nought = progress(series(0, 0, 7), START)
    assert (nought.change, nought.percent, nought.responds, nought.remits) == (7, None, None, None)
    assert nought.is_worse is True
    assert progress(series(9, 3, before=0), START).responds is None
    assert progress(series(None), START) == Progress()


def test_who_began_below_the_mark_does_not_come_to_remission() -> None:
    found = progress(series(4, 2), START)
    assert (found.remits, found.remitted_at, found.responds) == (None, None, True)


@settings(max_examples=50)
@given(st.integers(1, 21), st.lists(st.none() | st.integers(0, 21), min_size=1, max_size=12))
def test_a_response_is_a_fall_of_at_least_half_and_a_gap_is_no_zero(
    base: int, later: list[int | None]
) -> None:
    found = progress(series(base, *later), START)
    known = [total for total in later if total is not None]
    assert (found.responded_at is not None) == any(2 * total <= base for total in known)
    assert all(is_response(base, total) == (total <= response_line(base)) for total in known)
    if known:
        assert (found.change, found.best) == (known[-1] - base, min(known))
        assert found.responds == (2 * known[-1] <= base)
        assert abs((found.percent or 0) - 100 * (known[-1] - base) / base) <= 0.5
    else:
        assert found.change is None
