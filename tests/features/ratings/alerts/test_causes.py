"""What somebody has to look at in a course: worsening, relapse, no response, a booster that is due."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.features.ratings.alerts.causes import Begun, CourseState, Crisis, causes
from scheduler.features.ratings.instruments import ANXIETY_NOW, GAD2, GAD7, Instrument
from scheduler.features.ratings.occasions import Slot
from scheduler.features.ratings.progress import Series, Value
from scheduler.features.tasks.alerting.causes import Cause
from scheduler.features.tasks.alerting.rules import USUAL, Rule
from scheduler.models import AlertKind, TimePoint

START = datetime(2026, 10, 5, 13, 20, tzinfo=UTC)
DAY = timedelta(days=1)
WEEKLY, PRE = TimePoint.WEEKLY, TimePoint.PRE


def weeks(*totals: int | None, base: int = 12, instrument: Instrument = GAD7) -> Series:
    """A baseline, and weekly totals after a course of two weeks."""
    after = [
        Value(START + DAY * (14 + 7 * week), WEEKLY, total, week=week) for week, total in enumerate(totals, 1)
    ]
    return Series(instrument, (Value(START - DAY, TimePoint.BASELINE, base), *after))


def visits(number: int, stopped: Sequence[int] = ()) -> list[Begun]:
    """So many infusions, two days apart."""
    return [
        Begun(at, START + DAY * 2 * (at - 1), (START + DAY * 2 * (at - 1)).date(), at not in stopped)
        for at in range(1, number + 1)
    ]


def found(
    kind: AlertKind, series: Series, begun: Sequence[Begun] | None = None, rule: Rule | None = None
) -> list[Cause]:
    state = CourseState(
        "gad7",
        {series.instrument.key: series},
        (),
        visits(6) if begun is None else begun,
        START.date(),
        False,
    )
    by_rule = {**USUAL, **({} if rule is None else {kind: rule})}
    return [cause for cause in causes(state, by_rule) if cause.kind is kind]


@pytest.mark.parametrize(
    ("instrument", "rise", "is_worse"),
    [(GAD7, 5, False), (GAD7, 6, True), (ANXIETY_NOW, 1, False), (ANXIETY_NOW, 2, True), (GAD2, 3, False)],
)
def test_a_rise_by_the_reliable_change_is_a_worsening_or_by_the_meaningful_one_where_none_is_published(
    instrument: Instrument, rise: int, is_worse: bool
) -> None:
    series = weeks(3 + rise, base=3, instrument=instrument)
    assert [cause.facts["rise"] for cause in found(AlertKind.WORSENING, series)] == [rise] * is_worse


def test_ratings_in_a_row_are_one_worsening_and_a_better_one_between_them_makes_two() -> None:
    one = found(AlertKind.WORSENING, weeks(18, None, 20, 19))
    assert [(cause.covers, cause.level) for cause in one] == [(("weekly-1", "weekly-3", "weekly-4"), 20)]
    two = found(AlertKind.WORSENING, weeks(18, 17, 20))
    assert [cause.covers for cause in two] == [("weekly-1",), ("weekly-3",)]


def test_nothing_is_worse_without_a_baseline_or_before_the_first_infusion() -> None:
    late = Series(GAD7, weeks(20, 21).values[1:])
    assert found(AlertKind.WORSENING, late) == []
    assert found(AlertKind.WORSENING, weeks(20), begun=[]) == []


@pytest.mark.parametrize(
    ("totals", "covers"),
    [
        ((6, 7, 9), [("weekly-2", "weekly-3")]),  # Half of 12 responds; 7 does not.
        ((6, 7, 5, 8), [("weekly-2",), ("weekly-4",)]),
        ((6, None, 6), []),
        ((8, 6, 7), [("weekly-3",)]),
        ((8, 7, 9), []),  # Nobody relapses who never responded.
    ],
)
def test_a_responder_relapses_with_a_weekly_rating_that_does_not_meet_response(
    totals: tuple[int | None, ...], covers: list[tuple[str, ...]]
) -> None:
    assert [cause.covers for cause in found(AlertKind.RELAPSE, weeks(*totals))] == covers


def test_between_infusions_nobody_relapses() -> None:
    base = Value(START - DAY, TimePoint.BASELINE, 12)
    during = [Value(START + DAY * day, PRE, total, day) for day, total in ((2, 5), (4, 11))]
    assert found(AlertKind.RELAPSE, Series(GAD7, (base, *during))) == []


def at_day(*days: tuple[float, int]) -> Series:
    """A baseline of 12, and totals so many days after the first infusion."""
    values = [Value(START + DAY * day, PRE, total, infusion_id=9) for day, total in days]
    return Series(GAD7, (Value(START - DAY, TimePoint.BASELINE, 12), *values))


NONE = AlertKind.NO_RESPONSE


def test_no_response_by_the_fourth_infusion_is_told_when_it_was_given_and_a_rating_says_so() -> None:
    assert found(NONE, at_day((5.9, 8)), visits(3)) == []
    assert found(NONE, at_day(), visits(4)) == []
    assert found(NONE, at_day((5.9, 6)), visits(4)) == []
    (cause,) = found(NONE, at_day((5.9, 8)), visits(4))
    assert (cause.facts["best"], cause.facts["number"], cause.infusion_id) == (8, 4, 4)


def test_a_response_within_a_week_of_it_counts_and_one_to_a_later_infusion_does_not() -> None:
    # The fourth infusion is on day 6, the fifth would be on day 8.
    assert found(NONE, at_day((5.9, 8), (12, 5)), visits(4)) == []
    assert len(found(NONE, at_day((5.9, 8), (14, 5)), visits(4))) == 1
    assert found(NONE, at_day((5.9, 8), (7.9, 5)), visits(5)) == []
    assert len(found(NONE, at_day((5.9, 8), (8.5, 5)), visits(5))) == 1


def test_the_clinic_says_by_which_infusion_and_one_that_does_not_count_is_none() -> None:
    assert found(NONE, at_day((1, 8)), visits(2), Rule(at_least=2)) != []
    assert found(NONE, at_day((5.9, 8)), visits(4, stopped=[2])) == []


@pytest.mark.parametrize(("days", "raises"), [(27, None), (28, True), (42, True), (43, False)])
def test_a_booster_is_due_four_to_six_weeks_after_the_last_infusion(days: int, raises: bool | None) -> None:
    begun = visits(6)
    state = CourseState("gad7", {}, (), begun, begun[-1].day + timedelta(days=days), True)
    assert [cause.is_new for cause in causes(state, USUAL)] == ([] if raises is None else [raises])


def test_each_answer_about_self_harm_is_a_cause_of_its_own() -> None:
    slots = (Slot(TimePoint.BASELINE), Slot(PRE, 4))
    crises = [Crisis(slot, 1, at) for at, slot in enumerate(slots)]
    state = CourseState("gad7", {}, crises, (), START.date(), False)
    assert [(cause.about, cause.infusion_id) for cause in causes(state, USUAL)] == [
        ("baseline", None),
        ("pre-4", 4),
    ]
