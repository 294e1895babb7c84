"""Reading consultations for pages: one request's, with what the person is told, and what can be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.intake.consultations.free import clinician_names
from scheduler.features.intake.consultations.order import WAYS
from scheduler.features.intake.steps import GONE
from scheduler.features.outbox.queries.lines import MessageLine, for_request
from scheduler.models import Consultation, ConsultationRequest, Site

CONFIRMED = {"none": "", "confirmed": "They confirmed it", "change_asked": "They ask for another time"}
STATES = {"scheduled": "booked", "seen": "held", "missed": "did not come", "cancelled": "called off"}


@dataclass(frozen=True)
class Booked:
    """One consultation as people read it, times local to its site. A change says what `version` it saw."""

    id: int
    request_id: int
    clinician_id: int
    clinician: str
    way: str
    how: str
    starts_at: datetime
    ends_at: datetime
    status: str
    said: str
    reason: str
    confirmation: str
    arrived_at: datetime | None
    version: int

    @property
    def is_scheduled(self) -> bool:
        """Whether it is still to be held."""
        return self.status == "scheduled"

    @property
    def slot(self) -> str:
        """The value of a form that means this very time."""
        return slot_value(self.clinician_id, self.starts_at)


@dataclass(frozen=True)
class Asked:
    """A request, its site, all its consultations (the newest first) and what was written about them."""

    request: ConsultationRequest
    site: Site
    consultations: Sequence[Booked]
    messages: Sequence[MessageLine]

    @property
    def current(self) -> Booked | None:
        """The one that is still to be held."""
        return next((one for one in self.consultations if one.is_scheduled), None)

    @property
    def is_reachable(self) -> str:
        """What a confirmation goes by."""
        return "e-mail, with an invitation for their calendar" if self.request.email else "text message"

    @property
    def lacks_guardian(self) -> bool:
        """Whether a guardian has to be named before anything is booked."""
        return self.request.is_minor and not self.request.guardian_name


def slot_value(clinician_id: int, starts_at: datetime) -> str:
    """A time with a clinician as a form sends it."""
    return f"{clinician_id}@{starts_at.isoformat()}"


def asked(session: Session, request_id: int) -> Asked:
    """One request with its consultations. Raises NotFoundError for one that is gone."""
    request = session.get(ConsultationRequest, request_id)
    if request is None or request.erased_at is not None:
        raise NotFoundError(GONE)
    site = session.get_one(Site, request.site_id)
    messages = [line for line in for_request(session, request_id) if line.visit_at is not None]
    return Asked(request, site, consultations_of(session, request_id, site), messages)


def consultations_of(session: Session, request_id: int, site: Site) -> list[Booked]:
    """All consultations of a request, the newest first."""
    rows = session.scalars(
        select(Consultation).where(Consultation.request_id == request_id).order_by(Consultation.id.desc())
    ).all()
    names = clinician_names(session, {row.clinician_id for row in rows})
    return [booked(row, site.tz, names) for row in rows]


def booked(row: Consultation, tz: str, names: dict[int, str]) -> Booked:
    """One row as people read it, in the zone `tz`."""
    zone = ZoneInfo(tz)
    return Booked(
        row.id,
        row.request_id,
        row.clinician_id,
        names.get(row.clinician_id, ""),
        row.way,
        WAYS[row.way],
        row.starts_at.astimezone(zone),
        row.ends_at.astimezone(zone),
        row.status,
        STATES[row.status],
        row.status_reason,
        CONFIRMED[row.confirmation],
        row.arrived_at.astimezone(zone) if row.arrived_at else None,
        row.version,
    )


def request_of(session: Session, consultation_id: int) -> tuple[Booked, ConsultationRequest]:
    """One consultation and who asked for it. Raises NotFoundError for one that is gone."""
    row = session.get(Consultation, consultation_id)
    request = session.get_one(ConsultationRequest, row.request_id) if row else None
    if row is None or request is None or request.erased_at is not None:
        raise NotFoundError(GONE)
    tz = session.get_one(Site, row.site_id).tz
    return booked(row, tz, clinician_names(session, {row.clinician_id})), request
