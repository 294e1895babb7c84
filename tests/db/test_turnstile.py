"""Writers of one SQLite file queue, so that nobody waits while others pass them again and again."""

import threading
from pathlib import Path

import pytest

from scheduler.db import Database, turnstile
from scheduler.errors import BusyError


def test_only_one_holds_the_pen(tmp_path: Path) -> None:
    inside: list[int] = []
    most: list[int] = []

    def write() -> None:
        for _ in range(20):
            with turnstile.turn(tmp_path / "clinic"):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 120
    assert max(most) == 1


def test_who_has_just_written_does_not_pass_who_waits(tmp_path: Path) -> None:
    order: list[str] = []
    waiting, first = threading.Event(), threading.Event()

    def waiter() -> None:
        first.wait(5)
        waiting.set()
        with turnstile.turn(tmp_path / "clinic"):
            order.append("waiter")

    thread = threading.Thread(target=waiter)
    thread.start()
    with turnstile.turn(tmp_path / "clinic"):
        order.append("writer")
        first.set()
        assert waiting.wait(5)
        assert _gets_locked(Path(f"{tmp_path / 'clinic'}.door")), "who waits for the pen holds the door"
    with turnstile.turn(tmp_path / "clinic"):
        order.append("writer again")
    thread.join()
    assert order == ["writer", "waiter", "writer again"]


def test_a_pen_that_is_never_given_back_ends_in_a_calm_sentence(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turnstile, "GIVE_UP_S", 0.05)
    with (
        turnstile.turn(Path(str(sqlite.engine.url.database))),
        pytest.raises(BusyError, match="busy"),
        sqlite.write(),
    ):
        pass


def test_a_folder_that_cannot_be_written_leaves_the_word_to_the_database(tmp_path: Path) -> None:
    with turnstile.turn(tmp_path / "no" / "such" / "folder" / "clinic"):
        pass


def _gets_locked(path: Path) -> bool:
    """Whether somebody locks the file within two seconds or so."""
    for _ in range(2000):
        if _is_locked(path):
            return True
        threading.Event().wait(0.001)
    return False


def _is_locked(path: Path) -> bool:
    with path.open("ab") as file:
        try:
            turnstile.fcntl.flock(file, turnstile.fcntl.LOCK_EX | turnstile.fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False
