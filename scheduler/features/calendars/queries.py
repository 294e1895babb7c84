"""The facts of calendar files, read from the visits as they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.outbox.calendar_parts import event_facts
from scheduler.features.outbox.letters import visit_facts
from scheduler.models import Course, Infusion, InfusionStatus, Patient, Site
from scheduler.rendering.facts import DateOrder, EventFacts, Locale

LEFT_OUT = (InfusionStatus.MISSED, InfusionStatus.CANCELLED)


@dataclass(frozen=True)
class CalendarFacts:
    """Everything one file is made of, and whose it is."""

    events: Sequence[EventFacts]
    name: str
    locale: Locale
    language: str
    patient_id: int


def of_course(session: Session, course_id: int) -> CalendarFacts:
    """Read all visits of a course that are neither missed nor cancelled; raises NotFoundError."""
    course = session.get(Course, course_id)
    if course is None:
        raise NotFoundError("There is no such course. It may have been an old address.")
    visits = session.scalars(
        select(Infusion)
        .where(Infusion.course_id == course_id, Infusion.status.not_in(LEFT_OUT))
        .order_by(Infusion.starts_at, Infusion.id)
    ).all()
    if not visits:
        raise NotFoundError("This course has no visit left, so there is no calendar file.")
    return _facts(session, visits)


def of_infusion(session: Session, infusion_id: int) -> CalendarFacts:
    """Read one visit; raises NotFoundError for one that was missed or cancelled, too."""
    visit = session.get(Infusion, infusion_id)
    if visit is None:
        raise NotFoundError("There is no such visit. It may have been an old address.")
    if visit.status in LEFT_OUT:
        raise NotFoundError(f"This visit is {visit.status.value}, so there is no calendar file.")
    return _facts(session, [visit])


def _facts(session: Session, visits: Sequence[Infusion]) -> CalendarFacts:
    ids = {visit.site_id for visit in visits}
    sites = {
        site.id: site for site in session.scalars(select(Site).where(Site.id.in_(ids)).order_by(Site.id))
    }
    patient = session.get_one(Patient, visits[0].patient_id)
    first = sites[visits[0].site_id]
    return CalendarFacts(
        events=[_event(visit, sites[visit.site_id]) for visit in visits],
        name=first.discreet_name,
        locale=Locale(cast(DateOrder, first.date_order), first.clock24),
        language=patient.language,
        patient_id=patient.id,
    )


def _event(visit: Infusion, site: Site) -> EventFacts:
    return event_facts(visit, visit_facts(visit, site))
