"""`make check` goes on after a failure, says what it found, and fails."""

from pathlib import Path

import pytest

from tools import check


def _good(_: Path) -> list[str]:
    return []


def _bad(_: Path) -> list[str]:
    return ["scheduler/app.py:3: a rule is broken"]


def _broken(_: Path) -> list[str]:
    raise OSError("the disk is full")


def test_every_check_runs_and_one_finding_fails_the_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check, "CHECKS", {"first": _bad, "second": _broken, "third": _good})
    assert check.main([]) == 1
    printed = capsys.readouterr().out
    assert "first         FAILED, 1 found" in printed
    assert "    scheduler/app.py:3: a rule is broken" in printed
    assert "the disk is full" in printed
    assert "third         ok" in printed


def test_nothing_found_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "CHECKS", {"first": _good, "second": _bad})
    assert check.main(["first"]) == 0


def test_a_misspelt_check_is_not_taken_for_a_pass(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main(["typos"]) == 2
    assert "No check is called typos" in capsys.readouterr().err
