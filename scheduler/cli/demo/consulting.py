"""Consultations of the demo clinic: booked on a day with room, and held or missed when their time came."""

from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.cli.demo.chance import uuid_text
from scheduler.cli.demo.days import Calendar
from scheduler.features.intake.consultations.actions.attend import attend
from scheduler.features.intake.consultations.actions.book import book
from scheduler.features.intake.consultations.free import free_on, open_place
from scheduler.features.intake.consultations.order import Place
from scheduler.features.intake.steps import workday
from scheduler.models import Consultation, ConsultationRequest
from scheduler.planning import moment

LOOKED = 5
"""Working days that are tried, one after the other, for one with room."""
QUARTER = 15


@dataclass
class Consulting:
    """Books and ends consultations; `uids` gives the calendar entries names that are the same every time."""

    session: Session
    calendar: Calendar
    chance: Random
    uids: Random

    def book(
        self, actor: Actor, request: ConsultationRequest, when: datetime, day: date
    ) -> Consultation | None:
        """Take one of the free times on `day` or the next days with room; None where there is none."""
        site = open_place(self.session, request.site_id)
        for _ in range(LOOKED):
            starts = [
                (moment(ZoneInfo(site.tz), day, minute), who)
                for minute, who in sorted(free_on(self.session, site, day))
                if not minute % QUARTER
            ]
            ahead = [(start, who) for start, who in starts if start > when]
            if ahead:
                start, who = self.chance.choice(ahead)
                place, key = Place(who, start, request.way), f"demo-consultation-{request.id}"
                return book(self.session, actor, when, request.id, place, key, lambda: uuid_text(self.uids))
            day = workday(day, 1)
        return None

    def end(self, actor: Actor, row: Consultation, when: datetime, step: str) -> None:
        """Say that it was held ("seen") or that nobody came ("missed")."""
        attend(self.session, actor, when, row.id, step, row.version)
