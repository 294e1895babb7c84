"""One visit: who, when, where, and the course around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.courses.history import HistoryLine, history_of_visit
from scheduler.features.courses.preparation.lists import list_of
from scheduler.features.courses.standing import open_numbers
from scheduler.features.desk import words
from scheduler.features.desk.answers import answered, ticked
from scheduler.features.desk.deeds import Deeds, deeds_of
from scheduler.features.desk.dots import GONE, completed, six
from scheduler.features.desk.line import STATE_WORDS
from scheduler.features.desk.queries.visits import phase_facts
from scheduler.features.ratings import queries as ratings
from scheduler.models import (
    Chair,
    Course,
    CourseStatus,
    Infusion,
    InfusionStatus,
    Patient,
    PatientLink,
    ProtocolVersion,
    Site,
)


@dataclass(frozen=True)
class Step:
    """One phase with its planned times, local; state done, now or empty (templates/parts/marks.html)."""

    name: str
    starts_at: datetime
    ends_at: datetime
    state: str


@dataclass(frozen=True)
class Neighbour:
    """Another visit of the same course."""

    infusion_id: int
    number: int
    starts_at: datetime


@dataclass(frozen=True)
class Thing:
    """One thing to have ready, ticked or not, and by whom as a sentence."""

    item_id: int
    label: str
    said: str
    ticked: bool


@dataclass(frozen=True)
class VisitPage:
    """A visit as its page shows it; times at the site. `lacks` says which ratings wait, never a value.

    `answer` is what the patient said, `opened_at` when one of its links was last opened.
    """

    infusion_id: int
    course_id: int
    patient_id: int
    patient: str
    birth_date: date
    record_number: str
    phone: str | None
    archived: bool
    number: int
    six: list[str]
    status: str
    status_words: str
    status_reason: str | None
    confirmation: str
    answer: str
    starts_at: datetime
    ends_at: datetime
    chair: str
    site: str
    site_id: int
    address: str
    country: str
    protocol: str
    protocol_version: int
    moved: int
    steps: list[Step]
    previous: Neighbour | None
    following: Neighbour | None
    lacks: str
    today: date
    deeds: Deeds
    history: Sequence[HistoryLine]
    expected_at: datetime | None
    unsaid: bool
    on_hold: bool
    unplanned: bool
    ready: Sequence[Thing]
    opened_at: datetime | None

    @property
    def is_today(self) -> bool:
        """Whether it is planned for today."""
        return self.starts_at.date() == self.today

    @property
    def completed(self) -> int:
        """How many infusions of the course are completed."""
        return completed(self.six)

    @property
    def took_place(self) -> bool:
        """Whether it was neither missed nor cancelled, or may still come."""
        return self.status not in {status.value for status in GONE}


def visit_page(session: Session, infusion_id: int, now: datetime) -> VisitPage:
    """The page of one visit. Raises NotFoundError."""
    found = session.execute(
        select(Infusion, Course, Patient, Site, func.coalesce(Chair.name, "No chair on record"))
        .join(Course, Course.id == Infusion.course_id)
        .join(Patient, Patient.id == Infusion.patient_id)
        .join(Site, Site.id == Infusion.site_id)
        .outerjoin(Chair, Chair.id == Infusion.chair_id)
        .where(Infusion.id == infusion_id)
    ).one_or_none()
    if found is None:
        raise NotFoundError("There is no such visit. Find the patient, and open it from there.")
    visit, course, patient, site, chair = found
    zone = ZoneInfo(site.tz)
    version: ProtocolVersion = course.protocol_version
    siblings = session.scalars(
        select(Infusion).where(Infusion.course_id == course.id).order_by(Infusion.starts_at, Infusion.id)
    ).all()
    previous, following = _neighbours(siblings, visit, zone)
    today = now.astimezone(zone).date()
    return VisitPage(
        infusion_id=visit.id,
        course_id=course.id,
        patient_id=patient.id,
        patient=patient.name,
        birth_date=patient.birth_date,
        record_number=patient.record_number,
        phone=patient.phone,
        archived=patient.archived_at is not None,
        number=visit.number,
        six=six(siblings, today, version.infusions),
        status=visit.status.value,
        status_words=STATE_WORDS[visit.status],
        status_reason=visit.status_reason,
        confirmation=visit.confirmation,
        answer=answered(
            visit.confirmation,
            visit.confirmation_source,
            visit.confirmation_at.astimezone(zone) if visit.confirmation_at else None,
            today,
        ),
        starts_at=visit.starts_at.astimezone(zone),
        ends_at=visit.ends_at.astimezone(zone),
        chair=chair,
        site=site.name,
        site_id=site.id,
        address=site.address,
        country=site.country,
        protocol=version.protocol.name,
        protocol_version=version.version,
        moved=visit.schedule_version - 1,
        steps=_steps(visit, version, zone, now),
        previous=previous,
        following=following,
        lacks=words.lacking(ratings.due(session, [visit], {course.id: version}, now)[visit.id]),
        today=today,
        deeds=deeds_of(visit.status, visit.starts_at.astimezone(zone), now.astimezone(zone)),
        history=history_of_visit(session, visit.id, site.tz, now),
        expected_at=visit.expected_at.astimezone(zone) if visit.expected_at else None,
        unsaid=visit.stopped_early and visit.counts is None,
        on_hold=course.status is CourseStatus.ON_HOLD,
        unplanned=course.status is CourseStatus.ACTIVE
        and visit.status in GONE
        and visit.number in open_numbers(siblings, version.infusions),
        ready=_things(session, visit.id, now.astimezone(zone)),
        opened_at=_opened_at(session, visit.id, zone),
    )


def _things(session: Session, infusion_id: int, local_now: datetime) -> list[Thing]:
    return [
        Thing(item.item_id, item.label, ticked(item, local_now), item.at is not None)
        for item in list_of(session, infusion_id)
    ]


def _opened_at(session: Session, infusion_id: int, zone: ZoneInfo) -> datetime | None:
    found = session.scalar(
        select(func.max(PatientLink.last_used_at)).where(
            PatientLink.infusion_id == infusion_id, PatientLink.purpose == "visit"
        )
    )
    return found.astimezone(zone) if found else None


def _neighbours(
    siblings: Sequence[Infusion], visit: Infusion, zone: ZoneInfo
) -> tuple[Neighbour | None, Neighbour | None]:
    """The visits before and after it, by date; missed and cancelled ones too, since they have a page."""
    at = next(position for position, each in enumerate(siblings) if each.id == visit.id)
    around = [siblings[at - 1] if at else None, siblings[at + 1] if at + 1 < len(siblings) else None]
    before, after = (
        Neighbour(each.id, each.number, each.starts_at.astimezone(zone)) if each else None for each in around
    )
    return before, after


def _steps(visit: Infusion, version: ProtocolVersion, zone: ZoneInfo, now: datetime) -> list[Step]:
    """The phases by the clock, from when the visit began. Which one is on is only said where it has."""
    steps, begin = [], visit.started_at or visit.starts_at
    for phase in phase_facts(version.phases):
        end = begin + timedelta(minutes=phase.minutes)
        state = ""
        if visit.status is InfusionStatus.COMPLETED or (
            visit.status is InfusionStatus.IN_PROGRESS and end <= now
        ):
            state = "done"
        elif visit.status is InfusionStatus.IN_PROGRESS and begin <= now < end:
            state = "now"
        steps.append(Step(phase.name, begin.astimezone(zone), end.astimezone(zone), state))
        begin = end
    return steps
