"""The list of requests as a file."""

from collections.abc import Iterable

from scheduler.features.path.queries.queue import Line
from scheduler.features.path.words import LANGUAGES, WAYS, status_words
from scheduler.features.waiting.wish import half_day_words
from scheduler.rendering.sheet import Cell, sheet

HEAD = (
    "received", "name", "e-mail", "phone", "language", "would like", "could come", "site", "state", "since",
    "next", "due", "who", "days waited",
)  # fmt: skip


def requests_file(lines: Iterable[Line]) -> tuple[bytes, int]:
    """The file and how many requests stand in it."""
    rows = [_row(line) for line in lines]
    return sheet(HEAD, rows), len(rows)


def _row(line: Line) -> tuple[Cell, ...]:
    request = line.request
    return (
        f"{line.received:%Y-%m-%d %H:%M}",
        request.name,
        request.email,
        request.phone,
        LANGUAGES[request.language],
        WAYS[request.way],
        half_day_words(request.half_days),
        line.site.name,
        status_words(request.status),
        f"{request.status_since:%Y-%m-%d}",
        request.next_step,
        request.next_due.isoformat() if request.next_due else None,
        line.owner,
        line.waits,
    )
