"""Writers of one SQLite file take turns.

SQLite lets a waiting writer sleep for up to a tenth of a second between two looks at the lock, and whoever
looks at the right moment wins: with eight writers in two processes, one in a hundred waited over forty times
as long as the median. So writers queue before they say BEGIN. Two empty files beside the database are locked
in turn: who waits for the pen holds the place at the door meanwhile, so that the one who has just written
can't be first again. The kernel gives both up when a process ends, however it ends.

SQLite's own lock stays what makes it right; this only makes it fair.
"""

import random
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # No such locks on this system: SQLite's own waiting has to do.
    fcntl = None  # type: ignore[assignment]

LOOK_S = 0.001
GIVE_UP_S = 15.0


class TurnTimeoutError(Exception):
    """Nobody let go of the pen in time."""


@contextmanager
def turn(database: Path) -> Iterator[None]:
    """Hold the pen of the database file at `database` until the block ends.

    Raises TurnTimeoutError after fifteen seconds. Where the folder can't be written nobody can queue, and
    the database will say itself that it can't be written either.
    """
    with ExitStack() as held:
        files = _files(database, held)
        if fcntl is not None and files is not None:
            door, pen = files
            deadline = time.monotonic() + GIVE_UP_S
            _take(door.fileno(), deadline)
            _take(pen.fileno(), deadline)
            fcntl.flock(door, fcntl.LOCK_UN)
        yield


def _files(database: Path, held: ExitStack) -> tuple[BinaryIO, BinaryIO] | None:
    """The door and the pen, closed with `held`; None where the folder can't be written."""
    names = [Path(f"{database}.{name}") for name in ("door", "pen")]
    try:
        door, pen = [held.enter_context(name.open("ab")) for name in names]
    except OSError:
        return None
    return door, pen


def _take(descriptor: int, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise TurnTimeoutError from None
            time.sleep(random.uniform(0.5, 1.5) * LOOK_S)  # noqa: S311 - spreads the looks
