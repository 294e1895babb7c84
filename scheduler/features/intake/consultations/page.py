"""What the page of a request's consultation shows: what is booked, and the times that can be had."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.features.intake.consultations.forms import Look
from scheduler.features.intake.consultations.free import clinician_names, free_on, open_place, times_for
from scheduler.features.intake.consultations.order import WAYS
from scheduler.features.intake.consultations.queries import Asked, Booked, asked
from scheduler.features.intake.consultations.times import MINUTES, WEEKS, Slot
from scheduler.models import Consultation
from scheduler.planning import moment, to_wall

STEP = 15
"""Of a day that somebody chose, the starts at whole quarters of an hour are shown."""


@dataclass(frozen=True)
class ConsultationPage:
    """The request, how the consultation is held, the times (of `day`, or those that fit), the last day."""

    asked: Asked
    way: str
    ways: Sequence[tuple[str, str]]
    slots: Sequence[Slot]
    day: date | None
    today: date
    last: date
    error: str

    @property
    def wish(self) -> str:
        """How the person would like to talk."""
        return WAYS[self.asked.request.way].lower()

    @property
    def current(self) -> Booked | None:
        """What is booked."""
        return self.asked.current


def consultation_page(session: Session, at: datetime, request_id: int, look: Look) -> ConsultationPage:
    """The whole page. Raises NotFoundError."""
    found = asked(session, request_id)
    row = session.get(Consultation, found.current.id) if found.current else None
    today = to_wall(ZoneInfo(found.site.tz), at).date()
    last = today + timedelta(weeks=WEEKS)
    ways = [(way, words) for way, words in WAYS.items() if way != "video" or found.site.video_url]
    way = look.way or (row.way if row else found.request.way)
    if way not in dict(ways):
        way = "phone"
    error = look.error
    if look.day and not today <= look.day <= last:
        error = f"Choose a day within {WEEKS} weeks from today."
    day = None if error else look.day
    slots: Sequence[Slot]
    if day is not None:
        slots = _on(session, at, found.site.id, day, row)
    else:
        slots = times_for(session, at, found.site.id, found.request.half_days, way, leaving=row)
    return ConsultationPage(found, way, ways, slots, day, today, last, error)


def _on(session: Session, at: datetime, site_id: int, day: date, leaving: Consultation | None) -> list[Slot]:
    site = open_place(session, site_id)
    free = sorted((minute, who) for minute, who in free_on(session, site, day, leaving) if not minute % STEP)
    names = clinician_names(session, {who for _, who in free})
    zone = ZoneInfo(site.tz)
    starts = [(moment(zone, day, minute), who) for minute, who in free]
    return [
        Slot(who, names.get(who, ""), start, start + timedelta(minutes=MINUTES), "")
        for start, who in starts
        if start > at
    ]
