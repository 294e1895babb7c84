"""What stands at the door of the pages: the clinic, and nothing of whose they are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.outbox.links import pages_holder
from scheduler.features.portal.queries import DEAD
from scheduler.models import Patient, PatientLink, Site
from scheduler.rendering import dates
from scheduler.rendering.facts import DateOrder, Locale
from scheduler.rendering.language import Language, load
from scheduler.rendering.phones import readable

Holder = Callable[[Session, str, datetime], PatientLink | None]
ORDERS = {"dmy": ("day", "month", "year"), "mdy": ("month", "day", "year"), "ymd": ("year", "month", "day")}


@dataclass(frozen=True)
class Entrance:
    """A link as it stands now. `rests_until` is a wall time at the clinic, empty while the link rests not;
    `number` the phone as it is dialled; `parts` the parts of a date in the clinic's order.
    """

    link_id: int
    patient_id: int
    rests_until: str
    clinic: str
    phone: str
    number: str
    parts: tuple[str, str, str]
    language: Language

    def say(self, key: str) -> str:
        """A phrase of the page; the clinic's phone and when the link rests no more are at hand."""
        return self.language.say(f"my.{key}", phone=self.phone, until=self.rests_until)


def entrance_of(session: Session, raw: str, at: datetime, holder: Holder = pages_holder) -> Entrance:
    """What a link leads to; `holder` knows the links of its kind.

    Raises NotFoundError, the same for whatever opens nothing.
    """
    link = holder(session, raw, at)
    if link is None:
        raise NotFoundError(DEAD)
    patient = session.get_one(Patient, link.patient_id)
    site = session.get_one(Site, patient.site_id)
    language = load(patient.language)
    rests = link.asleep_until if link.asleep_until and link.asleep_until > at else None
    locale = Locale(cast(DateOrder, site.date_order), site.clock24)
    return Entrance(
        link_id=link.id,
        patient_id=patient.id,
        rests_until=dates.clock(dates.local(rests, site.tz), locale, language) if rests else "",
        clinic=site.discreet_name,
        phone=readable(site.phone),
        number=site.phone,
        parts=ORDERS[site.date_order],
        language=language,
    )
