"""Open a course for a change: the locks in one order, and the rows as they are behind them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from scheduler.db.locks import lock_days, lock_patient
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.courses.standing import is_finished
from scheduler.models import (
    Course,
    CourseChange,
    CourseStatus,
    Infusion,
    InfusionChange,
    ProtocolVersion,
    Site,
)

NO_VISIT = "There is no such visit. It may belong to a patient who was merged or removed."
LONGEST_REASON = 500


@dataclass(frozen=True)
class Opened:
    """A course whose rows nobody else changes until the transaction ends."""

    course: Course
    visits: dict[int, Infusion]
    site: Site
    version: ProtocolVersion

    def visit(self, infusion_id: int) -> Infusion:
        """One of its visits; NotFoundError for any other."""
        if infusion_id not in self.visits:
            raise NotFoundError(NO_VISIT)
        return self.visits[infusion_id]


def course_of(session: Session, infusion_id: int) -> int:
    """The id of the course that a visit belongs to. Raises NotFoundError."""
    found = session.scalar(select(Infusion.course_id).where(Infusion.id == infusion_id))
    if found is None:
        raise NotFoundError(NO_VISIT)
    return found


def open_course(
    session: Session, course_id: int, days: Iterable[date] = (), leaving: Collection[int] | None = ()
) -> Opened:
    """Lock the days that change hands, the patient and the course, in this order, and read all its rows.

    `days` are those that visits come to; the days that the visits `leaving` stand on (None: all of
    the course's) are locked as well.
    """
    found = session.execute(
        select(Course.patient_id, Course.site_id).where(Course.id == course_id)
    ).one_or_none()
    if found is None:
        raise NotFoundError("There is no such course. It may belong to a patient who was merged or removed.")
    given_up = select(Infusion.local_day).where(Infusion.course_id == course_id)
    if leaving is not None:
        given_up = given_up.where(Infusion.id.in_(leaving))
    left = session.scalars(given_up).all()
    lock_days(session, [(found.site_id, day) for day in (*days, *left)])
    lock_patient(session, found.patient_id)
    course = session.scalars(
        select(Course)
        .options(selectinload(Course.infusions))
        .where(Course.id == course_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    visits = {row.id: row for row in course.infusions}
    version = session.get_one(ProtocolVersion, course.protocol_version_id)
    return Opened(course, visits, session.get_one(Site, course.site_id), version)


def reason_of(text: str, sentence: str) -> str:
    """The reason without blanks around it. Raises RuleError with `sentence` where there is none."""
    words = text.strip()
    if not words:
        raise RuleError(sentence, field="reason")
    if len(words) > LONGEST_REASON or "\x00" in words:
        raise RuleError(f"Write the reason in at most {LONGEST_REASON} characters.", field="reason")
    return words


def must_go_on(course: Course) -> None:
    """Refuse a change that only an active course takes."""
    if course.status is CourseStatus.ON_HOLD:
        raise ConflictError("The course is on hold. Resume it first.")
    if course.status is CourseStatus.DISCONTINUED:
        raise ConflictError("The course was discontinued. Book a new one instead.")


def close_or_reopen(opened: Opened, at: datetime) -> None:
    """Let the course be completed once all of it is, and active again where that no longer holds."""
    course = opened.course
    if course.status not in (CourseStatus.ACTIVE, CourseStatus.COMPLETED):
        return
    finished = is_finished(course.infusions, opened.version.infusions)
    if finished and course.status is CourseStatus.ACTIVE:
        course.status, course.closed_at = CourseStatus.COMPLETED, at
    elif not finished and course.status is CourseStatus.COMPLETED:
        course.status, course.closed_at = CourseStatus.ACTIVE, None


def last_change(session: Session, infusion_id: int) -> CourseChange | None:
    """The newest change of a visit."""
    return session.scalar(
        select(CourseChange)
        .join(InfusionChange, InfusionChange.change_id == CourseChange.id)
        .where(InfusionChange.infusion_id == infusion_id)
        .order_by(CourseChange.id.desc())
        .limit(1)
    )


def by_whom(session: Session, infusion_id: int, site: Site) -> str:
    """`changed by Rosa at 09:41`, of a visit's newest change, in the site's time."""
    change = last_change(session, infusion_id)
    if change is None:
        return "changed meanwhile"
    return f"changed by {change.actor} at {_local(change.at, site):%H:%M}"


def _local(at: datetime, site: Site) -> datetime:
    return at.astimezone(ZoneInfo(site.tz))
