"""What is written into the form of an own instrument, and what it comes to."""

import pytest

from scheduler.features.ratings.instruments import Band, Instrument
from scheduler.features.ratings.own.definition import as_data, from_data
from scheduler.features.ratings.own.form import read_instrument, typed_of
from scheduler.features.ratings.scoring import score
from tests.support.own_instrument import SLEEP


def read(**changes: str) -> Instrument:
    found, errors = read_instrument({**SLEEP, **changes})
    assert found is not None, errors
    return found


def test_lines_become_questions_answers_and_bands() -> None:
    sleep = read()
    assert (sleep.length, sleep.most, sleep.total_most) == (3, 3, 9)
    assert sleep.wordings["en"].answers[3] == "Always"
    assert sleep.bands == (Band(0, 3, "good"), Band(4, 6, "fair"), Band(7, 9, "poor"))
    assert from_data(sleep.code, sleep.version, as_data(sleep)) == sleep
    assert read_instrument(typed_of(sleep))[0] == sleep


@pytest.mark.parametrize(
    ("changes", "answers", "total"),
    [
        ({}, (0, 2, 1), 6),  # the first one is counted from the other end
        ({"reversed": ""}, (0, 2, 1), 3),
        ({"method": "highest", "bands": "", "reversed": ""}, (0, 2, 1), 2),
        ({}, (0, None, 1), None),
    ],
)
def test_a_total_is_the_sum_or_the_highest_with_turned_questions(
    changes: dict[str, str], answers: tuple[int | None, ...], total: int | None
) -> None:
    assert score(read(**changes), answers).total == total


@pytest.mark.parametrize(("answers", "total"), [((1, 2, 2), 2), ((1, 1, 2), 1), ((0, 10, 9), 6)])
def test_a_mean_is_a_whole_number(answers: tuple[int, ...], total: int) -> None:
    scale = {"form": "numbers", "lowest_en": "Not at all", "highest_en": "Most", "bands": "", "reversed": ""}
    mean = read(method="mean", **scale)
    assert (mean.total_most, score(mean, answers).total) == (10, total)


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("bands", "0-3 good\n5-9 poor", "without a gap, from 0 to 9"),
        ("bands", "0-3 good\n4-6 fair", "without a gap, from 0 to 9"),
        ("bands", "good", "is no band"),
        ("reversed", "4", "from 1 to 3"),
        ("answers_en", "Never", "2 to 11 answers"),
        ("items_en", "\n", "1 to 40 questions"),
        ("items_en", "One\x00two", "can't be seen"),
        ("method", "mean", "Take the sum"),
        ("meaningful", "10", "from 1 to 9"),
        ("meaningful_source", " ", "Write who says so"),
        ("crisis_item", "4", "no such question"),
        ("recall", "year", "Choose one"),
        ("items_es", "Una\nDos", "English has 3 lines and Spanish 2"),
        ("name", "x" * 81, "below 80"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(name: str, typed: str, sentence: str) -> None:
    found, errors = read_instrument({**SLEEP, name: typed})
    assert found is None
    assert sentence in errors[name]


@pytest.mark.parametrize("name", ["STAI", "Beck's Anxiety Inventory", "bai (short)", "State-Trait Anxiety"])
def test_who_writes_a_licensed_one_says_that_the_clinic_holds_a_licence(name: str) -> None:
    found, errors = read_instrument({**SLEEP, "name": name})
    assert (found, "without a licence" in errors["licensed"]) == (None, True)
    assert read(name=name, licensed="1").name == name
