"""The benchmark of the course log measures what it says, in a clinic small enough for a test."""

import tempfile
from pathlib import Path

import pytest

from benchmarks import chart


def test_page_drawing_and_file_of_a_whole_course_are_measured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    found = chart.measure(rounds=1, files=1, long=7, past=20)
    assert found.whole[1] >= found.whole[0] > 0 and found.bare[1] > 0
    assert found.drawing > 0 and found.file > 0 and found.long_file > 0 and found.peak > 0
