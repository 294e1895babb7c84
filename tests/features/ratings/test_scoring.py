"""Totals and bands, against the published vectors and at every edge."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.errors import RuleError
from scheduler.features.ratings.instruments import GAD7, GAD7_SINCE, HAM_A, PHQ9, SHIPPED, Instrument
from scheduler.features.ratings.scoring import band_of, score

VECTORS = [
    (GAD7, (1, 1, 1, 1, 0, 1, 2), 7, "mild"),
    (GAD7, (1, 0, 0, 1, 0, 1, 1), 4, "minimal"),
    (GAD7, (1, 1, 1, 2, 2, 0, 0), 7, "mild"),
    (PHQ9, (1, 1, 1, 2, 2, 3, 3, 3, 0), 16, "moderately severe"),
]
EDGES = {
    "gad7": {0: "minimal", 4: "minimal", 5: "mild", 9: "mild", 10: "moderate", 14: "moderate",
             15: "severe", 21: "severe"},
    "phq9": {0: "none or minimal", 4: "none or minimal", 5: "mild", 9: "mild", 10: "moderate", 14: "moderate",
             15: "moderately severe", 19: "moderately severe", 20: "severe", 27: "severe"},
    "gad2": {0: "negative", 2: "negative", 3: "positive", 6: "positive"},
    "phq2": {0: "negative", 2: "negative", 3: "positive", 6: "positive"},
    "pcl5": {0: "below the provisional range", 30: "below the provisional range", 31: "provisional range",
             33: "provisional range", 34: "above the provisional range", 80: "above the provisional range"},
    "ham_a": {0: "mild", 17: "mild", 18: "moderate", 24: "moderate", 25: "severe", 30: "severe",
              31: "very severe", 56: "very severe"},
    "anxiety_now": {0: "", 10: ""},
    "anxiety_24h": {0: "", 100: ""},
    "gad7_since": {4: "minimal", 5: "mild", 15: "severe"},
}  # fmt: skip


@pytest.mark.parametrize(("instrument", "answers", "total", "band"), VECTORS)
def test_the_published_vectors(
    instrument: Instrument, answers: tuple[int, ...], total: int, band: str
) -> None:
    found = score(instrument, answers)
    assert (found.total, found.band, found.missing) == (total, band, ())


@pytest.mark.parametrize("instrument", SHIPPED, ids=lambda one: one.code)
def test_every_edge_of_every_band(instrument: Instrument) -> None:
    edges = EDGES[instrument.code]
    assert {total: band_of(instrument, total) for total in edges} == edges


@pytest.mark.parametrize("instrument", SHIPPED, ids=lambda one: one.code)
def test_bands_cover_all_totals_once_and_words_all_answers_in_every_language(instrument: Instrument) -> None:
    if instrument.bands:
        covered = [total for band in instrument.bands for total in range(band.least, band.most + 1)]
        assert covered == list(range(instrument.total_most + 1))
    for wording in instrument.wordings.values():
        assert len(wording.items) == instrument.length
        values = instrument.most - instrument.least + 1
        assert len(wording.answers) == values or (wording.lowest and wording.highest)
    assert len(instrument.loinc.items) in (0, instrument.length)


@settings(max_examples=50)
@given(st.sampled_from(SHIPPED), st.data())
def test_a_missing_item_is_incomplete_never_a_total(instrument: Instrument, data: st.DataObject) -> None:
    value = st.none() | st.integers(instrument.least, instrument.most)
    answers = data.draw(st.lists(value, min_size=instrument.length, max_size=instrument.length))
    found = score(instrument, answers)
    assert (found.total is None) == (None in answers)
    assert found.missing == tuple(at for at, answer in enumerate(answers) if answer is None)
    if found.total is not None:
        assert found.total == sum(answer or 0 for answer in answers) <= instrument.total_most


@pytest.mark.parametrize("answers", [(1,) * 6, (1,) * 8, (4, 0, 0, 0, 0, 0, 0), (-1, 0, 0, 0, 0, 0, 0)])
def test_answers_that_do_not_belong_are_refused(answers: tuple[int, ...]) -> None:
    with pytest.raises(RuleError):
        score(GAD7, answers)


def test_item_9_is_a_crisis_from_1_on_even_where_others_are_missing() -> None:
    assert not score(PHQ9, (3,) * 8 + (0,)).is_crisis
    assert not score(PHQ9, (3,) * 8 + (None,)).is_crisis
    assert score(PHQ9, (None,) * 8 + (1,)).is_crisis


def test_figures_from_the_literature_stand_in_the_data() -> None:
    assert GAD7.meaningful is not None
    assert GAD7.worsening is not None
    assert (GAD7.meaningful.points, GAD7.worsening.points, GAD7.remission_at_most) == (4, 6, 4)
    assert PHQ9.worsening == PHQ9.meaningful
    assert PHQ9.loinc.items[8] == "44260-8"
    assert (HAM_A.remission_at_most, HAM_A.clinician_rated) == (7, True)


def test_another_recall_is_another_instrument_without_the_codes_of_two_weeks() -> None:
    assert GAD7_SINCE.recall != GAD7.recall
    assert GAD7_SINCE.loinc.panel == ""
