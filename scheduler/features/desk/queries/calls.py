"""Which patients have to be phoned, read from the visits ahead, what mail could not tell, and the calls made.

A patient is reached by phone only to whom no way is open, or whose newest mail did not arrive and who takes
no texts. Nothing about the list is stored: a call is a change in the history of the visits it spoke of, and
what was said stays said as long as the visit stands as it was read out.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from scheduler.features.courses.actions.call import Call
from scheduler.features.courses.history import DEEDS
from scheduler.features.desk.calls import About, CallLine, LastTry, Point, quiet_until
from scheduler.features.desk.queries.by_phone import UNDELIVERED, Person, people_of
from scheduler.features.reminders.rules.ways import rule_channels
from scheduler.models import (
    Course,
    CourseChange,
    CourseStatus,
    Infusion,
    InfusionStatus,
    Message,
    Patient,
    ProtocolVersion,
    Purpose,
    Site,
)

AHEAD = timedelta(days=4)
"""Visits that begin within this are asked about: the first reminder by mail goes three days before."""

LOOK_BACK = timedelta(days=60)
ABOUT = {Purpose.VISIT_MOVED: About.MOVED, Purpose.VISIT_CANCELLED: About.OFF}


@dataclass
class _Gathered:
    """What is to be said about one visit since when; of several, the last in the list is said."""

    row: Infusion
    about: About
    since: datetime
    was: datetime | None = None
    why: str = ""


@dataclass
class _Calls:
    """The calls about one visit: as what it was read out (version, state) and when; the tries."""

    told: list[tuple[int, str, datetime]] = field(default_factory=list)
    tries: list[CourseChange] = field(default_factory=list)


def call_lines(session: Session, site: Site, now: datetime) -> list[CallLine]:
    """The calls to make at a site, those whose visit comes next first."""
    found = [*_unconfirmed(session, site, now), *_untold(session, site, now)]
    people = people_of(session, {each.row.patient_id for each in found})
    wanted = _to_phone(session, found, people)
    made = _made(session, {each.row.course_id for each in wanted})
    left = {each.row.id: each for each in wanted if not _is_told(each, made.get(each.row.id))}
    courses: dict[int, list[_Gathered]] = defaultdict(list)
    for each in left.values():
        courses[each.row.course_id].append(each)
    lines = [
        _line(site, now, people[each[0].row.patient_id].patient, each, made) for each in courses.values()
    ]
    return sorted(lines, key=lambda line: (line.before, line.course_id))


def _to_phone(session: Session, found: Sequence[_Gathered], people: Mapping[int, Person]) -> list[_Gathered]:
    """What no message tells or asks, each with why."""
    courses = {each.row.course_id for each in found if each.about is About.CONFIRM}
    rows = session.execute(
        select(Course.id, ProtocolVersion.protocol_id)
        .join(ProtocolVersion, ProtocolVersion.id == Course.protocol_version_id)
        .where(Course.id.in_(courses))
        .order_by(Course.id)
    )
    protocols, channels = {row.id: row.protocol_id for row in rows}, rule_channels(session)
    for each in found:
        if (person := people.get(each.row.patient_id)) is None:
            continue
        each.why = person.untold
        if each.about is About.CONFIRM:
            each.why = person.unreminded(channels.of(protocols[each.row.course_id]))
    return [each for each in found if each.why]


def _unconfirmed(session: Session, site: Site, now: datetime) -> list[_Gathered]:
    """Visits of the coming days that nobody has confirmed; a call of weeks ago asked nothing."""
    rows = session.scalars(
        select(Infusion)
        .join(Course, Course.id == Infusion.course_id)
        .where(
            Infusion.site_id == site.id,
            Infusion.starts_at > now,
            Infusion.starts_at <= now + AHEAD,
            Infusion.status == InfusionStatus.SCHEDULED,
            Infusion.confirmation == "none",
            Course.status == CourseStatus.ACTIVE,
        )
        .order_by(Infusion.starts_at, Infusion.id)
    )
    return [_Gathered(row, About.CONFIRM, row.starts_at - AHEAD) for row in rows]


def _untold(session: Session, site: Site, now: datetime) -> list[_Gathered]:
    """What mail was to tell and could not, of visits that still stand as it would have said."""
    messages = session.scalars(
        select(Message)
        .join(Patient, Patient.id == Message.patient_id)
        .where(
            Message.status.in_(UNDELIVERED),
            Message.created_at > now - LOOK_BACK,
            Message.purpose.in_((Purpose.BOOKING_CONFIRMATION, *ABOUT)),
            Patient.archived_at.is_(None),
        )
        .order_by(Message.id)
    ).all()
    ids = {message.infusion_id for message in messages} | {
        visit["infusion_id"] for message in messages for visit in message.facts.get("visits", ())
    }
    rows = session.scalars(
        select(Infusion).where(Infusion.id.in_(ids), Infusion.site_id == site.id).order_by(Infusion.id)
    )
    by_id = {row.id: row for row in rows}
    return [each for message in messages for each in _told_by(message, by_id, now)]


def _told_by(message: Message, rows: Mapping[int, Infusion], now: datetime) -> Iterable[_Gathered]:
    was = message.facts.get("was")
    known = datetime.fromisoformat(was) if was else None
    if message.purpose is Purpose.BOOKING_CONFIRMATION:
        for visit in message.facts["visits"]:
            row = rows.get(visit["infusion_id"])
            if row and row.status is InfusionStatus.SCHEDULED and row.starts_at > now:
                yield _Gathered(row, About.DATES, message.created_at)
        return
    row = rows.get(message.infusion_id or 0)
    if row is None:
        return
    if message.purpose is Purpose.VISIT_CANCELLED:
        if row.status is InfusionStatus.CANCELLED and known and known > now:
            yield _Gathered(row, About.OFF, message.created_at, known)
    elif row.status is InfusionStatus.SCHEDULED and row.starts_at > now:
        about = About.MOVED if known else About.DATES
        yield _Gathered(row, about, message.created_at, known)


def _made(session: Session, course_ids: Collection[int]) -> dict[int, _Calls]:
    """The calls that stand, by visit, oldest first."""
    undo = aliased(CourseChange)
    changes = session.scalars(
        select(CourseChange)
        .outerjoin(undo, undo.undoes_id == CourseChange.id)
        .where(
            CourseChange.course_id.in_(course_ids),
            CourseChange.kind.in_([each.value for each in Call]),
            undo.id.is_(None),
        )
        .order_by(CourseChange.id)
    )
    found: dict[int, _Calls] = defaultdict(_Calls)
    for change in changes:
        for row in change.infusions:
            calls = found[row.infusion_id]
            if change.kind == Call.REACHED.value:
                calls.told.append((row.after["schedule_version"], row.after["status"], change.at))
            else:
                calls.tries.append(change)
    return found


def _is_told(each: _Gathered, calls: _Calls | None) -> bool:
    """Whether a call that reached somebody said this very thing, after it became due."""
    stands = each.row.schedule_version, each.row.status.value
    told = calls.told if calls else []
    return any((version, status) == stands and at >= each.since for version, status, at in told)


def _line(
    site: Site,
    now: datetime,
    person: Patient,
    found: Sequence[_Gathered],
    made: Mapping[int, _Calls],
) -> CallLine:
    zone = ZoneInfo(site.tz)
    points = sorted((_point(each, zone) for each in found), key=lambda point: (point.starts, point.number))
    tries = [one for each in found if each.row.id in made for one in made[each.row.id].tries]
    return CallLine(
        course_id=found[0].row.course_id,
        patient_id=person.id,
        patient=person.name,
        phone=person.phone,
        country=site.country,
        language=person.language,
        why=found[0].why,
        points=points,
        quiet_until=quiet_until(now, person.time_zone, site.tz),
        before=min(min(point.starts, point.was or point.starts) for point in points),
        last=_last(tries, zone),
        clinic=site.discreet_name,
    )


def _point(each: _Gathered, zone: ZoneInfo) -> Point:
    row = each.row
    starts = each.was if each.about is About.OFF and each.was else row.starts_at
    was = each.was.astimezone(zone) if each.was else None
    return Point(row.id, row.schedule_version, row.number, each.about, starts.astimezone(zone), was)


def _last(tries: Sequence[CourseChange], zone: ZoneInfo) -> LastTry | None:
    if not tries:
        return None
    newest = max(tries, key=lambda change: change.id)
    return LastTry(newest.at.astimezone(zone), newest.actor, DEEDS[newest.kind], newest.reason)
