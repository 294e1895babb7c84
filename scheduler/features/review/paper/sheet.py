"""The course log and the log of one infusion as files, from their records.

Of a signed course everything printed is as it was signed: the facts come from the signed bytes, and the
drawing ends with the signature, without the clinic's past courses, which change with every course that ends.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from scheduler.features.review.paper import tables
from scheduler.features.review.paper.frame import Frame, frame_of
from scheduler.features.review.paper.parts import Facts, Table, VisitSheet
from scheduler.features.review.paper.tasks import tasks
from scheduler.features.review.paper.visit import visit_sheet
from scheduler.features.review.paper.wall import Wall, said_day, short_day
from scheduler.rendering.canonical import Facts as Plain
from scheduler.rendering.canonical import instant
from scheduler.rendering.pdf import make_pdf
from scheduler.rendering.templates import fill
from scheduler.rendering.trajectory import TrajectoryFacts, describe, trajectory_svg, without_past

STATES = {
    "active": "Under way", "completed": "Completed", "on_hold": "On hold", "discontinued": "Discontinued",
}  # fmt: skip


@dataclass(frozen=True)
class CourseSheet:
    """A course on paper: its frame, its infusions as dots, its progress, and what is told of it."""

    paper: Frame
    dots: Sequence[str]
    picture: Any
    picture_said: str
    tables: Sequence[Table]
    visits: Sequence[VisitSheet]


def course_pdf(record: Plain, drawn: TrajectoryFacts, now: datetime, *, letter: bool) -> bytes:
    """The file of a `course_record`; `now` is said where nobody signed it. Raises CannotMakePdf."""
    sheet = course_sheet(record, drawn, now)
    return make_pdf(fill("pdf/course_log.html", paper=sheet.paper, sheet=sheet, **_page(letter)))


def course_sheet(record: Plain, drawn: TrajectoryFacts, now: datetime) -> CourseSheet:
    """What is printed of a `course_record`."""
    wall = Wall(record["site"]["tz"])
    frame = frame_of(record, "Course log", _facts(record), _signatures(record), now)
    progress = until(without_past(drawn), instant(frame.dated))
    found = (
        tables.infusions(record, wall),
        tables.deviations(record, wall),
        tables.alerts(record, wall),
        tables.medicines(record, wall),
        tables.missing(record, wall),
        tables.ratings(record, wall),
        tasks(record, wall),
    )
    return CourseSheet(
        frame,
        _dots(record),
        trajectory_svg(progress, ident=f"course-{record['course']['id']}") if progress.tracks else None,
        describe(progress),
        [table for table in found if table.rows or table.empty],
        [visit_sheet(visit, wall) for visit in record["visits"] if visit["log"]],
    )


def visit_pdf(record: Plain, now: datetime, *, letter: bool) -> bytes:
    """The file of a `log_record` with its `signature` and `addenda`. Raises CannotMakePdf."""
    visit = record["visit"]
    facts = [("Infusion", f"No. {visit['number']}, {short_day(visit['day'])}")]
    frame = frame_of(record, "Infusion log", facts, [(record["signature"], "Signed the log")], now)
    sheet = visit_sheet(visit, Wall(record["site"]["tz"]))
    return make_pdf(fill("pdf/infusion_log.html", paper=frame, sheet=sheet, **_page(letter)))


def until(facts: TrajectoryFacts, end: datetime) -> TrajectoryFacts:
    """The drawing without what came after `end`: weekly ratings go on beside a signed log."""
    tracks = [
        replace(
            track,
            points=[point for point in track.points if point.at <= end],
            missing=[at for at in track.missing if at <= end],
        )
        for track in facts.tracks
    ]
    return replace(facts, tracks=[track for track in tracks if track.points or track.pairs])


def _page(letter: bool) -> dict[str, object]:
    return {"letter": letter}


def _facts(record: Plain) -> Facts:
    course, protocol = record["course"], record["protocol"]
    given = [visit for visit in record["visits"] if visit["status"] == "completed"]
    found = [
        ("Protocol", f"{protocol['name']}, version {protocol['version']}"),
        ("Course", STATES[course["status"]]),
        ("Infusions", f"{len(given)} of {protocol['infusions']} completed"),
    ]
    if given:
        found.append(("First to last", f"{said_day(given[0]['day'])} to {said_day(given[-1]['day'])}"))
    return found + ([("Reason", course["status_reason"])] if course["status_reason"] else [])


def _dots(record: Plain) -> list[str]:
    """The state of each infusion of the protocol, "open" for one that is still to come."""
    # A replaced visit stands before its replacement, which is what counts.
    last = {visit["number"]: visit["status"] for visit in record["visits"]}
    numbers = range(1, max([record["protocol"]["infusions"], *last]) + 1)
    return [last.get(number, "open") for number in numbers]


def _signatures(record: Plain) -> Iterator[tuple[Plain | None, str]]:
    """The course's own first, the second beside it, then those of the logs by infusion."""
    yield record["signature"], "Signed the course log"
    yield record["co_signature"], "Signed the course log as the second"
    for visit in record["visits"]:
        yield (
            record["log_signatures"].get(str(visit["id"])),
            f"Signed the log of infusion no. {visit['number']}",
        )
