"""From weight to dose and rate, and numbers as people write them."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.features.infusion_logs.domain.dose import (
    differs,
    from_pounds,
    in_pounds,
    per_cent,
    rate_of,
    work_out,
)
from scheduler.features.infusion_logs.domain.limits import LIMITS, is_impossible, is_unusual
from scheduler.features.infusion_logs.domain.numbers import read_number, shown

grams = st.integers(20_000, 300_000)
doses = st.integers(0, 3_000)


def test_seventy_kilograms_at_half_a_milligram_is_35_mg_and_52_5_mg_an_hour_over_40_minutes() -> None:
    worked = work_out(70_000, 500, 10_000, 40)
    assert (worked.dose_ug, worked.volume_ul, worked.rate_ug_h) == (35_000, 3_500, 52_500)


def test_what_is_not_known_yet_is_not_worked_out() -> None:
    assert work_out(None, 500, 10_000, 40).dose_ug is None
    assert work_out(70_000, 500, None, None).dose_ug == 35_000


@settings(max_examples=50)
@given(grams, doses, st.integers(1, 600))
def test_the_rate_gives_the_dose_in_the_time(weight: int, per_kg: int, minutes: int) -> None:
    worked = work_out(weight, per_kg, None, minutes)
    assert worked.dose_ug is not None and worked.rate_ug_h is not None
    assert abs(worked.dose_ug * 1000 - weight * per_kg) <= 500
    assert abs(Fraction(worked.rate_ug_h * minutes, 60) - worked.dose_ug) <= Fraction(minutes, 60) + 1
    assert abs(rate_of(worked.dose_ug, minutes) - worked.rate_ug_h) <= 30 / minutes + 1


@pytest.mark.parametrize(
    ("charted", "warns"), [(35_000, False), (36_750, False), (36_751, True), (33_250, False), (33_249, True)]
)
def test_a_dose_over_5_per_cent_off_warns(charted: int, warns: bool) -> None:
    assert (differs(charted, 35_000) is not None) is warns


def test_just_over_5_per_cent_does_not_read_as_5_per_cent() -> None:
    assert per_cent(Fraction(50_001, 1_000_000)) == "5.1 %"
    assert per_cent(Fraction(-53, 1000)) == "5.3 %"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("70", "70"),
        (" 70,5 ", "70.5"),
        ("0.5", "0.5"),
        ("7 0", None),
        ("1,000.5", None),
        ("-3", None),
        ("٣", None),
        ("1e3", None),
        ("", None),
    ],
)
def test_a_number_is_read_with_a_point_or_a_comma(text: str, value: str | None) -> None:
    assert read_number(text) == (Fraction(value) if value else None)


@settings(max_examples=50)
@given(st.integers(0, 999_999_999))
def test_a_number_reads_back_as_it_was_shown(thousandths: int) -> None:
    value = Fraction(thousandths, 1000)
    assert read_number(shown(value, 3)) == value
    assert read_number(shown(value, 3).replace(".", ",")) == value


@settings(max_examples=50)
@given(st.integers(441, 6613))
def test_pounds_read_back_to_a_tenth(tenths: int) -> None:
    assert shown(in_pounds(from_pounds(Fraction(tenths, 10))), 1, 1) == f"{tenths // 10}.{tenths % 10}"


@pytest.mark.parametrize(
    ("name", "fine", "unusual", "impossible"),
    [
        ("weight", ["35", "200"], ["34.9", "20", "300"], ["19.9", "7", "700", "300.1"]),
        ("dose_per_kg", ["0.1", "1.5"], ["0", "0.09", "3"], ["3.01"]),
        ("minutes", ["30", "120"], ["29", "121"], ["0", "601"]),
        ("sbp", ["70", "220"], ["69", "300"], ["39", "301"]),
        ("dbp", ["40", "130"], ["39", "200"], ["19", "201"]),
        ("pulse", ["35", "160"], ["34", "250"], ["19", "251"]),
        ("spo2", ["80", "100"], ["79", "30"], ["29", "101"]),
        ("cadss", ["0", "24"], [], ["25"]),
    ],
)
def test_the_edges_of_what_is_believed_asked_about_and_refused(
    name: str, fine: list[str], unusual: list[str], impossible: list[str]
) -> None:
    limit = LIMITS[name]
    for text in fine:
        assert not is_unusual(limit, Fraction(text)) and not is_impossible(limit, Fraction(text))
    for text in unusual:
        assert is_unusual(limit, Fraction(text)) and not is_impossible(limit, Fraction(text))
    for text in impossible:
        assert is_impossible(limit, Fraction(text))
