"""The outbox as files: private, whole, and one file for one message."""

from pathlib import Path

import pytest

from scheduler.channels import files
from scheduler.channels.result import Outcome
from scheduler.rendering.discreet import find_banned


def test_a_message_becomes_one_private_file(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    assert files.send(b"hello", "<ab12@clinic.example>", folder).outcome is Outcome.SENT
    path = folder / "ab12.eml"
    assert path.read_bytes() == b"hello"
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_second_try_replaces_the_first_and_leaves_nothing_else(tmp_path: Path) -> None:
    for body in (b"one", b"two"):
        files.send(body, "<ab12@clinic.example>", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["ab12.eml"]
    assert (tmp_path / "ab12.eml").read_bytes() == b"two"


@pytest.mark.parametrize("message_id", ["<../../etc/passwd@x>", "<a/b\\c@x>", "<@x>", "<.hidden@x>", ""])
def test_no_message_id_leads_out_of_the_folder(tmp_path: Path, message_id: str) -> None:
    files.send(b"x", message_id, tmp_path)
    (only,) = tmp_path.iterdir()
    assert only.parent == tmp_path
    assert not only.name.startswith(".")


def test_a_folder_that_cannot_be_written_is_tried_later(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    result = files.send(b"x", "<a@x>", tmp_path / "taken")
    assert result.outcome is Outcome.TEMPORARY
    assert "can't be written" in result.detail


def test_file_names_are_discreet() -> None:
    assert find_banned(files.file_name("<9f0c2b@clinic.example>")) == []
