"""What stands on the page of all dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.calendars.feeds.owners import Owner, line_of
from scheduler.features.calendars.queries import CalendarFacts, of_course
from scheduler.features.outbox.links import CourseLink, course_holder
from scheduler.features.portal.queries import DEAD
from scheduler.features.portal.words import hours
from scheduler.models import Patient, Site
from scheduler.rendering import dates
from scheduler.rendering.facts import DateOrder, Locale
from scheduler.rendering.language import Language, load
from scheduler.rendering.phones import readable


@dataclass(frozen=True)
class Date:
    """One appointment, local and in the patient's language."""

    starts_at: datetime
    day: str
    hours: str
    place: str
    address: str


@dataclass(frozen=True)
class Dates:
    """The appointments to come, by date; the patient's name is not in it.

    `number` is the phone as it is dialled; `ends` the day on which the link ends; `has_address`: whether the
    patient's calendar has an address, which a new one would end.
    """

    link: CourseLink
    language: Language
    clinic: str
    phone: str
    number: str
    ahead: Sequence[Date]
    ends: str
    has_address: bool

    def say(self, key: str) -> str:
        """A phrase of the page; the clinic's phone and the day on which the link ends are at hand."""
        return self.language.say(f"dates.{key}", phone=self.phone, day=self.ends)


def dates_of(session: Session, raw: str, at: datetime) -> Dates:
    """The page behind a token. Raises NotFoundError, the same for whatever opens nothing."""
    link = _holder(session, raw, at)
    site = session.get_one(Site, link.site_id)
    locale = Locale(cast(DateOrder, site.date_order), site.clock24)
    language = load(session.get_one(Patient, link.patient_id).language)
    return Dates(
        link=link,
        language=language,
        clinic=site.discreet_name,
        phone=readable(site.phone),
        number=site.phone,
        ahead=_ahead(session, link.course_id, language, at),
        ends=dates.day(dates.local(link.expires_at, site.tz).date(), locale, language),
        has_address=line_of(session, Owner("patient", link.patient_id), at) is not None,
    )


def file_of(session: Session, raw: str, at: datetime) -> CalendarFacts:
    """The calendar file behind a token. Raises NotFoundError, also where no appointment is left."""
    return of_course(session, _holder(session, raw, at).course_id)


def _holder(session: Session, raw: str, at: datetime) -> CourseLink:
    link = course_holder(session, raw, at)
    if link is None:
        raise NotFoundError(DEAD)
    return link


def _ahead(session: Session, course_id: int, language: Language, at: datetime) -> list[Date]:
    """What is not over yet: who is late still finds the appointment that has begun."""
    try:
        facts = of_course(session, course_id)
    except NotFoundError:
        return []
    return [
        Date(
            event.visit.starts_at,
            dates.visit_day(event.visit, facts.locale, language),
            hours(event, facts.locale, language),
            event.visit.place_name,
            event.visit.address,
        )
        for event in facts.events
        if event.ends_at > at
    ]
