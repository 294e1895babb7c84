"""One request with all that belongs to its page: who asks, what happened, the way so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.intake.steps import GONE, LEGAL, OPEN, STEPS
from scheduler.features.path.queries.alike import alike
from scheduler.features.path.queries.later import later_of
from scheduler.features.path.stages import Later, Stage, stages
from scheduler.models import (
    ConsultationRequest,
    Course,
    Patient,
    RequestEvent,
    RequestStatus,
    Role,
    Site,
    User,
    UserRole,
)


@dataclass(frozen=True)
class Person:
    """Somebody who asked. `today` is the day at the site, `events` what happened, the oldest first; `course`
    is the one booked since they asked; `alike` are requests with the same phone number or mail address.
    """

    request: ConsultationRequest
    site: Site
    patient: Patient | None
    owner: str
    received: datetime
    today: date
    stages: Sequence[Stage]
    events: Sequence[RequestEvent]
    course: Course | None
    alike: Sequence[ConsultationRequest]

    @property
    def is_open(self) -> bool:
        """Whether somebody has something to do."""
        return self.request.status in OPEN and not (self.course and self.is_suitable)

    @property
    def is_suitable(self) -> bool:
        """Whether a clinician decided so."""
        return self.request.status is RequestStatus.SUITABLE

    @property
    def can_call(self) -> bool:
        """Whether speaking with them is what comes next, or may help."""
        return self.request.status in (RequestStatus.NEW, RequestStatus.CONTACTED)

    @property
    def can_reopen(self) -> bool:
        """Whether it has ended and may go on."""
        return RequestStatus.CONTACTED in LEGAL[self.request.status] and self.request.status not in OPEN

    @property
    def is_late(self) -> bool:
        """Whether what is next should have been done before today."""
        due = self.request.next_due
        return self.is_open and due is not None and due < self.today


@dataclass(frozen=True)
class Asked:
    """A request and the site where it was asked."""

    request: ConsultationRequest
    site: Site

    def today(self, now: datetime) -> date:
        """The day at the site."""
        return now.astimezone(ZoneInfo(self.site.tz)).date()


def asked_at(session: Session, request_id: int) -> Asked:
    """One request and its site. Raises NotFoundError."""
    request = one_request(session, request_id)
    return Asked(request, session.get_one(Site, request.site_id))


def one_request(session: Session, request_id: int) -> ConsultationRequest:
    """The request alone. Raises NotFoundError for one that is gone or erased."""
    found = session.get(ConsultationRequest, request_id)
    if found is None or found.erased_at is not None:
        raise NotFoundError(GONE)
    return found


def person(session: Session, request_id: int, now: datetime) -> Person:
    """One request with its page's facts. Raises NotFoundError."""
    request = one_request(session, request_id)
    site = session.get_one(Site, request.site_id)
    owner = session.get(User, request.owner_id) if request.owner_id else None
    patient = session.get(Patient, request.patient_id) if request.patient_id else None
    events = _events(session, request_id)
    zone = ZoneInfo(site.tz)
    today = now.astimezone(zone).date()
    course = _course_since(session, request)
    suitable = patient if request.status is RequestStatus.SUITABLE else None
    later = later_of(session, suitable, course, site.tz) if suitable else ()
    return Person(
        request=request,
        site=site,
        patient=patient,
        owner=owner.name if owner else "",
        received=request.received_at.astimezone(zone),
        today=today,
        stages=_way(request, events, today, zone, later),
        events=events,
        course=course,
        alike=alike(session, request),
    )


def staff_of(session: Session) -> list[tuple[int, str]]:
    """Who may look after a request, by name: everybody on the staff but those who only administer."""
    works = select(UserRole.user_id).where(UserRole.role != Role.ADMINISTRATOR)
    rows = session.execute(
        select(User.id, User.name)
        .where(User.disabled_at.is_(None), User.id.in_(works))
        .order_by(User.name, User.id)
    )
    return [(user_id, name) for user_id, name in rows]


def _events(session: Session, request_id: int) -> Sequence[RequestEvent]:
    return session.scalars(
        select(RequestEvent).where(RequestEvent.request_id == request_id).order_by(RequestEvent.id)
    ).all()


def _way(
    request: ConsultationRequest,
    events: Sequence[RequestEvent],
    today: date,
    zone: ZoneInfo,
    later: Sequence[Later],
) -> list[Stage]:
    known = {status.value: status for status in RequestStatus}
    reached = [
        (known[event.step], event.at.astimezone(zone).date()) for event in events if event.step in known
    ]
    return stages(reached, request.status, today, STEPS[request.status].words, later)


def _course_since(session: Session, request: ConsultationRequest) -> Course | None:
    if request.patient_id is None:
        return None
    return session.scalar(
        select(Course)
        .where(Course.patient_id == request.patient_id, Course.booked_at >= request.received_at)
        .order_by(Course.id)
        .limit(1)
    )
