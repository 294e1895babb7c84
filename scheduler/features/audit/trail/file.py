"""The trail as a file that is sent piece by piece."""

from collections.abc import Callable, Iterator

from scheduler.features.audit.trail.queries import Line
from scheduler.rendering.sheet import sheet_lines

HEAD = ("number", "time", "who", "deed", "about", "record number", "address", "details")


def pieces(read: Callable[[int | None], list[Line]]) -> Iterator[bytes]:
    """All that `read` gives, from the newest on; it is asked for what lies before a number."""
    yield b"\xef\xbb\xbf" + sheet_lines([HEAD])
    before: int | None = None
    while found := read(before):
        yield sheet_lines(
            [
                (
                    line.id, line.at.isoformat(timespec="seconds"), line.actor, line.deed, line.about,
                    line.record_number, line.address,
                    "; ".join(f"{name}: {value}" for name, value in line.details),
                )
                for line in found
            ]
        )  # fmt: skip
        before = found[-1].id
