"""The six dots of a course."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler.features.desk.dots import completed, six
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
    assert six(rows, TODAY) == ["done", "today", "open"]


def test_an_infusion_that_was_stopped_is_filled_only_once_a_clinician_says_that_it_counts() -> None:
    stopped = replace(row(1, "completed", -3), stopped_early=True)
    rows = [stopped, replace(stopped, number=2, counts=False), replace(stopped, number=3, counts=True)]
    assert six(rows, TODAY) == ["cancelled", "cancelled", "done"]


def test_a_replacement_takes_the_dot_of_the_visit_that_was_missed() -> None:
    rows = [row(1, "completed", -5), row(2, "missed", -3), row(2, "completed", -2), row(3, "scheduled", 1)]
    assert six(rows, TODAY) == ["done", "done", "open"]


def test_a_missed_visit_without_a_replacement_stays_visible() -> None:
    assert six([row(1, "missed", -3), row(2, "cancelled", 2)], TODAY) == ["missed", "cancelled"]


def test_of_two_that_were_lost_the_later_one_is_shown() -> None:
    assert six([row(1, "missed", -3), row(1, "cancelled", 1)], TODAY) == ["cancelled"]
    assert six([row(1, "cancelled", 1), row(1, "missed", -3)], TODAY) == ["cancelled"]


def test_only_completed_visits_count() -> None:
    assert completed(["done", "done", "today", "open", "missed", "cancelled"]) == 2


def test_a_visit_in_the_chair_is_today_even_past_midnight() -> None:
    assert six([row(1, "in_progress", -1)], TODAY) == ["today"]


Rows = st.lists(st.builds(row, st.integers(1, 6), st.sampled_from(list(InfusionStatus)), st.integers(-9, 9)))


@given(Rows)
def test_every_number_has_one_dot_whatever_happened_to_it(rows: list[Row]) -> None:
    dots = six(rows, TODAY)
    assert len(dots) == len({row.number for row in rows})
    if len({(row.number, row.local_day) for row in rows}) == len(rows):
        assert dots == six(list(reversed(rows)), TODAY)
