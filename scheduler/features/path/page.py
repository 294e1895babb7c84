"""What the page of one person shows, put together from the parts of the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

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
class PersonPage:
    """The person, the history in words, newest first, and who may look after the request."""

    person: Person
    history: Sequence[EventLine]
    staff: Sequence[tuple[int, str]]


def person_page(session: Session, request_id: int, now: datetime) -> PersonPage:
    """The whole page. Raises NotFoundError."""
    found = person(session, request_id, now)
    return PersonPage(
        person=found,
        history=[_line(event, found.site.tz) for event in reversed(found.events)],
        staff=staff_of(session) if found.is_open else (),
    )


def _line(event: RequestEvent, tz: str) -> EventLine:
    at = event.at.astimezone(ZoneInfo(tz))
    return EventLine(at, event.actor, event_words(event.step), detail_of(event.facts, tz), event.note)
