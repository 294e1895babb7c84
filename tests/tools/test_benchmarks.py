"""`make bench` says how fast the machine is before it says anything else."""

import sys

import pytest

from benchmarks import __main__ as bench


@pytest.fixture(autouse=True)
def short_calibration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "CALIBRATION_STEPS", 1000)


def table() -> None:
    sys.stdout.write("the table\n")


def test_the_calibration_comes_first(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "benchmarks", lambda: {"planning": table})
    assert bench.main(["planning"]) == 0
    printed = capsys.readouterr().out
    assert printed.index("calibration: ") < printed.index("planning\n========\nthe table")


def test_a_misspelt_benchmark_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "benchmarks", lambda: {"planning": print})
    assert bench.main(["planing"]) == 2
    assert capsys.readouterr().err == "No benchmark is called planing. There are: planning.\n"


def test_every_module_with_a_main_is_a_benchmark() -> None:
    assert "__main__" not in bench.benchmarks()
