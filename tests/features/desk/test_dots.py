"""The six dots of a course."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler.features.desk.dots import completed, of_how_many, six
from scheduler.models import InfusionStatus

TODAY = date(2026, 11, 2)


@dataclass(frozen=True)
class Row:
    number: int
    status: InfusionStatus
    local_day: date
    stopped_early: bool = False
    counts: bool | None = None

    @property
    def starts_at(self) -> datetime:
        return datetime.combine(self.local_day, datetime.min.time(), UTC)


def row(number: int, status: str, offset: int) -> Row:
    return Row(number, InfusionStatus(status), TODAY + timedelta(days=offset))


def test_a_course_shows_what_is_done_what_is_today_and_what_comes() -> None:
    rows = [row(1, "completed", -3), row(2, "scheduled", 0), row(3, "scheduled", 3)]
    assert six(rows, TODAY, 0) == ["done", "today", "open"]


def test_an_infusion_that_was_stopped_is_filled_only_once_a_clinician_says_that_it_counts() -> None:
    stopped = replace(row(1, "completed", -3), stopped_early=True)
    rows = [stopped, replace(stopped, number=2, counts=False), replace(stopped, number=3, counts=True)]
    assert six(rows, TODAY, 3) == ["stopped", "left", "done", "open"]


def test_what_does_not_count_is_made_up_for_and_four_of_six_stays_of_six() -> None:
    left = replace(row(2, "completed", -3), stopped_early=True, counts=False)
    rows = [row(1, "completed", -5), left, row(3, "scheduled", 0)]
    dots = six(rows, TODAY, 6)
    assert dots == ["done", "left", "today", "open", "open", "open", "open"]
    assert (completed(dots), of_how_many(dots)) == (1, 6)
    assert of_how_many(six([*rows, row(7, "scheduled", 9)], TODAY, 6)) == 6
    assert of_how_many(six([row(7, "scheduled", 9)], TODAY, 6)) == 7  # It really has more.


def test_a_replacement_takes_the_dot_of_the_visit_that_was_missed() -> None:
    rows = [row(1, "completed", -5), row(2, "missed", -3), row(2, "completed", -2), row(3, "scheduled", 1)]
    assert six(rows, TODAY, 0) == ["done", "done", "open"]


def test_a_missed_visit_without_a_replacement_stays_visible() -> None:
    assert six([row(1, "missed", -3), row(2, "cancelled", 2)], TODAY, 0) == ["missed", "cancelled"]


def test_of_two_that_were_lost_the_later_one_is_shown() -> None:
    assert six([row(1, "missed", -3), row(1, "cancelled", 1)], TODAY, 0) == ["cancelled"]
    assert six([row(1, "cancelled", 1), row(1, "missed", -3)], TODAY, 0) == ["cancelled"]


def test_only_completed_visits_count() -> None:
    assert completed(["done", "done", "today", "open", "missed", "cancelled"]) == 2


def test_a_number_without_a_date_is_open() -> None:
    assert six([row(1, "completed", -3)], TODAY, 3) == ["done", "open", "open"]


def test_a_visit_in_the_chair_is_today_even_past_midnight() -> None:
    assert six([row(1, "in_progress", -1)], TODAY, 0) == ["today"]


Rows = st.lists(st.builds(row, st.integers(1, 6), st.sampled_from(list(InfusionStatus)), st.integers(-9, 9)))


@given(Rows)
def test_every_number_has_one_dot_whatever_happened_to_it(rows: list[Row]) -> None:
    dots = six(rows, TODAY, 0)
    assert len(dots) == len({row.number for row in rows})
    if len({(row.number, row.local_day) for row in rows}) == len(rows):
        assert dots == six(list(reversed(rows)), TODAY, 0)
