"""What every page of a patient's own needs: the words, the clinic, whom to call."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy.orm import Session

from scheduler.models import Patient, Site
from scheduler.rendering import dates
from scheduler.rendering.facts import DateOrder, Locale
from scheduler.rendering.language import Language, load
from scheduler.rendering.phones import readable


@dataclass(frozen=True)
class Frame:
    """The patient's language and the clinic's ways. `number` is the phone as it is dialled."""

    patient_id: int
    given_name: str
    clinic: str
    phone: str
    number: str
    tz: str
    country: str
    locale: Locale
    language: Language

    def say(self, key: str, **facts: object) -> str:
        """A phrase of these pages; the clinic, its phone and the given name are at hand in each."""
        at_hand = {"phone": self.phone, "clinic": self.clinic, "name": self.given_name}
        return self.language.say(f"my.{key}", **(at_hand | facts))

    def day(self, value: date) -> str:
        """`Friday 15 May 2026`."""
        return dates.day(value, self.locale, self.language)

    def moment(self, instant: datetime) -> str:
        """`Friday 15 May 2026, 09:30 (CEST)`, at the clinic."""
        wall = dates.local(instant, self.tz)
        return self.language.dates["moment"].format(
            day=self.day(wall.date()),
            clock=dates.clock(wall, self.locale, self.language),
            zone=dates.zone(wall),
        )


def frame_of(session: Session, patient_id: int) -> Frame:
    """The frame of a patient's pages, as their own site has it."""
    patient = session.get_one(Patient, patient_id)
    site = session.get_one(Site, patient.site_id)
    return Frame(
        patient_id=patient.id,
        given_name=patient.given_name,
        clinic=site.discreet_name,
        phone=readable(site.phone),
        number=site.phone,
        tz=site.tz,
        country=site.country,
        locale=Locale(cast(DateOrder, site.date_order), site.clock24),
        language=load(patient.language),
    )
