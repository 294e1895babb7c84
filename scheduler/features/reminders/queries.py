"""Which reminders are due and not written yet, and which are still to come."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.outbox.contact.queries import Choices, Way, choices_of, ways_of
from scheduler.features.outbox.contact.reminding import reminder_ways
from scheduler.features.outbox.queries.lines import CHANNELS, reminder_label
from scheduler.features.reminders.due import Due
from scheduler.features.reminders.rules.ways import rule_channels
from scheduler.features.reminders.visits import (
    Found,
    active_rules,
    derived,
    span,
    without_message,
    zone_pairs,
)
from scheduler.models import Channel, Infusion, StaffTask, TaskKind, Topic

EARLIEST = timedelta(hours=2)
"""A reminder is never due earlier than this before the visit's hour, days ahead: a clock change moves it."""

CHUNK = 2_000
"""So many patients are asked about at once: a database takes only so many values in one statement."""

TOPICS = {Channel.EMAIL: (Topic.EMAIL, Topic.REMINDERS), Channel.SMS: (Topic.SMS,)}


@dataclass(frozen=True)
class Candidate:
    """A visit and a rule that belong together, without a message yet, and when it is due.

    `closed` says why no message can be written: no way that the rules use is open. Somebody has to call.
    """

    infusion_id: int
    number: int
    course_id: int
    site_id: int
    schedule_version: int
    starts_at: datetime
    patient_id: int
    patient: str
    record_number: str
    language: str
    tz: str
    channel: Channel
    days_before: int
    due: Due
    closed: str = ""


@dataclass(frozen=True)
class PlannedReminder:
    """A reminder that will be written when its time comes; times are local to the site."""

    infusion_id: int
    number: int
    course_id: int
    patient_id: int
    patient: str
    record_number: str
    label: str
    channel: str
    due_at: datetime
    visit_at: datetime


def due_reminders(session: Session, now: datetime, since: datetime | None = None) -> list[Candidate]:
    """Give the reminders whose time has come and that have no message, the earliest visit first.

    With `since`, only those whose time has come after it, which costs no look at the visits of other times.
    A patient with no way open gives one for each visit and version that no task was raised for.
    """
    pairs = [] if since is None else zone_pairs(session)
    found: list[Found] = []
    for rule in active_rules(session):
        between: tuple[datetime, datetime] | None = now, now + timedelta(days=rule.days_before) + EARLIEST
        if since is not None:
            between = span(pairs, rule.days_before, since, now)
        if between is None:
            continue
        statement = without_message(rule).where(
            Infusion.starts_at > now, Infusion.starts_at >= between[0], Infusion.starts_at <= between[1]
        )
        found += [one for one in derived(session, statement, rule) if one.due.due_at <= now]
    open_ones, shut = _by_ways(session, found)
    due = [*open_ones, *_not_asked_for(session, shut)]
    return sorted(due, key=lambda one: (one.starts_at, one.infusion_id, -one.days_before, one.channel))


def planned_reminders(session: Session, course_id: int, now: datetime) -> list[PlannedReminder]:
    """Give the reminders of one course that are still to come, the next one first."""
    return _planned(session, now, None, Infusion.course_id == course_id)


def planned_for_patient(session: Session, patient_id: int, now: datetime) -> list[PlannedReminder]:
    """Give the reminders of one patient that are still to come, the next one first."""
    return _planned(session, now, None, Infusion.patient_id == patient_id)


def planned_until(session: Session, now: datetime, until: datetime) -> list[PlannedReminder]:
    """Give all reminders that are due from now to `until`, the next one first."""
    return [one for one in _planned(session, now, until) if one.due_at <= until]


def _planned(
    session: Session, now: datetime, until: datetime | None, *narrowed: Any
) -> list[PlannedReminder]:
    found: list[Found] = []
    for rule in active_rules(session):
        statement = without_message(rule).where(Infusion.starts_at > now, *narrowed)
        if until is not None:
            last = until + timedelta(days=rule.days_before) + EARLIEST
            statement = statement.where(Infusion.starts_at <= last)
        found += [one for one in derived(session, statement, rule) if one.due.due_at > now]
    open_ones, _ = _by_ways(session, found)
    planned = [_as_planned(one) for one in open_ones]
    return sorted(planned, key=lambda one: (one.due_at, one.visit_at, one.infusion_id, one.channel))


