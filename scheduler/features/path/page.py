"""What the page of one person shows, put together from the parts of the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.features.path.queries.person import Person, person, staff_of


@dataclass(frozen=True)
class PersonPage:
    """The person, and who may look after the request."""

    person: Person
    staff: Sequence[tuple[int, str]]


def person_page(session: Session, request_id: int, now: datetime) -> PersonPage:
    """The whole page. Raises NotFoundError."""
    found = person(session, request_id, now)
    return PersonPage(person=found, staff=staff_of(session) if found.is_open else ())
