"""What stands on the page of a consultation, and the times that can be asked for instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import NotFoundError
from scheduler.features.audit.actions import record_read
from scheduler.features.intake.consultations.free import times_for
from scheduler.features.outbox.consultation_links import consultation_holder
from scheduler.features.outbox.request_letters import consultation_event, consultation_facts
from scheduler.models import Consultation, ConsultationLink, ConsultationRequest, Site
from scheduler.rendering.facts import DateOrder, EventFacts, Locale

DEAD = "This link opens nothing."
STAGES = {"cancelled": "cancelled", "missed": "missed", "seen": "over"}


@dataclass(frozen=True)
class Talk:
    """The consultation behind a link. There is no name in it. `video` is where it is held, if by video.

    stage: ahead, begun, over, missed or cancelled; version: the schedule version that an answer is given to.
    """

    link_id: int
    consultation_id: int
    patient_id: int | None
    touched_at: datetime | None
    expires_at: datetime
    stage: str
    version: int
    confirmation: str
    way: str
    has_number: bool
    video: str
    phone: str
    clinic: str
    event: EventFacts
    locale: Locale
    language: str

    @property
    def was(self) -> datetime | None:
        """The page shows what holds; the mail has told what changed."""
        return None


def talk(session: Session, raw: str, at: datetime) -> Talk:
    """The page behind a token. Raises NotFoundError, the same for whatever opens nothing."""
    link = consultation_holder(session, raw, at)
    if link is None:
        raise NotFoundError(DEAD)
    row = session.get_one(Consultation, link.consultation_id)
    request = session.get_one(ConsultationRequest, link.request_id)
    site = session.get_one(Site, row.site_id)
    stage = STAGES.get(row.status) or ("ahead" if row.starts_at > at else _begun(row, at))
    return Talk(
        link_id=link.link_id,
        consultation_id=row.id,
        patient_id=request.patient_id,
        touched_at=link.touched_at,
        expires_at=link.expires_at,
        stage=stage,
        version=row.schedule_version,
        confirmation=row.confirmation,
        way=row.way,
        has_number=bool(request.phone),
        video=site.video_url if row.way == "video" and stage in ("ahead", "begun") else "",
        phone=site.phone,
        clinic=site.discreet_name,
        event=consultation_event(row, consultation_facts(row, site, request.language)),
        locale=Locale(cast(DateOrder, site.date_order), site.clock24),
        language=request.language,
    )


def _begun(row: Consultation, at: datetime) -> str:
    return "begun" if row.ends_at > at else "over"


def other_times(session: Session, at: datetime, page: Talk) -> Sequence[datetime]:
    """Local starts that are free, for somebody whose appointment is still ahead."""
    if page.stage != "ahead":
        return ()
    row = session.get_one(Consultation, page.consultation_id)
    request = session.get_one(ConsultationRequest, row.request_id)
    found = times_for(session, at, row.site_id, request.half_days, row.way, leaving=row)
    return [slot.starts_at for slot in found]


def wished_at(page: Talk, wall: datetime) -> datetime:
    """The instant of a local start that was chosen on the page."""
    return wall.replace(tzinfo=ZoneInfo(page.event.visit.tz))


TOUCH_EVERY = timedelta(minutes=1)


def is_news(page: Talk, at: datetime) -> bool:
    """Whether opening the page is worth a row: it was not opened within the last minute."""
    return page.touched_at is None or at - page.touched_at >= TOUCH_EVERY


def note_look(session: Session, actor: Actor, at: datetime, page: Talk) -> None:
    """Note that the link was opened, and what was seen."""
    session.execute(
        update(ConsultationLink).where(ConsultationLink.id == page.link_id).values(last_used_at=at)
    )
    record_read(session, actor, at, "consultation", page.consultation_id, page.patient_id)