def _by_ways(session: Session, found: Sequence[Found]) -> tuple[list[Candidate], list[Candidate]]:
    """Those that can be written, by a way that was open when they fell due; those of whom nobody reaches."""
    open_ones, shut = [], []
    people = {one.row.patient_id: (one.row.email, one.row.phone) for one in found}
    theirs: dict[int, list[Found]] = defaultdict(list)
    for one in found:
        theirs[one.row.patient_id].append(one)
    ids, channels = sorted(people), rule_channels(session)
    for first in range(0, len(ids), CHUNK):
        some = {each: people[each] for each in ids[first : first + CHUNK]}
        chosen = choices_of(session, some)
        for patient_id, all_ways in ways_of(session, some, chosen).items():
            since = _since(chosen[patient_id])
            for one in theirs[patient_id]:
                ways = reminder_ways(all_ways, chosen[patient_id], channels.of(one.row.protocol_id))
                if not any(way.is_open for way in ways):
                    shut.append(_candidate(one, _why(ways)))
                elif _goes_by(one, ways, since):
                    open_ones.append(_candidate(one))
    return open_ones, shut


def _since(chosen: Choices) -> dict[Channel, datetime]:
    """When the newest choice about each channel was made, where one was."""
    made = {
        channel: [chosen.last[topic].at for topic in topics if topic in chosen.last]
        for channel, topics in TOPICS.items()
    }
    return {channel: max(times) for channel, times in made.items() if times}


def _goes_by(one: Found, ways: Iterable[Way], since: Mapping[Channel, datetime]) -> bool:
    """Whether its way is open, and was agreed to before it fell due: nothing is caught up with."""
    is_open = any(way.is_open for way in ways if way.channel is one.channel)
    agreed = since.get(one.channel)
    return is_open and (agreed is None or one.due.due_at >= agreed)


def _why(ways: Iterable[Way]) -> str:
    return " ".join(way.closed for way in ways)


def _not_asked_for(session: Session, shut: Sequence[Candidate]) -> list[Candidate]:
    """One of each visit and version that no task was ever raised for."""
    first = {
        unreachable_key(one.patient_id, one.infusion_id, one.schedule_version): one for one in shut[::-1]
    }
    if not first:
        return []
    ids = sorted({one.patient_id for one in shut})
    raised: set[str] = set()
    for at in range(0, len(ids), CHUNK):
        raised |= set(
            session.scalars(
                select(StaffTask.dedupe_key)
                .where(StaffTask.kind == TaskKind.UNREACHABLE, StaffTask.patient_id.in_(ids[at : at + CHUNK]))
                .order_by(StaffTask.id)
            )
        )
    return [one for key, one in first.items() if key not in raised]


def unreachable_key(patient_id: int, infusion_id: int, schedule_version: int) -> str:
    """Name the one task that says that nobody can be told of this visit as it stands."""
    return f"unreachable:patient:{patient_id}:infusion:{infusion_id}:v{schedule_version}"


def _candidate(one: Found, closed: str = "") -> Candidate:
    row = one.row
    return Candidate(
        infusion_id=row.infusion_id,
        number=row.number,
        course_id=row.course_id,
        site_id=row.site_id,
        schedule_version=row.schedule_version,
        starts_at=row.starts_at,
        patient_id=row.patient_id,
        patient=f"{row.given_name} {row.family_name}",
        record_number=row.record_number,
        language=row.language,
        tz=row.tz,
        channel=one.channel,
        days_before=one.days,
        due=one.due,
        closed=closed,
    )


def _as_planned(one: Candidate) -> PlannedReminder:
    zone = ZoneInfo(one.tz)
    return PlannedReminder(
        infusion_id=one.infusion_id,
        number=one.number,
        course_id=one.course_id,
        patient_id=one.patient_id,
        patient=one.patient,
        record_number=one.record_number,
        label=reminder_label(one.days_before),
        channel=CHANNELS[one.channel],
        due_at=one.due.due_at.astimezone(zone),
        visit_at=one.starts_at.astimezone(zone),
    )
