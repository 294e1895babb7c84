"""Criteria count themselves; what stands out stands out; nothing decides."""

from collections.abc import Mapping
from datetime import date

import pytest

from scheduler.features.intake.screening.changes import changes
from scheduler.features.intake.screening.counting import Reading, read
from scheduler.features.intake.screening.form import form_of
from tests.support.screenings import SUITABLE, TRIAL

TODAY = date(2026, 11, 2)
SIX = form_of(1).companions


def reading(answers: Mapping[str, str], needed: int = 1) -> Reading:
    """What a whole screening comes to with some other answers."""
    return read(form_of(1), {**SUITABLE, **answers}, TODAY, needed)


@pytest.mark.parametrize(
    ("worry", "months", "yes", "no", "met"),
    [
        ("yes", "6", 3, 0, True),
        ("yes", "5", 6, 0, False),
        ("yes", "6", 2, 4, False),
        ("yes", "6", 2, 3, None),  # The sixth decides.
        ("no", "9", 6, 0, False),
        ("", "9", 6, 0, None),
        ("yes", "", 3, 3, None),
    ],
)
def test_worry_for_six_months_and_three_of_six_meet_the_criteria(
    worry: str, months: str, yes: int, no: int, met: bool | None
) -> None:
    given = ["yes"] * yes + ["no"] * no + [""] * (6 - yes - no)
    answers = {"worry": worry, "worry_months": months, **dict(zip(SIX, given, strict=True))}
    assert reading(answers).is_anxious is met


@pytest.mark.parametrize(
    ("adequate", "response", "counts"),
    [
        ("yes", "none", 1),
        ("no", "none", 0),
        ("yes", "response", 0),
        ("yes", "not_tolerated", 0),
        ("", "none", 0),
    ],
)
def test_a_trial_counts_when_it_was_adequate_and_without_response(
    adequate: str, response: str, counts: int
) -> None:
    trial = {**TRIAL, "trials.1.adequate": adequate, "trials.1.response": response}
    assert reading(trial).trials == counts


def test_fewer_trials_than_the_clinic_asks_for_stand_out() -> None:
    assert reading({}).concerns == ()
    assert reading({}, needed=2).concerns == ("1 of 2 trials without response",)


@pytest.mark.parametrize("risk", form_of(1).risks)
def test_each_yes_stands_out(risk: str) -> None:
    found = reading({risk: "yes"})
    assert found.risks == (form_of(1).labels[risk],) and found.needs_reason
    assert found.is_crisis is (risk == "suicidality")


def test_the_day_before_the_18th_birthday_stands_out_and_the_birthday_does_not() -> None:
    assert reading({"birth_date": "2008-11-03"}).risks == ("Under 18",)
    assert reading({"birth_date": "2008-11-02"}).risks == ()


def test_a_yes_to_allergies_without_one_is_not_answered() -> None:
    blank = {"allergies.1.what": "", "allergies.1.how": ""}
    assert [lack.words for lack in reading(blank).lacks] == ["Allergies: none is written"]
    assert [lack.words for lack in reading({"has_allergies": "no"}).lacks] == [
        "Allergies: some are written, and the answer is no"
    ]


def test_what_differs_from_the_last_screening_is_told_line_by_line() -> None:
    form = form_of(1)
    now = {**SUITABLE, "heart": "yes", "trials.2.medicine": "Venlafaxine", "escort": ""}
    found = changes((form, SUITABLE), (form, now))
    assert [(one.name, one.before, one.after) for one in found] == [
        ("trials", (), ("Venlafaxine",)),
        ("heart", ("No",), ("Yes",)),
        ("escort", ("Yes",), ()),
    ]
