"""Orders and proposals for tests, made by the application's own code."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from scheduler.features.capacity.queries import site as get_site
from scheduler.features.courses.order import CourseOrder, Visit
from scheduler.features.courses.page import as_visits
from scheduler.features.courses.propose import Search, propose_courses
from scheduler.features.courses.wishes import Wishes
from scheduler.models import Patient
from tests.support.clinic import NOW, SmallClinic

ANY_TIME = Wishes(dict.fromkeys(range(7), ((0, 1440),)))


def search_for(
    session: Session,
    clinic: SmallClinic,
    *,
    patient: Patient | None = None,
    wishes: Wishes = ANY_TIME,
    first: date = date(2026, 11, 9),
    days: int = 7,
) -> Search:
    """A search at the clinic's one site for a first visit within `days` of `first`."""
    place = get_site(session, clinic.site.id)
    found = patient or clinic.patient
    return Search(found.id, clinic.protocol_version, (place,), first, first + timedelta(days=days), wishes)


def best_visits(session: Session, search: Search, now: datetime = NOW) -> tuple[Visit, ...]:
    """The visits of the best proposal."""
    return as_visits(propose_courses(session, now, search).offers[0].proposal.plan.infusions)


def order_for(
    clinic: SmallClinic,
    visits: Sequence[Visit],
    *,
    key: str = "key-of-the-first-page",
    patient: Patient | None = None,
    wishes: Wishes = ANY_TIME,
) -> CourseOrder:
    """An order of these visits."""
    return CourseOrder(
        patient_id=(patient or clinic.patient).id,
        site_id=clinic.site.id,
        protocol_version_id=clinic.protocol_version.id,
        visits=tuple(visits),
        wishes=wishes.to_json(),
        key=key,
    )


def set_on(chair_id: int, first: datetime, gaps: Sequence[int] = (2, 2, 3, 2, 2)) -> tuple[Visit, ...]:
    """A set on one chair at one hour, by its first local start and the gaps in days."""
    starts = [first]
    for gap in gaps:
        starts.append(starts[-1] + timedelta(days=gap))
    return tuple(Visit(number, chair_id, start) for number, start in enumerate(starts, 1))
