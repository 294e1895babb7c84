"""The consultations in the feeds of a clinician and of a site.

A clinician sees when and how, and the number of the request: never a name. That anything has changed is told
by the stamp of the capacity, which rises with each change of a consultation (migration 0024).
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from scheduler.features.calendars.feeds.owners import Owner
from scheduler.features.calendars.feeds.rows import Place, window
from scheduler.models import Consultation
from scheduler.rendering.facts import EventFacts, Locale, VisitFacts
from scheduler.rendering.feeds import FeedEntry, staff_uid

HOW = {"in_person": "in person", "phone": "by phone", "video": "by video"}


def talks_of(session: Session, owner: Owner, now: datetime) -> Sequence[Consultation]:
    """Those of a clinician or of a site by time, within the window of all feeds; none for other owners."""
    column = {"user": Consultation.clinician_id, "site": Consultation.site_id}.get(owner.kind)
    if column is None:
        return ()
    bounds = window(owner, now)
    return session.scalars(
        select(Consultation)
        .where(
            column == owner.id,
            Consultation.starts_at >= bounds["since"],
            or_(Consultation.status != "cancelled", Consultation.ics_dtstamp >= bounds["cancelled_since"]),
        )
        .order_by(Consultation.starts_at, Consultation.id)
    ).all()


def talk_entry(owner: Owner, row: Consultation, place: Place) -> FeedEntry:
    """One consultation as its clinician sees it."""
    how = "" if row.way == "in_person" else HOW[row.way].capitalize()
    event = EventFacts(
        uid=staff_uid(f"{owner.kind}-{owner.id}", row.ics_uid),
        sequence=row.ics_sequence,
        dtstamp=row.ics_dtstamp,
        last_modified=row.ics_dtstamp,
        ends_at=row.ends_at,
        organizer=row.ics_organizer,
        visit=VisitFacts(row.starts_at, place.tz, place.discreet_name, place.address, place.phone, how=how),
    )
    title = f"Consultation {HOW[row.way]}, request {row.request_id}"
    return FeedEntry(event, Locale(), "en", title=title, cancelled=row.status == "cancelled")
