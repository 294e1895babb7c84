"""Two courses, any deeds in any order, days passing between: the truths of `truths.py` hold after each.

The patient is asked too: whoever has read all their mail knows every visit that is to come, and no other.
"""

import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from scheduler.actor import WORKER
from scheduler.db import Database
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.courses.actions.call import Call, note_call
from scheduler.features.courses.actions.cancel import cancel_visits
from scheduler.features.courses.actions.counts import say_counts
from scheduler.features.courses.actions.discontinue import discontinue_course
from scheduler.features.courses.actions.expect import expect
from scheduler.features.courses.actions.hold import hold_course, resume_course
from scheduler.features.courses.actions.place import place_visits
from scheduler.features.courses.actions.release import release_kept
from scheduler.features.courses.actions.step import take_step
from scheduler.features.courses.actions.undo import undo
from scheduler.features.courses.placing import Override, Placement
from scheduler.features.courses.queries import holds_over
from scheduler.features.courses.standing import open_numbers
from scheduler.features.courses.transitions import TRANSITIONS, Step, steps_from
from scheduler.features.outbox.letters import NotToBeSent, read_letter
from scheduler.features.reminders.actions import write_reminders
from scheduler.features.reminders.queries import due_reminders
from scheduler.models import Course, CourseChange, Infusion, Message, MessageStatus, Purpose
from tests.features.courses.life import truths
from tests.support.changes import LATER, MONDAY, ROSA, booked
from tests.support.clinic import SmallClinic, make_patient, small_clinic

NUMBERS = st.integers(0, 40)
DAYS = st.integers(-2, 3)
HOURS = st.sampled_from(["09:30", "09:30", "09:50", "13:30", "15:00"])


