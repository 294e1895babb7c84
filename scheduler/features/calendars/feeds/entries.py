"""What each kind of feed shows.

A patient's: what the invitations say. A chair's: that it is booked. A site's: how many visits and
consultations a day has, and between which hours. A clinician's: their consultations, and the visits at a site
while they are on duty there (their presence as a clinician, whose stretch the visit touches; breaks count as
duty), each with the number of the patient's record and nothing else of the patient.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.calendars.feeds.duty import on_duty
from scheduler.features.calendars.feeds.owners import Owner
from scheduler.features.calendars.feeds.rows import FeedRow, Place, event_of, places, rows_of
from scheduler.features.calendars.feeds.talks import talk_entry, talks_of
from scheduler.models import Chair, Consultation, Patient, User
from scheduler.rendering.facts import EventFacts, Locale, VisitFacts
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
    talks = talks_of(session, owner, now)
    made = MAKERS[owner.kind](session, owner, rows, at)
    if owner.kind == "user":
        mine = [talk_entry(owner, talk, at[talk.site_id]) for talk in talks]
        made = replace(made, entries=sorted([*made.entries, *mine], key=_by_time))
    elif owner.kind == "site":
        made = replace(made, entries=_days(owner, rows, talks, at[owner.id]))
    moments = [max(row.dtstamp, row.scheduled_at) for row in rows] + [talk.ics_dtstamp for talk in talks]
    return replace(made, revised_at=max(moments, default=None))


def _by_time(entry: FeedEntry) -> tuple[datetime, str]:
    return entry.event.visit.starts_at, entry.event.uid


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


def _site(_session: Session, owner: Owner, _rows: Sequence[FeedRow], at: Mapping[int, Place]) -> FeedFacts:
    return FeedFacts(at[owner.id].name, ENGLISH, (), None)


def _days(
    owner: Owner, rows: Sequence[FeedRow], talks: Sequence[Consultation], place: Place
) -> list[FeedEntry]:
    """One entry a day. Its UID follows from what it says: a day that changes is a new entry for the old."""
    days: dict[date, tuple[list[FeedRow], list[Consultation]]] = defaultdict(lambda: ([], []))
    for row in rows:
        if not row.is_cancelled:
            days[row.local_day][0].append(row)
    for talk in talks:
        if talk.status != "cancelled":
            days[talk.local_day][1].append(talk)
    return [_day(owner, day, *held, place) for day, held in sorted(days.items())]


def _day(
    owner: Owner, day: date, visits: Sequence[FeedRow], talks: Sequence[Consultation], place: Place
) -> FeedEntry:
    spans = [(row.starts_at, row.ends_at) for row in visits]
    spans += [(talk.starts_at, talk.ends_at) for talk in talks]
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    newest = max([row.dtstamp for row in visits] + [talk.ics_dtstamp for talk in talks])
    said = ", ".join(
        f"{len(held)} {name if len(held) == 1 else name + 's'}"
        for name, held in (("visit", visits), ("consultation", talks))
        if held
    )
    uid = staff_uid(f"site-{owner.id}", f"{day} {said} {first} {last}")
    where = VisitFacts(first, place.tz, place.discreet_name, place.address, place.phone)
    organizer = visits[0].organizer if visits else talks[0].ics_organizer
    event = EventFacts(uid, 0, newest, newest, last, organizer, where)
    return FeedEntry(event, Locale(), ENGLISH, title=said, busy=False)


def _for_staff(owner: Owner, row: FeedRow, place: Place, title: str) -> FeedEntry:
    uid = staff_uid(f"{owner.kind}-{owner.id}", row.uid)
    event = event_of(row, place, uid)
    return FeedEntry(event, Locale(), ENGLISH, title=title, cancelled=row.is_cancelled)


MAKERS = {"patient": _patient, "chair": _chair, "user": _clinician, "site": _site}
