"""The process that owns a test's PostgreSQL: python postgres_guard.py DIRECTORY UID GID COMMAND...

It starts the server as its child, waits until nobody holds the lock DIRECTORY/in-use any more, stops the
server and removes DIRECTORY. It needs nothing but the standard library. Why it exists: see postgres.py.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

STOP_SECONDS = 10
PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Serve until the lock is free; the server dies with this process even where that is killed."""
    directory, uid, gid, *command = arguments
    place = Path(directory)
    user: dict[str, Any] = {"user": int(uid), "group": int(gid), "extra_groups": []} if uid else {}
    with (place / "log").open("wb") as log:
        server = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=place,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - no other thread runs yet
            **user,
        )
    threading.Thread(target=_note_the_end, args=(server, place), daemon=True).start()
    with (place / "in-use").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
    _stop(server)
    shutil.rmtree(place, ignore_errors=True)


def _die_with_parent() -> None:
    """In the child, after it has become its user: ask Linux for SIGQUIT when the guard is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


def _note_the_end(server: subprocess.Popen[bytes], place: Path) -> None:
    """Tell whoever waits for the server to come up that it never will."""
    server.wait()
    if place.is_dir():
        (place / "ended").touch()


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Immediate shutdown: nothing in there is worth keeping."""
    if server.poll() is not None:
        return
    os.kill(server.pid, signal.SIGQUIT)
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


if __name__ == "__main__":
    # In the background, and in a session of its own, where the keyboard's Ctrl-C does not reach.
    if os.fork() == 0:
        os.setsid()
        main(sys.argv[1:])
