"""The benchmarks of the desk measure what they say, on clinics small enough for a test."""

import tempfile
from pathlib import Path

import pytest

from benchmarks import _stored, board, moving
from scheduler.db import Database

SMALL = 0.05


@pytest.fixture(autouse=True)
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_each_page_is_measured_beside_the_same_markup_without_the_work() -> None:
    found = board.measure(past=40, rounds=1, chairs=4)
    assert set(found) == {"today", "day", "week"}
    for visits, bare, whole, share in found.values():
        assert visits > 0
        assert bare > 0
        assert whole > 0
        assert share > 0


def test_moves_are_previewed_in_courses_that_keep_their_protocol(sqlite: Database) -> None:
    with sqlite.write() as session:
        moving._fill(session, SMALL)
    with _stored.clock_at(moving.NOW):
        visits, times = moving.measure(sqlite, 20)
    assert visits >= 300
    assert len(times) == 20
    assert {kind for _, kind in times} <= {
        "times only",
        "impossible",
        "breaks nothing",
        "repaired",
        "no repair",
    }
    assert "breaks nothing" in {kind for _, kind in times}
