"""When vitals are due, which pressures stop the work, and how two people's entries meet."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.features.infusion_logs.domain.pressure import Hold, PressureLimits, hold_of
from scheduler.features.infusion_logs.domain.schedule import Rhythm, due_rows, part_of, unfilled
from scheduler.merging import merge

START = datetime(2026, 11, 2, 14, 30, tzinfo=UTC)
RHYTHM = Rhythm(during=10, after=15, infusion=40, recovery=60)


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def test_rows_are_due_every_10_minutes_while_the_drug_runs_and_every_15_after() -> None:
    rows = due_rows(START, None, None, RHYTHM)
    assert [(row.part, row.minutes) for row in rows] == [
        *(("during", minutes) for minutes in (10, 20, 30, 40)),
        *(("after", minutes) for minutes in (15, 30, 45, 60)),
    ]
    assert due_rows(None, None, None, RHYTHM) == []


def test_an_infusion_that_runs_longer_asks_for_more_rows_and_one_stopped_early_for_fewer() -> None:
    assert [row.minutes for row in due_rows(START, after(55), after(55), RHYTHM)] == [10, 20, 30, 40, 50]
    early = due_rows(START, after(12), after(50), RHYTHM)
    assert [(row.part, row.at) for row in early] == [
        ("during", after(10)),
        ("after", after(27)),
        ("after", after(42)),
    ]


def test_due_times_follow_the_clock_on_the_arm_and_not_the_one_on_the_wall() -> None:
    new_york = ZoneInfo("America/New_York")
    start = datetime(2026, 11, 1, 1, 45, tzinfo=new_york)  # The clocks go back at two.
    shown = [row.at.astimezone(new_york) for row in due_rows(start.astimezone(UTC), None, None, RHYTHM)]
    assert [f"{moment:%H:%M %Z}" for moment in shown[:3]] == ["01:55 EDT", "01:05 EST", "01:15 EST"]
    assert shown[1].astimezone(UTC) - start.astimezone(UTC) == timedelta(minutes=20)


def test_a_reading_answers_the_row_it_is_nearest_to_whatever_the_order_they_were_written_in() -> None:
    rows = due_rows(START, after(40), after(40), RHYTHM)
    left = unfilled(rows, [after(21), after(9), after(33)], RHYTHM)
    assert [row.minutes for row in left] == [40]
    assert len(unfilled(rows, [after(15.1), after(15.2)], RHYTHM)) == 3


@settings(max_examples=50)
@given(st.lists(st.integers(-60, 200), max_size=15), st.integers(0, 120))
def test_no_reading_answers_two_rows(minutes: list[int], stop: int) -> None:
    rows = due_rows(START, after(stop), None, RHYTHM)
    left = unfilled(rows, [after(each) for each in minutes], RHYTHM)
    assert len(rows) - len(left) <= len(minutes)
    assert [row.at for row in left] == sorted(row.at for row in left)


def test_a_reading_before_the_start_is_one_from_before() -> None:
    assert part_of(after(-1), START, None) == "before"
    assert part_of(after(5), None, None) == "before"
    assert part_of(after(0), START, None) == "during"
    assert part_of(after(41), START, after(40)) == "after"


@pytest.mark.parametrize(
    ("sbp", "dbp", "before", "hold"),
    [
        (160, 100, True, None),
        (161, 100, True, Hold.START),
        (160, 101, True, Hold.START),
        (161, 101, False, None),
        (179, 109, False, None),
        (180, 90, False, Hold.ACT),
        (150, 110, False, Hold.ACT),
        (180, 90, True, Hold.ACT),
        (None, None, True, None),
    ],
)
def test_pressures_above_the_limits_ask_what_was_done(
    sbp: int | None, dbp: int | None, before: bool, hold: Hold | None
) -> None:
    assert hold_of(sbp, dbp, PressureLimits(), before=before) is hold


def test_a_clinic_sets_its_own_limits() -> None:
    assert hold_of(150, 80, PressureLimits(start_sbp=140), before=True) is Hold.START


fields = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["", "1", "2", "3"]))


@settings(max_examples=50)
@given(fields, fields, fields)
def test_nothing_that_somebody_else_wrote_is_overwritten_unseen(
    seen: dict[str, str], wrote: dict[str, str], stands: dict[str, str]
) -> None:
    merged = merge(seen, wrote, stands)
    for name in merged.write:
        assert stands.get(name, "") == seen.get(name, "") and wrote[name] != seen.get(name, "")
    for name in merged.clash:
        assert len({seen.get(name, ""), wrote[name], stands.get(name, "")}) == 3
    for name, mine in wrote.items():
        if mine != seen.get(name, "") and mine != stands.get(name, ""):
            assert name in merged.write | merged.clash


def test_two_people_in_different_fields_do_not_meet() -> None:
    merged = merge({"lot": "", "drug": ""}, {"lot": "K1", "drug": ""}, {"lot": "", "drug": "Ketamine"})
    assert merged.write == {"lot"} and not merged.clash
