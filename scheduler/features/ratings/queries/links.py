"""What a link to questions opens."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.ratings.instruments import Instrument
from scheduler.features.ratings.occasions import Slot
from scheduler.features.ratings.own.known import for_patients, instruments_of
from scheduler.features.ratings.plan import Key
from scheduler.features.ratings.queries.facts import asked_of
from scheduler.models import Course, Patient, RatingLink, Site, TimePoint
from scheduler.rendering.phones import readable
from scheduler.tokens import token_hash


class Stage(StrEnum):
    """Whether questions can be answered, were answered by this very link, or are closed."""

    OPEN = "open"
    USED = "used"
    CLOSED = "closed"


@dataclass(frozen=True)
class Questions:
    """What is asked of whom, by which link or tablet. There is no name in it, and no earlier answer."""

    course_id: int
    slot: Slot
    asked: tuple[Instrument, ...]
    stage: Stage
    language: str
    clinic: str
    phone: str
    country: str
    opens_at: datetime
    closes_at: datetime
    link_id: int


def opened(session: Session, raw: str, at: datetime) -> Questions:
    """The questions behind a token. Raises NotFoundError, the same for whatever opens nothing."""
    found = session.execute(
        select(RatingLink, Patient, Site)
        .join(Course, Course.id == RatingLink.course_id)
        .join(Patient, Patient.id == Course.patient_id)
        .join(Site, Site.id == Course.site_id)
        .where(
            RatingLink.token_hash == token_hash(raw),
            RatingLink.revoked_at.is_(None),
            RatingLink.expires_at > at,
            Patient.archived_at.is_(None),
        )
    ).one_or_none()
    if found is None:
        raise NotFoundError("This link opens nothing.")
    link, patient, site = found
    slot = Slot(link.time_point, link.infusion_id, link.week)
    asked, stage, opens, closes = _asked(session, link, slot)
    return Questions(
        course_id=link.course_id,
        slot=slot,
        asked=instruments_of(session, asked),
        stage=stage,
        language=patient.language,
        clinic=site.discreet_name,
        phone=readable(site.phone),
        country=site.country,
        opens_at=max(link.created_at, opens),
        closes_at=closes,
        link_id=link.id,
    )


def _asked(
    session: Session, link: RatingLink, slot: Slot
) -> tuple[tuple[Key, ...], Stage, datetime, datetime]:
    """What the slot asks now, whether it is open, and between when an answer belongs to it."""
    course = asked_of(session, link.course_id)
    try:
        occasion = course.of(slot)
    except NotFoundError:  # The visit was cancelled since.
        return (), Stage.CLOSED, link.created_at, link.expires_at
    window = occasion.opens_at, occasion.closes_at
    if link.used_at is not None:
        return for_patients(session, occasion.asked), Stage.USED, *window
    if course.is_closed(slot):
        return (), Stage.CLOSED, *window
    lacking = for_patients(session, occasion.lacking(course.given))
    return lacking, Stage.OPEN if lacking else Stage.CLOSED, *window


def preview_of(instrument: Instrument, language: str, site: Site | None, at: datetime) -> Questions:
    """An instrument as a patient would be asked it, of nobody; what is answered has nowhere to go."""
    return Questions(
        course_id=0,
        slot=Slot(TimePoint.BASELINE),
        asked=(instrument,),
        stage=Stage.OPEN,
        language=language,
        clinic="Preview, nothing is kept",
        phone=readable(site.phone) if site else "",
        country=site.country if site else "",
        opens_at=at,
        closes_at=at,
        link_id=0,
    )