class Life(RuleBasedStateMachine):
    """Two patients with six visits each, at the same hour of the same days, in two chairs' worth of room."""

    template: Path
    clinic: SmallClinic

    @initialize()
    def begin(self) -> None:
        """A copy of the clinic with both courses booked."""
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "life.sqlite3"
        shutil.copyfile(self.template, path)
        self.database = Database(f"sqlite:///{path}")
        self.now = LATER
        self.known: dict[int, set[datetime]] = {}

    def teardown(self) -> None:
        """Nothing of it stays."""
        if hasattr(self, "database"):
            self.database.dispose()
            self.folder.cleanup()

    def do(self, deed: Callable[[Session], object]) -> None:
        """Try it: the rules may refuse, and anything else is an error."""
        with suppress(ConflictError, RuleError, NotFoundError):
            self.database.attempt(deed)

    def visit(self, pick: int, *states: str) -> Infusion:
        """One of the visits, where there is one in one of these states."""
        with self.database.read() as session:
            rows = session.scalars(select(Infusion).order_by(Infusion.id)).all()
            wanted = [row for row in rows if row.status.value in states] or rows
            return wanted[pick % len(wanted)]

    def course(self, pick: int, *states: str) -> Course:
        """One of the courses with its visits, where there is one in one of these states."""
        with self.database.read() as session:
            rows = self.courses(session)
            wanted = [row for row in rows if row.status.value in states] or rows
            return wanted[pick % len(wanted)]

    def courses(self, session: Session) -> list[Course]:
        """Both, with their visits."""
        return list(
            session.scalars(
                select(Course).options(selectinload(Course.infusions), selectinload(Course.protocol_version))
            ).all()
        )

    @rule(pick=NUMBERS, turn=st.integers(0, 3), reason=st.sampled_from(["Because", "Because", ""]))
    def step(self, pick: int, turn: int, reason: str) -> None:
        """A step that follows from where the visit is, or (turn 3) from anywhere else."""
        row = self.visit(pick)
        usual = steps_from(row.status)
        step = usual[turn % len(usual)] if usual and turn < 3 else list(Step)[pick % len(Step)]
        seen = TRANSITIONS[step].before
        counts = {0: None, 1: True, 2: False}[pick % 3] if step is Step.STOP else None
        self.do(lambda s: take_step(s, ROSA, self.now, row.id, step, seen=seen, reason=reason, counts=counts))

    @rule(pick=NUMBERS)
    def nobody_comes(self, pick: int) -> None:
        """The hour of a visit passes, and it is marked as missed."""
        row = self.visit(pick % 3, "scheduled")
        self.now = max(self.now, row.starts_at + timedelta(hours=1))
        self.do(lambda s: take_step(s, ROSA, self.now, row.id, Step.MISS, seen=row.status))

    @rule(pick=NUMBERS, stop=st.booleans())
    def whole_visit(self, pick: int, stop: bool) -> None:
        """The visit takes place on its day, to its end or not."""
        row = self.visit(pick % 3, "scheduled")
        if row.starts_at < self.now:
            return
        self.now = row.starts_at
        last = (Step.STOP, "Felt sick") if stop else (Step.COMPLETE, "")
        for step, reason in ((Step.ARRIVE, ""), (Step.START, ""), last):
            seen = TRANSITIONS[step].before
            self.do(
                lambda s, step=step, seen=seen, reason=reason: take_step(  # type: ignore[misc]
                    s, ROSA, self.now, row.id, step, seen=seen, reason=reason
                )
            )

    @rule(pick=NUMBERS, counts=st.booleans())
    def word(self, pick: int, counts: bool) -> None:
        """A clinician says whether a stopped infusion counts."""
        with self.database.read() as session:
            rows = session.scalars(
                select(Infusion.id).where(Infusion.stopped_early).order_by(Infusion.id)
            ).all()
        if rows:
            self.do(lambda s: say_counts(s, ROSA, self.now, rows[pick % len(rows)], counts))

    @rule(pick=NUMBERS, call=st.sampled_from([None, *Call]))
    def phone(self, pick: int, call: Call | None) -> None:
        """Somebody is called about a visit and may say that they come, or they call (None): they are late."""
        row = self.visit(pick)
        if call is None:
            self.do(lambda s: expect(s, ROSA, self.now, row.id, self.now + timedelta(minutes=pick)))
            return
        comes = [row.id] if call is Call.REACHED and pick % 2 else []
        seen = {row.id: row.schedule_version}
        self.do(lambda s: note_call(s, ROSA, self.now, row.course_id, call, seen=seen, comes=comes))

    @rule(pick=NUMBERS, rest=st.booleans())
    def cancel(self, pick: int, rest: bool) -> None:
        """One visit, or it and all that follow."""
        row = self.visit(pick, "scheduled")
        with self.database.read() as session:
            ids = session.scalars(
                select(Infusion.id).where(
                    Infusion.course_id == row.course_id,
                    Infusion.number >= row.number,
                    Infusion.status == "scheduled",
                )
            ).all()
        chosen = ids if rest else [row.id]
        self.do(lambda s: cancel_visits(s, ROSA, self.now, row.course_id, chosen, "On holiday"))

    @rule(pick=NUMBERS, keep=st.one_of(st.none(), st.integers(-1, 30)))
    def hold(self, pick: int, keep: int | None) -> None:
        """A course is put on hold, its visits kept for some days or released."""
        course = self.course(pick)
        until = None if keep is None else self.now.date() + timedelta(days=keep)
        self.do(lambda s: hold_course(s, ROSA, self.now, course.id, "Ill", until))

    @rule(pick=NUMBERS)
    def resume(self, pick: int) -> None:
        """A course goes on."""
        course = self.course(pick, "on_hold")
        self.do(lambda s: resume_course(s, ROSA, self.now, course.id))

    @rule(pick=NUMBERS, sure=st.integers(0, 9))
    def discontinue(self, pick: int, sure: int) -> None:
        """A course ends early, seldom."""
        course = self.course(pick)
        if sure == 9:
            self.do(lambda s: discontinue_course(s, ROSA, self.now, course.id, "Moved away"))

    @rule(back=st.integers(0, 3))
    def take_back(self, back: int) -> None:
        """One of the newest changes is undone."""
        with self.database.read() as session:
            ids = session.scalars(select(CourseChange.id).order_by(CourseChange.id.desc()).limit(4)).all()
        self.do(lambda s: undo(s, ROSA, self.now, ids[back % len(ids)]))

    @rule(pick=NUMBERS, days=DAYS, clock=HOURS, chair=st.integers(0, 1), bent=st.booleans())
    def move(self, pick: int, days: int, clock: str, chair: int, bent: bool) -> None:
        """A visit goes elsewhere."""
        row = self.visit(pick, "scheduled")
        start = self.wall(row.local_day + timedelta(days=days), clock)
        spot = Placement(row.number, self.clinic.chairs[chair].id, start, row.id)
        self.place(row.course_id, spot, {row.id: row.schedule_version}, "moved", bent)

    @rule(pick=NUMBERS, days=DAYS, clock=HOURS, chair=st.integers(0, 1), bent=st.booleans())
    def replace(self, pick: int, days: int, clock: str, chair: int, bent: bool) -> None:
        """An open number gets a date."""
        course = next(
            (each for each in (self.course(pick), self.course(pick + 1)) if open_numbers(each.infusions, 6)),
            self.course(pick),
        )
        missing = open_numbers(course.infusions, 6)
        number = missing[pick % len(missing)] if missing else 1
        near = min(course.infusions, key=lambda row: (abs(row.number - number), row.id)).local_day
        start = self.wall(max(near, self.now.date()) + timedelta(days=days), clock)
        spot = Placement(number, self.clinic.chairs[chair].id, start, None)
        self.place(course.id, spot, {}, "resumed" if course.status.value == "on_hold" else "replaced", bent)

    def place(self, course_id: int, spot: Placement, seen: dict[int, int], kind: str, bent: bool) -> None:
        """As the move page does it, with a clinician's word on the spacing or without."""
        override = Override(("R10", "R11"), "Fine", self.clinic.users["clinician"].id) if bent else None
        more: dict[str, Any] = {"seen": seen, "kind": kind, "override": override}
        self.do(lambda s: place_visits(s, ROSA, self.now, course_id, [spot], **more))

    @staticmethod
    def wall(day: date, clock: str) -> datetime:
        """A local time."""
        return datetime.combine(day, time.fromisoformat(clock))

    @rule(by=st.sampled_from([1, 11, 60, 180, 24 * 60]))
    def time_passes(self, by: int) -> None:
        """Minutes or a day go by; the worker does what has become due."""
        self.now += timedelta(minutes=by)
        with self.database.read() as session:
            over, due = holds_over(session, self.now), due_reminders(session, self.now)
        for course_id in over:
            self.do(lambda s, id_=course_id: release_kept(s, WORKER, self.now, id_))  # type: ignore[misc]
        with self.database.write() as session:
            write_reminders(session, self.now, due)

    @rule(pick=NUMBERS)
    def time_comes(self, pick: int) -> None:
        """It is the hour of one of the visits."""
        self.now = max(self.now, self.visit(pick).starts_at)
        self.time_passes(1)

    @rule()
    def post_goes_out(self) -> None:
        """All that waits is looked at once more and read by the patients."""
        with self.database.write() as session:
            for message in session.scalars(
                select(Message).where(Message.status == MessageStatus.QUEUED).order_by(Message.id)
            ):
                self._read(session, message)
        with self.database.read() as session:
            for course in self.courses(session):
                ahead = {
                    row.starts_at
                    for row in course.infusions
                    if row.status.value == "scheduled" and row.starts_at > self.now
                }
                knows = {start for start in self.known.get(course.patient_id, set()) if start > self.now}
                assert knows == ahead, "the patient knows other dates"

    def _read(self, session: Session, message: Message) -> None:
        knows = self.known.setdefault(message.patient_id, set())
        try:
            letter = read_letter(session, message, self.now)
        except NotToBeSent as left:
            message.status, message.reason = left.status, left.reason
            return
        message.status, message.sent_at = MessageStatus.SENT, self.now
        was = message.facts.get("was")
        knows -= {datetime.fromisoformat(was)} if was else set()
        if message.purpose is not Purpose.VISIT_CANCELLED:
            knows |= {visit.starts_at for visit in letter.visits}

    @invariant()
    def truths_hold(self) -> None:
        """After every deed."""
        if not hasattr(self, "database"):
            return
        with self.database.read() as session:
            courses = self.courses(session)
            truths.history_explains_the_rows(session, courses)
            truths.nobody_is_booked_twice(courses, self.clinic.site.tz)
            truths.numbers_are_unique_and_counts_true(session, courses)
            truths.messages_tell_the_truth(session)


@pytest.fixture
def two_courses(sqlite: Database, sqlite_url: str) -> None:
    """The small clinic with two courses booked, in a file to copy."""
    with sqlite.write() as session:
        clinic = small_clinic(session)
        other = make_patient(session, clinic.site, 2)
    booked(sqlite, clinic)
    booked(sqlite, clinic, first=MONDAY.replace(hour=13), patient=other, key="key-of-the-second-page")
    sqlite.dispose()
    Life.template, Life.clinic = Path(sqlite_url.removeprefix("sqlite:///")), clinic


@pytest.mark.usefixtures("two_courses")
def test_whatever_people_do_the_rows_the_history_and_the_mail_agree() -> None:
    run_state_machine_as_test(Life, settings=settings(max_examples=25, stateful_step_count=25, deadline=None))
