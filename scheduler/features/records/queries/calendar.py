"""Every appointment of one person that took place or is to come, as the events of a calendar file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.outbox.calendar_parts import event_facts
from scheduler.features.outbox.letters import visit_facts
from scheduler.features.records.queries.people import whole_person
from scheduler.models import Consultation, ConsultationRequest, Infusion, InfusionStatus, Site
from scheduler.rendering.facts import DateOrder, EventFacts, Locale, VisitFacts

LEFT_OUT = (InfusionStatus.MISSED, InfusionStatus.CANCELLED)
STANDS = ("scheduled", "seen")


@dataclass(frozen=True)
class Appointments:
    """The events, and how they are told: the clinic's discreet name, its way of writing, the language."""

    events: Sequence[EventFacts]
    name: str
    locale: Locale
    language: str


def appointments(session: Session, patient_id: int) -> Appointments:
    """The visits and consultations of one person. Raises NotFoundError."""
    patient, ids = whole_person(session, patient_id)
    sites = {site.id: site for site in session.scalars(select(Site).order_by(Site.id))}
    own = sites[patient.site_id]
    visits = session.scalars(
        select(Infusion)
        .where(Infusion.patient_id.in_(ids), Infusion.status.not_in(LEFT_OUT))
        .order_by(Infusion.starts_at, Infusion.id)
    )
    talks = session.scalars(
        select(Consultation)
        .join(ConsultationRequest, ConsultationRequest.id == Consultation.request_id)
        .where(ConsultationRequest.patient_id.in_(ids), Consultation.status.in_(STANDS))
        .order_by(Consultation.starts_at, Consultation.id)
    )
    return Appointments(
        [
            *(event_facts(visit, visit_facts(visit, sites[visit.site_id])) for visit in visits),
            *(_talk(row, sites[row.site_id]) for row in talks),
        ],
        own.discreet_name,
        Locale(cast(DateOrder, own.date_order), own.clock24),
        patient.language,
    )


def _talk(row: Consultation, site: Site) -> EventFacts:
    return EventFacts(
        uid=row.ics_uid,
        sequence=row.ics_sequence,
        dtstamp=row.ics_dtstamp,
        last_modified=row.ics_dtstamp,
        ends_at=row.ends_at,
        organizer=row.ics_organizer,
        visit=VisitFacts(row.starts_at, site.tz, site.discreet_name, site.address, site.phone),
    )
