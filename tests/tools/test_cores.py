"""How many tests run side by side."""

from pathlib import Path

import pytest

from tools import cores


@pytest.fixture
def sixteen_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores.os, "sched_getaffinity", lambda _: set(range(16)), raising=False)


@pytest.mark.usefixtures("sixteen_cores")
def test_a_container_gets_its_share_of_the_cores(tmp_path: Path) -> None:
    limit = tmp_path / "cpu.max"
    limit.write_text("350000 100000\n")
    assert cores.workers(limit) == 3


@pytest.mark.usefixtures("sixteen_cores")
@pytest.mark.parametrize("text", ["max 100000\n", ""])
def test_a_large_machine_stops_at_the_most_that_helps(tmp_path: Path, text: str) -> None:
    limit = tmp_path / "cpu.max"
    limit.write_text(text)
    assert cores.workers(limit) == cores.MOST_WORKERS


def test_a_sliver_of_a_core_still_runs_one_worker(tmp_path: Path) -> None:
    limit = tmp_path / "cpu.max"
    limit.write_text("20000 100000\n")
    assert cores.workers(limit) == 1
