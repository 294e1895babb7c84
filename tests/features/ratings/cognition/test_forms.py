"""Forms and scores of the short tasks: the same number the same form, and what is right is the form's."""

import json
from collections import Counter
from itertools import pairwise

import pytest

from scheduler.features.ratings.cognition.forms import (
    CELLS,
    PAIRS_LENGTH,
    PlacesForm,
    RecogniseForm,
    form_of,
    next_form,
    practice_of,
)
from scheduler.features.ratings.cognition.pools import PICTURES, SYMBOLS
from scheduler.features.ratings.cognition.scoring import Response, input_of, is_through, read_responses, score
from scheduler.features.ratings.instruments import SHIPPED
from scheduler.features.ratings.plan import USUAL, plan_of, stored, tasks_of
from scheduler.features.ratings.plan_form import NOT_LEARNED, boxes_of, read_plan
from scheduler.models import CognitiveTask, TimePoint
from scheduler.rendering.language import TEMPLATES, codes, load

PRACTISED = ("gift", "cherry", "flag", "wheel")
PAIRS, PLACES, RECOGNISE = CognitiveTask.PAIRS, CognitiveTask.PLACES, CognitiveTask.RECOGNISE


def answers(*given: int, each_ms: int = 1000) -> tuple[Response, ...]:
    return tuple(
        Response(at, answer, at * each_ms, at * each_ms + each_ms - 100, "touch")
        for at, answer in enumerate(given)
    )


def test_a_form_that_was_kept_by_its_number_comes_out_the_same_for_ever() -> None:
    pairs = form_of(PAIRS, 1, 7).shown
    assert (pairs["key"][:3], pairs["asked"][:3]) == (("s1", "s22", "s3"), ("s10", "s12", "s14"))
    places = form_of(PLACES, 1, 7)
    assert isinstance(places, PlacesForm)
    assert places.right[:4] == (10, 11, 3, 13)
    assert form_of(RECOGNISE, 1, 7, 7).right[:4] == (0, 1, 1, 1)


def test_parallel_forms_hold_the_same_counts_in_other_pairs_pictures_and_places() -> None:
    seen = set()
    for number in range(50):
        pairs = form_of(PAIRS, 1, number)
        asked = pairs.shown["asked"]
        assert set(Counter(asked).values()) == {PAIRS_LENGTH // 9}
        assert all(one != other for one, other in pairwise(asked))
        places = form_of(PLACES, 1, number)
        assert isinstance(places, PlacesForm)
        assert len(set(places.places.values())) == 8 and max(places.places.values()) < CELLS
        recognise = form_of(RECOGNISE, 1, number, number)
        assert isinstance(recognise, RecogniseForm)
        assert recognise.learned == set(places.places) and sum(recognise.right) == 8
        assert len(set(recognise.asked)) == 16 and set(recognise.shown) == {"asked"}
        seen.add((pairs.shown["key"], tuple(sorted(places.places.items()))))
    assert len(seen) == 50


def test_no_patient_meets_a_form_a_second_time_nor_one_of_the_practice() -> None:
    first = next_form(PAIRS, 3, {-1})
    assert next_form(PAIRS, 3, {first}) != first
    assert next_form(PAIRS, 3, ()) != next_form(PAIRS, 4, ())
    shown = {picture for picture, _ in practice_of(PLACES)["shown"][0]} | set(practice_of(RECOGNISE)["asked"])
    assert shown == set(PRACTISED) and not shown & set(PICTURES)


def test_a_protocol_asks_for_tasks_only_where_it_says_so_and_for_no_picture_that_nobody_learned() -> None:
    usual = boxes_of(USUAL)
    assert read_plan(usual, "gad7", SHIPPED).plan == USUAL
    alone = read_plan({*usual, "recognise.weekly.each", "places.pre.each"}, "gad7", SHIPPED)
    assert (alone.error, alone.plan, "recognise.weekly.each" in alone.ticked) == (NOT_LEARNED, None, True)
    both = read_plan({*usual, "recognise.weekly.each", "places.weekly.each"}, "gad7", SHIPPED).plan
    assert both is not None
    assert plan_of(stored(both)) == both
    assert [task for task, _ in tasks_of(stored(both)).asked(TimePoint.WEEKLY)] == ["places", "recognise"]


def test_every_symbol_and_picture_is_drawn_and_every_language_has_every_word() -> None:
    for name, pool in (("_symbols", SYMBOLS), ("_pictures", PICTURES + PRACTISED)):
        drawn = (TEMPLATES / f"ratings/cognition/{name}.svg").read_text()
        assert [symbol for symbol in pool if f'<symbol id="{symbol}"' not in drawn] == []
    words = [set(load(code).phrases["tasks"]) for code in codes()]
    assert all(own == words[0] for own in words)


def test_pairs_count_what_is_right_within_ninety_seconds() -> None:
    form = form_of(PAIRS, 1, 7)
    given = [*form.right[:4], form.right[4] % 9 + 1, *form.right[5:10]]
    in_time = answers(*given)
    late = Response(10, form.right[10], 89_000, 90_400, "keyboard")
    assert score(form, (*in_time, late)) == {"value": 9, "answered": 10, "typical_ms": 900, "wrong": 1}
    assert not is_through(form, in_time, 60_000)
    assert is_through(form, in_time, 90_000)
    assert input_of([one.row for one in (*in_time, late)]) == "mixed"


def test_places_are_counted_by_round_and_pictures_by_hits_and_false_alarms() -> None:
    places = form_of(PLACES, 1, 7)
    given = [(cell + 1) % CELLS for cell in places.right[:5]] + list(places.right[5:])
    found = score(places, answers(*given))
    assert (found["value"], found["first"], found["second"]) == (11, 3, 8)
    assert not is_through(places, answers(*given[:15]), 99_000)
    recognise = form_of(RECOGNISE, 1, 7, 7)
    always_yes = score(recognise, answers(*[1] * 16))
    assert (always_yes["value"], always_yes["hits"], always_yes["false_alarms"]) == (8, 8, 8)


@pytest.mark.parametrize(
    "sent",
    [
        "", "{}", "[1]", "null", "[[0,1,0,5]]", '[[1,1,0,5,"touch"]]', '[[0,1,9,5,"touch"]]',
        '[[0,1,0,5,"eyes"]]', '[[0,-1,0,5,"touch"]]', '[[0,1,0,5000000,"touch"]]', '[[0,true,0.5,5,"touch"]]',
        '[[0,1,0,900,"touch"],[1,1,0,950,"touch"]]', "[" * 9000, json.dumps([[0, 1, 0, 1, "touch"]] * 201),
    ],
)  # fmt: skip
def test_what_can_be_no_run_is_refused(sent: str) -> None:
    assert read_responses(sent) is None
