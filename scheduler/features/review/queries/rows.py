"""The rows of one course, each table read once and not before somebody asks for it.

The record of a course, its progress, what it lacks and where its logs stand are different answers from the
same rows. Whoever needs several of them makes one `CourseRows` and hands it down; it lives no longer than the
session that it reads from. Rows that are only written down again are plain rows, not objects: a page makes
hundreds of them.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from scheduler.errors import NotFoundError
from scheduler.features.ratings.cognition.queries import run_rows
from scheduler.features.ratings.queries.facts import Asked, asked_in
from scheduler.features.ratings.timing import NOT_RATED
from scheduler.features.review.queries import under
from scheduler.features.review.queries.people import Who, people
from scheduler.models import (
    Alert,
    Chair,
    Course,
    CourseMedicine,
    Infusion,
    InfusionLog,
    Patient,
    ProtocolVersion,
    Rating,
    SignedRecord,
    SignOffRules,
    Site,
)

OF_COURSE: Any = bindparam("course_id")
WHOSE = (
    select(Course, Patient, Site, ProtocolVersion, SignOffRules.wants_second)
    .join(Patient, Patient.id == Course.patient_id)
    .join(Site, Site.id == Course.site_id)
    .join(ProtocolVersion, ProtocolVersion.id == Course.protocol_version_id)
    .outerjoin(SignOffRules, SignOffRules.site_id == Site.id)
    .options(joinedload(ProtocolVersion.phases))
    .where(Course.id == OF_COURSE)
)
VISITS = (
    select(Infusion, Chair.name, InfusionLog)
    .outerjoin(Chair, Chair.id == Infusion.chair_id)
    .outerjoin(InfusionLog, InfusionLog.infusion_id == Infusion.id)
    .where(Infusion.course_id == OF_COURSE)
    .order_by(Infusion.starts_at, Infusion.id)
)
_ratings, _infusions = Rating.__table__, Infusion.__table__
RATINGS = (
    select(_ratings, _infusions.c.number)
    .outerjoin(_infusions, _infusions.c.id == _ratings.c.infusion_id)
    .where(_ratings.c.course_id == OF_COURSE)
    .order_by(_ratings.c.rated_at, _ratings.c.id)
)
_signed, _alerts = SignedRecord.__table__, Alert.__table__
SIGNED = select(_signed).where(_signed.c.course_id == OF_COURSE).order_by(_signed.c.id)
ALERTS = select(_alerts).where(_alerts.c.course_id == OF_COURSE).order_by(_alerts.c.raised_at, _alerts.c.id)
_medicines = CourseMedicine.__table__
MEDICINES = (
    select(_medicines)
    .where(_medicines.c.course_id == OF_COURSE)
    .order_by(_medicines.c.from_day, _medicines.c.name, _medicines.c.id)
)


class Whose(NamedTuple):
    """What everything else of a course hangs on, and whether its site asks for a second signature."""

    course: Course
    patient: Patient
    site: Site
    version: ProtocolVersion
    wants_second: bool | None


class Charted(NamedTuple):
    """One visit, the name of its chair, and its log if one was begun."""

    visit: Infusion
    chair: str | None
    log: InfusionLog | None


class CourseRows:
    """What is stored of one course. Raises NotFoundError where there is no such course."""

    def __init__(self, session: Session, course_id: int) -> None:
        self.session = session
        self.course_id = course_id
        self._own = {"course_id": course_id}
        found = session.execute(WHOSE, self._own).unique().one_or_none()
        if found is None:
            raise NotFoundError("There is no such course. Find the patient, and open it from there.")
        self.whose = Whose(*found)

    @cached_property
    def who(self) -> Who:
        """The members of staff by id."""
        return people(self.session)

    @cached_property
    def visits(self) -> Sequence[Charted]:
        """All visits by date, cancelled and missed ones too."""
        return [Charted(*row) for row in self.session.execute(VISITS, self._own)]

    @property
    def taking_place(self) -> list[Infusion]:
        """The visits that were neither missed nor cancelled, by date."""
        return [row.visit for row in self.visits if row.visit.status not in NOT_RATED]

    @cached_property
    def logs(self) -> Mapping[int, InfusionLog]:
        """The logs by their own id, by the date of their visit."""
        return {row.log.id: row.log for row in self.visits if row.log is not None}

    @cached_property
    def ratings(self) -> Sequence[Any]:
        """The columns of each rating with the `number` of its infusion, by true time, corrected ones too."""
        return self.session.execute(RATINGS, self._own).all()

    @cached_property
    def runs(self) -> Sequence[Any]:
        """The runs of short tasks by their beginning, as `run_rows` gives them."""
        return run_rows(self.session, self.course_id)

    @cached_property
    def signed(self) -> Mapping[int | None, Any]:
        """The signed records by infusion id; None is the course log itself."""
        return {row.infusion_id: row for row in self.session.execute(SIGNED, self._own)}

    @cached_property
    def alerts(self) -> Sequence[Any]:
        """All alerts in the order in which they were raised."""
        return self.session.execute(ALERTS, self._own).all()

    @cached_property
    def medicines(self) -> Sequence[Any]:
        """The medicines beside the course by the day from which they were taken, those struck out too."""
        return self.session.execute(MEDICINES, self._own).all()

    @cached_property
    def vitals(self) -> under.Rows:
        """The rows of vitals by log."""
        return under.vitals(self.session, self.course_id)

    @cached_property
    def holds(self) -> under.Rows:
        """What was done about a pressure, by the row of vitals."""
        return under.holds(self.session, self.course_id)

    @cached_property
    def lines(self) -> Mapping[str, under.Rows]:
        """The adverse events, rescue drugs and pauses of the pump by log, those struck out too."""
        return under.lines(self.session, self.course_id)

    @cached_property
    def asked(self) -> Asked:
        """Which ratings are asked and which were given."""
        own = self.signed.get(None)
        return asked_in(
            self.whose.course,
            self.whose.site.tz,
            [row.visit for row in self.visits],
            [row for row in self.ratings if row.voided_at is None],
            own.signed_at if own else None,
        )
