"""The environment that `make` keeps: made when it must be, whole or made again."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tools import environment, system_packages


class Machine:
    """Stands in for the programs that would make the environment and install into it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.failing = ""
        self.calls: list[str] = []

    def run(self, command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        kind = next(word for word in ("venv", "pip", "-c") if word in command)
        self.calls.append(kind if kind != "pip" else command[-1])
        if kind == "venv":
            (self.root / ".venv" / "bin").mkdir(parents=True)
            (self.root / ".venv" / "bin" / "python").touch()
        return subprocess.CompletedProcess(command, int(kind == self.failing))


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    (tmp_path / "requirements.txt").write_text("flask==3.1.3\n")
    (tmp_path / "requirements-dev.txt").write_text("flask==3.1.3\npytest==9.2.0\n")
    made = Machine(tmp_path)
    monkeypatch.setattr(environment.subprocess, "run", made.run)
    return made


def test_the_second_make_installs_nothing(machine: Machine) -> None:
    assert environment.main("dev", machine.root) == 0
    assert machine.calls == ["-c", "venv", "requirements-dev.txt"]
    machine.calls.clear()
    assert environment.main("dev", machine.root) == 0
    assert environment.main("run", machine.root) == 0
    assert machine.calls == []


def test_what_tests_need_is_added_to_what_running_needs(machine: Machine) -> None:
    environment.main("run", machine.root)
    machine.calls.clear()
    assert environment.main("dev", machine.root) == 0
    assert machine.calls == ["requirements-dev.txt"]


def test_other_requirements_begin_anew(machine: Machine) -> None:
    environment.main("dev", machine.root)
    (machine.root / ".venv" / "left-behind").touch()
    (machine.root / "requirements.txt").write_text("flask==3.1.4\n")
    assert environment.main("run", machine.root) == 0
    assert not (machine.root / ".venv" / "left-behind").exists()


@pytest.mark.parametrize("harm", ["", "{", "[]"])
def test_an_installation_cut_short_begins_anew(machine: Machine, harm: str) -> None:
    environment.main("run", machine.root)
    (machine.root / ".venv" / environment.STAMP).write_text(harm)
    machine.calls.clear()
    assert environment.main("run", machine.root) == 0
    assert machine.calls == ["-c", "venv", "requirements.txt"]


def test_a_failed_installation_is_not_taken_for_a_whole_one(machine: Machine) -> None:
    machine.failing = "pip"
    assert environment.main("run", machine.root) == 1
    machine.failing = ""
    assert not environment.is_ready(machine.root, "run")


def test_a_failed_addition_does_not_leave_the_old_stamp(machine: Machine) -> None:
    environment.main("run", machine.root)
    machine.failing = "pip"
    assert environment.main("dev", machine.root) == 1
    assert not environment.is_ready(machine.root, "run")


def test_a_moved_checkout_begins_anew(machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> None:
    environment.main("run", machine.root)
    moved = tmp_path_factory.mktemp("elsewhere") / "sixfold"
    machine.root.rename(moved)
    assert not environment.is_ready(moved, "run")


def test_a_python_without_venv_is_told_the_one_command(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.failing = "-c"
    monkeypatch.setattr(environment, "install", lambda _: False)
    assert environment.main("run", machine.root) == 1
    assert "apt-get install -y python3" in capsys.readouterr().err
    assert not (machine.root / ".venv").exists()


def test_packages_are_installed_only_by_whoever_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(system_packages.shutil, "which", lambda name: None if name == "sudo" else name)
    assert not system_packages.install(["chromium"])
    assert system_packages.install_command(["chromium"]) == "sudo apt-get install -y chromium"


def test_a_missing_browser_is_said_in_one_line_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system_packages.shutil, "which", lambda _: None)
    assert system_packages.main() == 0
    assert capsys.readouterr().err.startswith("NO BROWSER: the tests that open pages will fail. Run: ")


def test_a_missing_library_for_pdfs_is_said_in_one_line_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system_packages, "PDF_LIBRARIES", ("libpango-that-is-not-there.so.0",))
    monkeypatch.setattr(system_packages, "install", lambda packages: packages == ["chromium"])
    assert system_packages.main() == 0
    assert "NO PDF: a course log can be read but not filed as a PDF. Run: " in capsys.readouterr().err
