"""The outcomes as one file: a line for each share, with its n and its interval."""

from collections.abc import Iterator

from scheduler.features.reports.outcomes.interval import Line
from scheduler.features.reports.outcomes.report import Outcomes
from scheduler.rendering.sheet import Cell, sheet

HEAD = ("table", "line", "n", "count", "per cent", "95 % from", "95 % to")
HIDDEN = "not shown"
Row = tuple[Cell, ...]


def outcomes_sheet(found: Outcomes) -> bytes:
    """The file. What would tell of fewer than five people says "not shown"."""
    return sheet(HEAD, _rows(found))


def _rows(found: Outcomes) -> Iterator[Row]:
    if not found.begun:
        yield ("courses", "begun", None, HIDDEN if found.is_small else 0, None, None, None)
        return
    counts = (
        ("begun", found.begun), ("completed", found.completed), ("discontinued", found.discontinued),
        ("ended", found.ended), ("still open", found.still_open),
    )  # fmt: skip
    for label, count in counts:
        yield ("courses", label, None, HIDDEN if count is None else count, None, None, None)
    tables = (
        ("drop-out", [found.drop_out] if found.drop_out else []),
        ("drop-out by infusions", found.drop_outs),
        ("completed courses", found.at_end),
        ("discontinued courses", found.broken_off),
        ("responders by infusion", [each.line for each in found.reached]),
        ("infusions with an adverse event", [*found.events.doses, *filter(None, [found.events.whole])]),
        ("infusions with the event", found.events.terms),
    )
    for table, lines in tables:
        for line in lines:
            yield from _line(table, line)
    for line in found.events.doses:
        yield from _line(
            "infusions with an event of grade 3 or more", Line(line.label, line.of, line.serious)
        )


def _line(table: str, line: Line) -> Iterator[Row]:
    if line.of == 0:
        return
    low, high = line.bounds or (None, None)
    figures: list[Cell] = [None if each is None else round(each, 1) for each in (line.percent, low, high)]
    of, count = (HIDDEN if each is None else each for each in (line.of, line.count))
    yield (table, line.label, of, count, *figures)
