"""The outbox as files: what the embedded default does with mail when no server is set.

A file is written under another name and renamed, so that a reader never sees half a message; its
name comes from the Message-ID, so that a second try replaces the first instead of doubling it."""

import os
import re
import tempfile
from pathlib import Path

from scheduler.channels.result import Outcome, Result

UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def file_name(message_id: str, suffix: str = ".eml") -> str:
    """Give the file's name for a Message-ID such as `<ab12@clinic.example>`: its part before the @."""
    stem = UNSAFE.sub("-", message_id.strip("<>").partition("@")[0]).strip(".-")[:80]
    return (stem or "message") + suffix


def send(body: bytes, message_id: str, folder: Path, suffix: str = ".eml") -> Result:
    """Write the message into the folder: the file 0600, a folder made for it 0700."""
    try:
        path = _write(body, folder, file_name(message_id, suffix))
    except OSError as error:
        reason = (error.strerror or "the write failed").lower()
        said = f"The folder for messages can't be written: {reason}."
        return Result(Outcome.TEMPORARY, said, server_down=True)
    return Result(Outcome.SENT, f"Written to the outbox folder as {path.name}.")


def _write(body: bytes, folder: Path, name: str) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # mkstemp makes the file 0600 from its first moment; there is no time when others can read it.
    handle, temporary = tempfile.mkstemp(prefix=".new-", dir=folder)
    path = folder / name
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return path
