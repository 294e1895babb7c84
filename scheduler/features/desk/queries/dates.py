"""The dates of a course on one sheet of paper, in the patient's language.

The sheet lies on kitchen tables. So it says when, where and whom to call, with the clinic's discreet name,
and nothing of what for; it doesn't name the patient either.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.models import Course, Infusion, InfusionStatus, Patient, Site
from scheduler.rendering import dates, language
from scheduler.rendering.facts import DateOrder, Locale, VisitFacts
from scheduler.rendering.phones import readable

AHEAD = (InfusionStatus.SCHEDULED, InfusionStatus.ARRIVED, InfusionStatus.IN_PROGRESS)


@dataclass(frozen=True)
class DateSheet:
    """What stands on the paper. `moments` are the appointments to come in words; `code` is the language."""

    patient_id: int
    patient: str
    code: str
    clinic: str
    lead: str
    moments: Sequence[str]
    place_word: str
    address: str
    phone_word: str
    phone: str
    call: str
    local_times: str


def date_sheet(session: Session, course_id: int, now: datetime) -> DateSheet:
    """The sheet of one course: its visits that are still to come. Raises NotFoundError."""
    found = session.execute(
        select(Patient, Site)
        .join(Course, Course.patient_id == Patient.id)
        .join(Site, Site.id == Course.site_id)
        .where(Course.id == course_id)
    ).one_or_none()
    if found is None:
        raise NotFoundError("There is no such course. Find the patient, and open it from there.")
    patient, site = found
    visits = session.scalars(
        select(Infusion)
        .where(Infusion.course_id == course_id, Infusion.status.in_(AHEAD), Infusion.ends_at > now)
        .order_by(Infusion.starts_at, Infusion.id)
    ).all()
    words, locale = language.load(patient.language), _locale(site)
    phone = readable(site.phone)
    facts = [VisitFacts(each.starts_at, site.tz, site.discreet_name, site.address, phone) for each in visits]
    return DateSheet(
        patient_id=patient.id,
        patient=patient.name,
        code=words.code,
        clinic=site.discreet_name,
        lead=words.say("confirmation_lead", count=len(facts), clinic=site.discreet_name),
        moments=[dates.visit_moment(each, locale, words) for each in facts],
        place_word=words.say("place"),
        address=site.address,
        phone_word=words.say("phone"),
        phone=phone,
        call=words.say("call_to_change", phone=phone),
        local_times=words.say("local_times"),
    )


def _locale(site: Site) -> Locale:
    return Locale(cast(DateOrder, site.date_order), site.clock24)
