"""What the page of one person shows, put together from the parts of the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.features.intake.consents.card import card_of as consents_card
from scheduler.features.intake.consultations.card import Card, card_of
from scheduler.features.intake.held import is_request_held
from scheduler.features.intake.screening.queries.state import states_of_requests
from scheduler.features.path.queries.person import Person, person, staff_of
from scheduler.features.path.words import detail_of, event_words
from scheduler.models import RequestEvent


@dataclass(frozen=True)
class EventLine:
    """One line of the history, local time; the note of staff in full."""

    at: datetime
    who: str
    words: str
    detail: str
    note: str


@dataclass(frozen=True)
class Screened:
    """When a screening was begun and signed, local to the site; None: not yet."""

    begun_at: datetime | None = None
    signed_at: datetime | None = None
    by: str = ""


@dataclass(frozen=True)
class PersonPage:
    """The person, the history in words, newest first, who may look after the request, and what the parts of
    the way show: the consultation, how far the screening is (never what it says), the consents. `is_held`: a
    legal hold keeps the request.
    """

    person: Person
    history: Sequence[EventLine]
    staff: Sequence[tuple[int, str]]
    consultation: Card
    screening: Screened
    is_held: bool
    consents: Mapping[str, Any]


def person_page(session: Session, request_id: int, now: datetime) -> PersonPage:
    """The whole page. Raises NotFoundError."""
    found = person(session, request_id, now)
    return PersonPage(
        person=found,
        history=[_line(event, found.site.tz) for event in reversed(found.events)],
        staff=staff_of(session) if found.is_open else (),
        consultation=card_of(session, found.request, found.site, now),
        screening=_screened(session, found),
        is_held=is_request_held(session, request_id),
        consents=consents_card(session, found.request.patient_id),
    )


def _screened(session: Session, found: Person) -> Screened:
    state = states_of_requests(session, [found.request.id]).get(found.request.id)
    if state is None:
        return Screened()
    zone = ZoneInfo(found.site.tz)
    signed_at = state.signed_at.astimezone(zone) if state.signed_at else None
    return Screened(state.begun_at.astimezone(zone), signed_at, state.by)


def _line(event: RequestEvent, tz: str) -> EventLine:
    at = event.at.astimezone(ZoneInfo(tz))
    return EventLine(at, event.actor, event_words(event.step), detail_of(event.facts, tz), event.note)
