"""Reading the waiting list."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from scheduler.errors import NotFoundError
from scheduler.features.waiting.finds import Find, can_be_found, seek, still_free
from scheduler.features.waiting.steps import OPEN
from scheduler.models import (
    CapacityStamp,
    Course,
    CourseChange,
    CourseStatus,
    Infusion,
    InfusionStatus,
    Patient,
    WaitingEntry,
    WaitingEvent,
    WaitingStatus,
)
from scheduler.planning import to_wall

NO_ENTRY = "There is no such entry on the waiting list."
SEARCHED = 40
"""So many are searched for while somebody waits for the page: those for whom the worker found most, then
those who have waited longest. The others stand on it as not looked at, with the way to look at them."""


@dataclass(frozen=True)
class Line:
    """An entry as lists show it. `start` is the visit's local time (of the next visit for a whole course);
    `find` is what could be offered now; `gone` says that the room of a standing offer is taken; `looked` is
    False for who could be found something, but was not searched for this time.
    """

    entry: WaitingEntry
    patient: Patient
    number: int
    start: datetime | None
    tz: ZoneInfo
    find: Find | None = None
    gone: bool = False
    looked: bool = True


@dataclass(frozen=True)
class Looked:
    """The list after one look: those from `first` to `last` (from 1) of `total` were searched for.

    `next` and `before` say how many to pass over to look at the following ones and at those before; None
    where there are none.
    """

    lines: list[Line]
    first: int
    last: int
    total: int
    next: int | None
    before: int | None


def entry(session: Session, entry_id: int) -> WaitingEntry:
    """One entry with its course, patient and history. Raises NotFoundError."""
    found = session.scalar(_whole().where(WaitingEntry.id == entry_id))
    if found is None:
        raise NotFoundError(NO_ENTRY)
    return found


def entries(
    session: Session,
    statuses: Collection[WaitingStatus] = OPEN,
    *,
    patient_id: int | None = None,
    after: int | None = None,
    limit: int | None = None,
) -> Sequence[WaitingEntry]:
    """Entries in these states, those who have waited longest first."""
    statement = _whole().where(WaitingEntry.status.in_(statuses))
    if patient_id is not None:
        statement = statement.where(
            WaitingEntry.course_id.in_(select(Course.id).where(Course.patient_id == patient_id))
        )
    if after is not None:
        statement = statement.where(WaitingEntry.id > after)
    return session.scalars(statement.order_by(WaitingEntry.id).limit(limit)).all()


def find_for(session: Session, now: datetime, waiting: WaitingEntry) -> Find | None:
    """The best move for an entry, those that the patient declined left out."""
    declined = session.scalars(
        select(WaitingEvent.facts).where(WaitingEvent.entry_id == waiting.id, WaitingEvent.step == "decline")
        .order_by(WaitingEvent.id)
    ).all()  # fmt: skip
    return seek(session, now, waiting, {datetime.fromisoformat(each["start"]) for each in declined})


def look(session: Session, now: datetime, skip: int = 0) -> Looked:
    """The open entries: those who can be offered something first, by what it gains, then by their wait.

    At most `SEARCHED` are searched for, `skip` passed over. Who can't be found anything costs no search.
    """
    found = [_line(session, now, each) for each in entries(session, set(OPEN) - {WaitingStatus.WAITING})]
    waiting = entries(session, {WaitingStatus.WAITING})
    found += [line_of(each) for each in waiting if not can_be_found(each)]
    asked = sorted(
        (each for each in waiting if can_be_found(each)),
        key=lambda each: (each.best_gain is None, -(each.best_gain or 0), each.id),
    )
    start = min(max(skip, 0), max(len(asked) - 1, 0)) // SEARCHED * SEARCHED
    end = min(start + SEARCHED, len(asked))
    found += [_line(session, now, each) for each in asked[start:end]]
    found += [replace(line_of(each), looked=False) for each in (*asked[:start], *asked[end:])]
    found.sort(key=lambda each: (each.find is None, -each.find.gain if each.find else 0, each.entry.id))
    follows = end if end < len(asked) else None
    return Looked(found, start + 1, end, len(asked), follows, start - SEARCHED if start else None)


def line_of(waiting: WaitingEntry) -> Line:
    """An entry without what could be offered."""
    course, zone = waiting.course, ZoneInfo(waiting.course.site.tz)
    row = waiting.infusion or next(
        (each for each in course.infusions if each.status is InfusionStatus.SCHEDULED), None
    )
    start = to_wall(zone, row.starts_at) if row else None
    return Line(waiting, course.patient, row.number if row else 0, start, zone)


def already(session: Session, infusion_id: int | None, course_id: int | None) -> int | None:
    """The open entry of a visit, or of a whole course."""
    statement = select(WaitingEntry.id).where(WaitingEntry.status.in_(OPEN))
    if infusion_id is not None:
        return session.scalar(statement.where(WaitingEntry.infusion_id == infusion_id))
    whole = (WaitingEntry.course_id == course_id, WaitingEntry.infusion_id.is_(None))
    return session.scalar(statement.where(*whole))


def can_wait(session: Session, patient_id: int, now: datetime) -> list[Course]:
    """The courses of a patient that go on and have a visit ahead."""
    ahead = select(Infusion.course_id).where(
        Infusion.patient_id == patient_id,
        Infusion.status == InfusionStatus.SCHEDULED,
        Infusion.starts_at > now,
    )
    statement = (
        select(Course)
        .options(selectinload(Course.infusions), selectinload(Course.site))
        .where(Course.status == CourseStatus.ACTIVE, Course.id.in_(ahead))
        .order_by(Course.id)
    )
    return list(session.scalars(statement))


def has_open(session: Session) -> bool:
    """Whether anybody waits."""
    return session.scalar(select(WaitingEntry.id).where(WaitingEntry.status.in_(OPEN)).limit(1)) is not None


def good_count() -> Select[int]:
    """Select how many who wait could be offered something that gains, as the worker last saw it."""
    return select(func.count(WaitingEntry.id)).where(
        WaitingEntry.status == WaitingStatus.WAITING, WaitingEntry.best_gain > 0
    )


def gains(session: Session, now: datetime, after: int = 0) -> dict[int, int | None]:
    """By waiting entry, what its best move gains now; None where there is none. At most `SEARCHED` entries,
    those that follow the entry `after`: nobody holds the database for as long as all of them take."""
    waiting = entries(session, {WaitingStatus.WAITING}, after=after, limit=SEARCHED)
    finds = {each.id: find_for(session, now, each) for each in waiting}
    return {key: find.gain if find else None for key, find in finds.items()}


def stamp(session: Session) -> tuple[int, int, int]:
    """Rises with every change of a course, of the capacity and of the list: while it stays, so do gains."""
    return (
        session.scalar(select(func.max(CourseChange.id))) or 0,
        session.scalar(select(CapacityStamp.version)) or 0,
        session.scalar(select(func.max(WaitingEvent.id))) or 0,
    )


def _line(session: Session, now: datetime, waiting: WaitingEntry) -> Line:
    line = line_of(waiting)
    find, gone = None, False
    if waiting.status is WaitingStatus.WAITING:
        find = find_for(session, now, waiting)
    elif waiting.status is WaitingStatus.OFFERED:
        gone = not still_free(session, now, waiting)
    return Line(line.entry, line.patient, line.number, line.start, line.tz, find, gone)


def _whole() -> Select[WaitingEntry]:
    course = selectinload(WaitingEntry.course)
    return select(WaitingEntry).options(
        course.selectinload(Course.infusions),
        course.selectinload(Course.patient),
        course.selectinload(Course.site),
        course.selectinload(Course.protocol_version),
        selectinload(WaitingEntry.infusion),
        selectinload(WaitingEntry.events),
    )
