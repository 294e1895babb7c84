"""What stands on the patient's page of a visit."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.courses.actions.respond import change_key
from scheduler.features.courses.preparation.lists import Ready, list_of
from scheduler.features.outbox.calendar_parts import event_facts
from scheduler.features.outbox.letters import visit_facts
from scheduler.features.outbox.links import link_holder
from scheduler.features.tasks.queries import waiting_task
from scheduler.models import (
    CourseChange,
    Infusion,
    InfusionChange,
    InfusionStatus,
    Patient,
    PatientLink,
    Site,
)
from scheduler.rendering.facts import DateOrder, EventFacts, Locale

STAGES = {
    InfusionStatus.CANCELLED: "cancelled",
    InfusionStatus.MISSED: "missed",
    InfusionStatus.COMPLETED: "over",
    InfusionStatus.ARRIVED: "begun",
    InfusionStatus.IN_PROGRESS: "begun",
}
DEAD = "This link opens nothing."


@dataclass(frozen=True)
class Opened:
    """The visit behind a link as its patient sees it. There is no name in it, and no number of the visit.

    stage: ahead, begun, over, missed or cancelled; version: the schedule version that an answer is given to;
    was: the start that the message with this link told, where it has changed since; asked: the local start
    that was chosen instead and waits for an answer; phone: as it is dialled. The link is None where the
    patient came from their own pages.
    """

    link_id: int | None
    infusion_id: int
    patient_id: int
    touched_at: datetime | None
    expires_at: datetime | None
    stage: str
    version: int
    confirmation: str
    was: datetime | None
    asked: datetime | None
    phone: str
    clinic: str
    event: EventFacts
    locale: Locale
    language: str
    items: tuple[Ready, ...]


def opened(session: Session, raw: str, at: datetime) -> Opened:
    """The page behind a token. Raises NotFoundError, the same for whatever opens nothing."""
    link = link_holder(session, raw, at)
    if link is None or link.infusion_id is None:
        raise NotFoundError(DEAD)
    return _page(session, session.get_one(Infusion, link.infusion_id), at, link)


def own_visit(session: Session, patient_id: int, infusion_id: int, at: datetime) -> Opened:
    """The page of one of a patient's visits. Raises NotFoundError, also for somebody else's."""
    visit = session.get(Infusion, infusion_id)
    if visit is None or visit.patient_id != patient_id:
        raise NotFoundError(DEAD)
    return _page(session, visit, at, None)


def _page(session: Session, visit: Infusion, at: datetime, link: PatientLink | None) -> Opened:
    site = session.get_one(Site, visit.site_id)
    return Opened(
        link_id=link.id if link else None,
        infusion_id=visit.id,
        patient_id=visit.patient_id,
        touched_at=link.last_used_at if link else None,
        expires_at=link.expires_at if link else None,
        stage=_stage(visit, at),
        version=visit.schedule_version,
        confirmation=visit.confirmation,
        was=_told(session, link, visit) if link else None,
        asked=_asked(session, visit),
        phone=site.phone,
        clinic=site.discreet_name,
        event=event_facts(visit, visit_facts(visit, site)),
        locale=Locale(cast(DateOrder, site.date_order), site.clock24),
        language=session.get_one(Patient, visit.patient_id).language,
        items=list_of(session, visit.id),
    )


def _stage(visit: Infusion, at: datetime) -> str:
    if visit.status is not InfusionStatus.SCHEDULED:
        return STAGES[visit.status]
    if visit.starts_at > at:
        return "ahead"
    return "begun" if visit.ends_at > at else "over"


def _asked(session: Session, visit: Infusion) -> datetime | None:
    task = waiting_task(session, change_key(visit))
    facts = task.facts if task else {}
    return datetime.fromisoformat(f"{facts['day']}T{facts['time']}") if "day" in facts else None


def _told(session: Session, link: PatientLink, visit: Infusion) -> datetime | None:
    """The start when the link was made: what stood before the first change after it."""
    changes = session.scalars(
        select(InfusionChange)
        .join(CourseChange, CourseChange.id == InfusionChange.change_id)
        .where(InfusionChange.infusion_id == visit.id, CourseChange.at > link.created_at)
        .order_by(InfusionChange.id)
        .limit(1)
    ).all()
    known = [str((change.before or {}).get("starts_at") or "") for change in changes]
    told = datetime.fromisoformat(known[0]) if known and known[0] else visit.starts_at
    return None if told == visit.starts_at else told
