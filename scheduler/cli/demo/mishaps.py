"""What goes otherwise than booked: missed, called off, moved, broken off.

A replacement is planned like everything else, on a day that keeps the protocol's gaps and span, so that
a course with a mishap still keeps every rule. Where there is no such day, the mishap doesn't happen.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from scheduler.actor import Actor
from scheduler.cli.demo.chance import pick, stream, uuid_text
from scheduler.cli.demo.days import Calendar, at
from scheduler.cli.demo.diary import Diary
from scheduler.cli.demo.elsewhere import another_day, put
from scheduler.cli.demo.staff import Staff
from scheduler.features.courses.actions.write_change import Before, look, write_change
from scheduler.models import Course, CourseStatus, Infusion, InfusionStatus, Role, User

MISSED = ("Did not come", "Did not come, reached by phone later", "Forgot the day")
CALLED_OFF = ("Has a cold", "The car broke down", "Has to work", "A child is ill")
BROKEN_OFF = ("Wishes to stop", "Moved to another town", "Stopped on the clinician’s advice")
NOTICE = timedelta(days=5)
"""A visit is moved this long before its old and its new day: no reminder has gone out by then."""


class Mishaps:
    """Changes booked courses."""

    def __init__(self, session: Session, calendar: Calendar, seed: int, diary: Diary, staff: Staff) -> None:
        self.session, self.calendar, self.diary, self.staff = session, calendar, diary, staff
        self.chance = stream(seed, "mishaps")
        self.uids = stream(seed, "uids of replacements")
        self.kinds: dict[Callable[[Course], None] | None, int] = {
            None: 50,
            self._missed: 21,
            self._called_off: 10,
            self._moved: 12,
            self._broken_off: 7,
        }

    def happen(self) -> None:
        """Let it happen to some of the courses of several visits, one after the other."""
        courses = self.session.scalars(
            select(Course).options(selectinload(Course.infusions)).order_by(Course.id)
        ).all()
        for course in courses:
            kind = pick(self.chance, self.kinds)
            if kind is not None and len(course.infusions) > 1:
                kind(course)
        self.session.flush()

    def _missed(self, course: Course) -> None:
        for row in self._shuffled(self._past(course)[1:]):
            noticed = row.starts_at + timedelta(minutes=self.chance.randrange(40, 90))
            if self._replace(course, row, noticed, InfusionStatus.MISSED, self.chance.choice(MISSED)):
                return

    def _called_off(self, course: Course) -> None:
        for row in self._shuffled(self._past(course)[1:]):
            called = at(row.local_day - timedelta(days=1), self.chance.randrange(9 * 60, 16 * 60))
            if self._replace(course, row, called, InfusionStatus.CANCELLED, self.chance.choice(CALLED_OFF)):
                return

    def _replace(
        self, course: Course, row: Infusion, when: datetime, status: InfusionStatus, words: str
    ) -> bool:
        """Give up `row`, and put a new visit of the same number on a later day."""
        planned = another_day(self.diary, course, row, row.local_day + timedelta(days=1))
        if planned is None:
            return False
        before = look(course, [row])
        row.status, row.status_reason = status, words
        self._write(course, when, status.value, before, [row], words)
        new = Infusion(
            course_id=course.id,
            patient_id=row.patient_id,
            site_id=row.site_id,
            number=row.number,
            ics_uid=f"{uuid_text(self.uids)}@sixfold",
            ics_organizer=row.ics_organizer,
            replaces_id=row.id,
        )
        put(new, planned, row, when)
        self.session.add(new)
        self._write(course, when, "replaced", look(course), [new])
        self.diary.read_again(self.session)
        return True

    def _moved(self, course: Course) -> None:
        """One visit is moved by phone: the same row, its schedule version one higher."""
        asked = course.booked_at + timedelta(days=self.chance.randrange(1, 4))
        first = asked.date() + NOTICE
        for row in self._shuffled(course.infusions[1:]):
            is_ahead = row.local_day >= self.calendar.today
            planned = another_day(
                self.diary, course, row, max(first, self.calendar.today + NOTICE) if is_ahead else first
            )
            if planned is None or asked > min(row.starts_at - NOTICE, self.calendar.morning):
                continue
            before = look(course, [row])
            put(row, planned, row, asked)
            row.schedule_version, row.ics_sequence = 2, 1
            self._write(course, asked, "moved", before, [row])
            self.diary.read_again(self.session)
            return

    def _broken_off(self, course: Course) -> None:
        """The course ends after two to four visits; what was booked beyond is given back."""
        past = len(self._past(course))
        if past < 2:
            return
        kept = self.chance.randrange(2, min(past, 4) + 1)
        rest = course.infusions[kept:]
        when = course.infusions[kept - 1].ends_at + timedelta(hours=self.chance.randrange(2, 8))
        if not rest or when > self.calendar.morning:
            return
        reason = self.chance.choice(BROKEN_OFF)
        before = look(course, rest)
        course.status, course.status_reason = CourseStatus.DISCONTINUED, reason
        course.closed_at = when
        for row in rest:
            row.status, row.status_reason = InfusionStatus.CANCELLED, reason
        doctor = _actor(self.staff.of(Role.CLINICIAN, course.site_id)[0])
        write_change(self.session, doctor, when, course, "discontinued", before, rest, reason=reason)
        self.diary.read_again(self.session)

    def _past(self, course: Course) -> list[Infusion]:
        """Visits before today."""
        return [row for row in course.infusions if row.local_day < self.calendar.today]

    def _shuffled(self, rows: Sequence[Infusion]) -> list[Infusion]:
        return self.chance.sample(rows, len(rows))

    def _write(
        self,
        course: Course,
        when: datetime,
        kind: str,
        before: Before,
        rows: Sequence[Infusion],
        reason: str = "",
    ) -> None:
        """Write the history of it, as the clerk of the site."""
        clerk = _actor(self.staff.of(Role.FRONT_DESK, course.site_id)[0])
        write_change(self.session, clerk, when, course, kind, before, rows, reason=reason)


def _actor(user: User) -> Actor:
    return Actor(user.id, user.name)
