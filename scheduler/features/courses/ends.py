"""The pages that ask before visits are given up: what it does, in figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.courses.queries import course as get_course
from scheduler.features.courses.standing import open_numbers
from scheduler.features.courses.words import counted, day_words, numbers
from scheduler.models import Course, Infusion, InfusionStatus


@dataclass(frozen=True)
class EndPage:
    """One question: `points` say what it does, `options` what can be chosen, `go` what the button does."""

    course_id: int
    patient_id: int
    title: str
    patient: str
    points: tuple[str, ...]
    go: str
    legend: str = ""
    options: tuple[tuple[str, str], ...] = ()
    asks_day: bool = False
    asks_reason: bool = True
    calm: bool = False
    back: str = ""


def cancel_page(session: Session, infusion_id: int) -> EndPage:
    """Cancel one visit, or this one and all that follow. Raises NotFoundError."""
    row, rest = _with_rest(session, infusion_id)
    course = get_course(session, row.course_id)
    wall = row.starts_at.astimezone(ZoneInfo(course.site.tz))
    options: tuple[tuple[str, str], ...] = ()
    if len(rest) > 1:
        options = (
            ("one", "Only this visit"),
            ("rest", f"This one and all that follow: {counted(len(rest))} visits"),
        )
    return EndPage(
        course.id,
        course.patient_id,
        f"Cancel visit {row.number}",
        course.patient.name,
        (
            f"Visit {row.number} on {day_words(wall.date())} at {wall:%H:%M} gives back its chair.",
            "The patient is told by mail, for each visit that is cancelled.",
            "The number is open again: a new date can be planned for it.",
        ),
        "Cancel it",
        legend="Which",
        options=options,
    )


def rest_of(session: Session, infusion_id: int) -> tuple[int, list[int]]:
    """The course of a visit, and the visits that are scheduled from it on. Raises NotFoundError."""
    row, rest = _with_rest(session, infusion_id)
    return row.course_id, [each.id for each in rest]


def hold_page(session: Session, course_id: int) -> EndPage:
    """Put a course on hold."""
    course = get_course(session, course_id)
    count = _to_come(course)
    return EndPage(
        course.id,
        course.patient_id,
        "Put the course on hold",
        course.patient.name,
        (
            "No reminder goes out while it is on hold.",
            "Kept visits hold their chairs to the end of the day you name, and a task asks about them then.",
            "If nobody resumes the course by then, they are given back that night and the patient is told.",
            f"Releasing gives back {_visits(count)} now and tells the patient.",
        ),
        "Put it on hold",
        legend="Visits to come",
        options=(("keep", "Keep them until a day"), ("release", "Release them now")),
        asks_day=True,
    )


def resume_page(session: Session, course_id: int) -> EndPage:
    """Let a course go on."""
    course = get_course(session, course_id)
    count = _to_come(course)
    missing = open_numbers(course.infusions, course.protocol_version.infusions)
    one = count == 1
    kept = f"{_visits(count).capitalize()} still {'stands and goes' if one else 'stand and go'} on as booked."
    points = [kept if count else "No visit is booked.", "Reminders go out again."]
    if missing:
        have = "has no date: it is" if len(missing) == 1 else "have no date: they are"
        points.insert(1, f"No. {numbers(missing)} {have} found next.")
    return EndPage(
        course.id,
        course.patient_id,
        "Resume the course",
        course.patient.name,
        tuple(points),
        "Resume it and find dates" if missing else "Resume it",
        asks_reason=False,
        calm=True,
    )


def lacks_dates(session: Session, course_id: int) -> bool:
    """Whether numbers of the course have no visit. Raises NotFoundError."""
    course = get_course(session, course_id)
    return bool(open_numbers(course.infusions, course.protocol_version.infusions))


def discontinue_page(session: Session, course_id: int) -> EndPage:
    """End a course early."""
    course = get_course(session, course_id)
    return EndPage(
        course.id,
        course.patient_id,
        "End the course early",
        course.patient.name,
        (
            f"Cancels {_visits(_to_come(course))} and tells the patient.",
            "What was done stays as it is. The course can't be resumed; a new one can be booked.",
        ),
        "End the course",
    )


def _with_rest(session: Session, infusion_id: int) -> tuple[Infusion, Sequence[Infusion]]:
    row = session.get(Infusion, infusion_id)
    if row is None:
        raise NotFoundError("There is no such visit. It may belong to a patient who was merged or removed.")
    rest = session.scalars(
        select(Infusion)
        .where(
            Infusion.course_id == row.course_id,
            Infusion.status == InfusionStatus.SCHEDULED,
            Infusion.number >= row.number,
        )
        .order_by(Infusion.number)
    ).all()
    return row, rest


def _to_come(course: Course) -> int:
    return sum(row.status is InfusionStatus.SCHEDULED for row in course.infusions)


def _visits(count: int) -> str:
    return "one visit" if count == 1 else f"{counted(count)} visits"
