"""What each kind of feed shows.

A patient's: what the invitations say. A chair's: that it is booked. A site's: how many visits a day has, and
between which hours. A clinician's: the visits at a site while they are on duty there (their presence as a
clinician, whose stretch the visit touches; breaks count as duty), each with the number of the patient's
record and nothing else of the patient.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.calendars.feeds.duty import on_duty
from scheduler.features.calendars.feeds.owners import Owner
from scheduler.features.calendars.feeds.rows import FeedRow, Place, event_of, places, rows_of
from scheduler.models import Chair, Patient, User
from scheduler.rendering.facts import Locale
from scheduler.rendering.feeds import FeedEntry, staff_uid

ENGLISH = "en"


@dataclass(frozen=True)
class FeedFacts:
    """All that a feed is made of, the entries by time."""

    name: str
    language: str
    entries: Sequence[FeedEntry]
    revised_at: datetime | None


def facts_of(session: Session, owner: Owner, now: datetime) -> FeedFacts:
    """Read a feed. Raises NotFoundError for an owner that is not there."""
    rows, at = rows_of(session, owner, now), places(session)
    made = MAKERS[owner.kind](session, owner, rows, at)
    newest = max((max(row.dtstamp, row.scheduled_at) for row in rows), default=None)
    return replace(made, revised_at=newest)


def _patient(session: Session, owner: Owner, rows: Sequence[FeedRow], at: Mapping[int, Place]) -> FeedFacts:
    patient = session.get(Patient, owner.id)
    if patient is None:
        raise NotFoundError("There is no such patient.")
    entries = [
        FeedEntry(
            event_of(row, at[row.site_id], row.uid),
            at[row.site_id].locale,
            patient.language,
            cancelled=row.is_cancelled,
        )
        for row in rows
    ]
    return FeedFacts(at[patient.site_id].discreet_name, patient.language, entries, None)


def _chair(session: Session, owner: Owner, rows: Sequence[FeedRow], at: Mapping[int, Place]) -> FeedFacts:
    chair = session.get(Chair, owner.id)
    if chair is None:
        raise NotFoundError("There is no such chair.")
    entries = [_for_staff(owner, row, at[row.site_id], f"{chair.name} – booked") for row in rows]
    return FeedFacts(f"{chair.name}, {at[chair.site_id].name}", ENGLISH, entries, None)


def _clinician(session: Session, owner: Owner, rows: Sequence[FeedRow], at: Mapping[int, Place]) -> FeedFacts:
    user = session.get(User, owner.id)
    if user is None:
        raise NotFoundError("There is no such member of staff.")
    zones = {site_id: place.tz for site_id, place in at.items()}
    mine = on_duty(session, owner.id, zones, rows)
    entries = [_for_staff(owner, row, at[row.site_id], row.record_number) for row in mine]
    return FeedFacts(user.name, ENGLISH, entries, None)


def _site(_session: Session, owner: Owner, rows: Sequence[FeedRow], at: Mapping[int, Place]) -> FeedFacts:
    """One entry a day. Its UID follows from what it says: a day that changes is a new entry for the old."""
    days = defaultdict(list)
    for row in rows:
        if not row.is_cancelled:
            days[row.local_day].append(row)
    place = at[owner.id]
    entries = []
    for day, held in sorted(days.items()):
        newest, last = max(held, key=lambda row: row.dtstamp), max(row.ends_at for row in held)
        said = f"{len(held)} {'visit' if len(held) == 1 else 'visits'}"
        uid = staff_uid(f"site-{owner.id}", f"{day} {said} {held[0].starts_at} {last}")
        event = replace(event_of(held[0], place, uid), sequence=0, dtstamp=newest.dtstamp, ends_at=last)
        event = replace(event, last_modified=newest.dtstamp)
        entries.append(FeedEntry(event, Locale(), ENGLISH, title=said, busy=False))
    return FeedFacts(place.name, ENGLISH, entries, None)


def _for_staff(owner: Owner, row: FeedRow, place: Place, title: str) -> FeedEntry:
    uid = staff_uid(f"{owner.kind}-{owner.id}", row.uid)
    event = event_of(row, place, uid)
    return FeedEntry(event, Locale(), ENGLISH, title=title, cancelled=row.is_cancelled)


MAKERS = {"patient": _patient, "chair": _chair, "user": _clinician, "site": _site}
