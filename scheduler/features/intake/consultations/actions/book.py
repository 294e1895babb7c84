"""Book a consultation: once, and never on a time that is taken.

The way of it is that of a course (`courses/actions/book.py`): lock the day, look whether this very page has
booked already, look again whether the time is free, write. The database's own guard stays the last word.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db.locks import lock_days
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.courses.actions.put import random_uid
from scheduler.features.intake.consultations.actions.opened import check_place, day_of, in_utc
from scheduler.features.intake.consultations.actions.tell import tell_booked
from scheduler.features.intake.consultations.order import Place
from scheduler.features.intake.consultations.times import MINUTES
from scheduler.features.intake.steps import GONE, advance, locked_request
from scheduler.models import Consultation, ConsultationRequest, RequestStatus, Site

BOOKABLE = frozenset({RequestStatus.NEW, RequestStatus.CONTACTED})
STANDS = "A consultation is booked for this request already. Move that one, or look at what holds now."
NOT_NOW = "This request is not at the step where a consultation is booked. Look again."
USED = "This page has booked another time already. Look at what holds now."
NO_GUARDIAN = "Somebody under 18 asks with a guardian. Write the guardian’s name on the request first."


def book(
    session: Session,
    actor: Actor,
    at: datetime,
    request_id: int,
    place: Place,
    key: str,
    new_uid: Callable[[], str] = random_uid,
) -> Consultation:
    """Book `place` for a request; the same `key` again gives the consultation that it booked.

    Raises NotFoundError, ConflictError where the time or the request is taken or the key served another
    order, RuleError for a time that has passed, a site without video, a minor without a guardian.
    """
    found = session.get(ConsultationRequest, request_id)
    if found is None:
        raise NotFoundError(GONE)
    site = session.get_one(Site, found.site_id)
    day = day_of(site, place.starts_at)
    lock_days(session, [(site.id, day)])
    request = locked_request(session, request_id)
    if (earlier := _earlier(session, request_id, place, key)) is not None:
        return earlier
    _must_be_bookable(request)
    check_place(session, at, site, place)
    start = in_utc(place.starts_at)
    row = Consultation(
        request_id=request.id,
        site_id=site.id,
        clinician_id=place.clinician_id,
        way=place.way,
        starts_at=start,
        ends_at=start + timedelta(minutes=MINUTES),
        local_day=day,
        booked_at=at,
        booking_key=key,
        schedule_version=1,
        ics_uid=new_uid(),
        ics_dtstamp=at.replace(microsecond=0),
        ics_organizer=site.from_email,
    )
    session.add(row)
    session.flush()
    advance(session, actor, at, request, RequestStatus.BOOKED, due=day, starts_at=start.isoformat())
    record(session, actor, at, "consultation.booked", "consultation", row.id, request.patient_id, way=row.way)
    tell_booked(session, at, row)
    return row


def _earlier(session: Session, request_id: int, place: Place, key: str) -> Consultation | None:
    row = session.scalars(select(Consultation).where(Consultation.booking_key == key)).one_or_none()
    if row is None:
        return None
    if row.request_id != request_id or row.starts_at != place.starts_at:
        raise ConflictError(USED)
    return row


def _must_be_bookable(request: ConsultationRequest) -> None:
    if request.status is RequestStatus.BOOKED:
        raise ConflictError(STANDS)
    if request.status not in BOOKABLE:
        raise ConflictError(NOT_NOW)
    if request.is_minor and not request.guardian_name:
        raise RuleError(NO_GUARDIAN)
