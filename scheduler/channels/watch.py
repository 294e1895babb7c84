"""Cut what lasts too long, whatever it waits for.

A timer of its own for each message would begin and end a thread for each. Here one thread serves many tries
after each other: it sleeps until the deadline that it knows, and looks then whether another one holds by now.
It ends when none does, and the next try begins a new one. The waits are all of one length, so a later
deadline never comes before the one that is slept for.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Watch:
    """Calls `cut` from another thread while a try lasts longer than `total` seconds; one try at a time."""

    def __init__(self, total: float, cut: Callable[[], None]) -> None:
        self._total = total
        self._cut = cut
        self._lock = threading.Lock()
        self._deadline: float | None = None
        self._runs = False

    @contextmanager
    def over(self) -> Iterator[None]:
        """Watch over the block. After it nothing is cut any more."""
        with self._lock:
            self._deadline = time.monotonic() + self._total
            if not self._runs:
                self._runs = True
                threading.Thread(target=self._run, daemon=True).start()
        try:
            yield
        finally:
            with self._lock:
                self._deadline = None

    def _run(self) -> None:
        wait = self._total
        while wait > 0:
            time.sleep(wait)
            with self._lock:
                wait = self._left()

    def _left(self) -> float:
        """Seconds until the deadline that holds; 0 where none does or it was just cut. Needs the lock."""
        left = 0.0 if self._deadline is None else self._deadline - time.monotonic()
        if self._deadline is not None and left <= 0:
            self._deadline = None
            self._cut()
        self._runs = left > 0
        return left
