"""The list of messages as a CSV file, piece by piece. It never holds what a message says."""

from collections.abc import Iterable, Iterator, Sequence

from scheduler.features.outbox.queries import MessageLine
from scheduler.features.outbox.redact import anonymous
from scheduler.rendering.sheet import Cell, sheet, sheet_lines

HEAD = ("Number", "Message", "By", "Record number", "For", "Visit", "State", "When", "Why")


def file_pieces(pieces: Iterable[Sequence[MessageLine]], *, named: bool) -> Iterator[bytes]:
    """The file; `named` gives the patients' names, without it reasons are stripped of addresses as well."""
    yield sheet(HEAD if named else (*HEAD[:4], *HEAD[5:]), ())
    for piece in pieces:
        yield sheet_lines(_cells(line) if named else _without_name(_cells(anonymous(line))) for line in piece)


def _cells(line: MessageLine) -> list[Cell]:
    return [
        line.id,
        line.label,
        line.channel,
        line.record_number,
        line.patient,
        f"{line.visit_at:%Y-%m-%d %H:%M %Z}" if line.visit_at else None,
        line.status,
        f"{line.when:%Y-%m-%d %H:%M %Z}",
        line.reason or None,
    ]


def _without_name(cells: Sequence[Cell]) -> list[Cell]:
    return [*cells[:4], *cells[5:]]
