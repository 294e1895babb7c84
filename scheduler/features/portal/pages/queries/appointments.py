"""When and where: a patient's visits and consultations, those to come and those that are over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.outbox.calendar_parts import event_facts
from scheduler.features.outbox.letters import visit_facts
from scheduler.features.portal.words import hours
from scheduler.models import (
    Consultation,
    ConsultationRequest,
    Infusion,
    InfusionStatus,
    Patient,
    Site,
)
from scheduler.rendering import dates
from scheduler.rendering.facts import DateOrder, EventFacts, Locale
from scheduler.rendering.language import Language, load

AHEAD = (InfusionStatus.SCHEDULED, InfusionStatus.ARRIVED, InfusionStatus.IN_PROGRESS)
SHOWN_BEFORE = 20
"""So many that are over stand on the page; the download holds all."""


@dataclass(frozen=True)
class Appointment:
    """One appointment in the patient's words. `infusion_id` is None for a consultation; `state` is a visit's
    confirmation while it is to come ("none", "confirmed", "change_asked"), and how it ended once it is over;
    `way` is how a consultation is held, empty for a visit.
    """

    infusion_id: int | None
    starts_at: datetime
    ends_at: datetime
    day: str
    hours: str
    place: str
    address: str
    state: str
    way: str = ""


def ahead(session: Session, patient_id: int, at: datetime) -> list[Appointment]:
    """What is not over yet, by date: who is late still finds the appointment that has begun."""
    visits = session.execute(
        select(Infusion, Site)
        .join(Site, Site.id == Infusion.site_id)
        .where(Infusion.patient_id == patient_id, Infusion.status.in_(AHEAD), Infusion.ends_at > at)
    ).all()
    language = _language(session, patient_id)
    found = [_visit(visit, site, language, visit.confirmation) for visit, site in visits]
    found += [one for one in _talks(session, patient_id, language) if one.ends_at > at]
    return sorted(found, key=lambda one: one.starts_at)


def before(session: Session, patient_id: int, at: datetime) -> list[Appointment]:
    """What is over, was missed or does not take place, the newest first."""
    visits = session.execute(
        select(Infusion, Site)
        .join(Site, Site.id == Infusion.site_id)
        .where(
            Infusion.patient_id == patient_id,
            Infusion.status.not_in(AHEAD) | (Infusion.ends_at <= at),
        )
        .order_by(Infusion.starts_at.desc(), Infusion.id.desc())
        .limit(SHOWN_BEFORE)
    ).all()
    language = _language(session, patient_id)
    return [_visit(visit, site, language, _ended(visit)) for visit, site in visits]


def events(session: Session, patient_id: int, at: datetime) -> Sequence[EventFacts]:
    """The visits to come, for a calendar file."""
    rows = session.execute(
        select(Infusion, Site)
        .join(Site, Site.id == Infusion.site_id)
        .where(Infusion.patient_id == patient_id, Infusion.status.in_(AHEAD), Infusion.ends_at > at)
        .order_by(Infusion.starts_at, Infusion.id)
    )
    return [event_facts(visit, visit_facts(visit, site)) for visit, site in rows]


def _language(session: Session, patient_id: int) -> Language:
    return load(session.get_one(Patient, patient_id).language)


def _ended(visit: Infusion) -> str:
    """How it ended, as the patient may read it: one that was never settled is simply over."""
    if visit.status in (InfusionStatus.MISSED, InfusionStatus.CANCELLED):
        return visit.status.value
    return "over"


def _visit(visit: Infusion, site: Site, language: Language, state: str) -> Appointment:
    event = event_facts(visit, visit_facts(visit, site))
    locale = Locale(cast(DateOrder, site.date_order), site.clock24)
    return Appointment(
        infusion_id=visit.id,
        starts_at=event.visit.starts_at,
        ends_at=event.ends_at,
        day=dates.visit_day(event.visit, locale, language),
        hours=hours(event, locale, language),
        place=event.visit.place_name,
        address=event.visit.address,
        state=state,
    )


def _talks(session: Session, patient_id: int, language: Language) -> list[Appointment]:
    """The consultations that are booked for a patient who asked, or asked again."""
    rows = session.execute(
        select(Consultation, Site)
        .join(ConsultationRequest, ConsultationRequest.id == Consultation.request_id)
        .join(Site, Site.id == Consultation.site_id)
        .where(ConsultationRequest.patient_id == patient_id, Consultation.status == "scheduled")
        .order_by(Consultation.starts_at, Consultation.id)
    )
    return [_talk(talk, site, language) for talk, site in rows]


def _talk(talk: Consultation, site: Site, language: Language) -> Appointment:
    locale = Locale(cast(DateOrder, site.date_order), site.clock24)
    start, end = dates.local(talk.starts_at, site.tz), dates.local(talk.ends_at, site.tz)
    said = language.say(
        "page.hours",
        start=dates.clock(start, locale, language),
        end=dates.clock(end, locale, language),
        zone=dates.zone(start),
    )
    return Appointment(
        infusion_id=None,
        starts_at=talk.starts_at,
        ends_at=talk.ends_at,
        day=dates.day(start.date(), locale, language),
        hours=said,
        place=site.discreet_name,
        address=site.address if talk.way == "in_person" else "",
        state=talk.confirmation,
        way=talk.way,
    )
