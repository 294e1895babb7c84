"""The history of a course and of each visit, in the words of the desk, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from scheduler.features.courses.words import day_words, listed
from scheduler.models import CourseChange, InfusionChange

DEEDS: Mapping[str, str] = {
    "booked": "Booked",
    "entered": "Entered from before",
    "moved": "Moved",
    "replaced": "Given a new date",
    "arrived": "Arrived",
    "started": "Started",
    "completed": "Completed",
    "stopped": "Stopped early",
    "missed": "Missed",
    "cancelled": "Cancelled",
    "held_back": "Held back",
    "corrected": "Corrected",
    "expected": "Expected later",
    "confirmed": "Confirmed",
    "change_asked": "Asked for another time",
    "counted": "Said whether it counts",
    "held": "Put the course on hold",
    "released": "Released the course's visits",
    "resumed": "Resumed the course",
    "discontinued": "Ended the course early",
    "reached": "Reached by phone",
    "left_message": "Left a message by phone",
    "no_answer": "Nobody answered the phone",
    "undone": "Undid a change",
}


@dataclass(frozen=True)
class HistoryLine:
    """One change: when (local), who, what in words, why. `override` names rules of spacing set aside."""

    at: datetime
    who: str
    words: str
    reason: str
    override: str
    change_id: int
    can_undo: bool


def history_of_visit(
    session: Session, infusion_id: int, tz: str, now: datetime | None = None
) -> list[HistoryLine]:
    """All changes of one visit, times in the zone `tz`; `now` decides whether one can still be undone."""
    touched = select(InfusionChange.change_id).where(InfusionChange.infusion_id == infusion_id)
    return _lines(session, select(CourseChange).where(CourseChange.id.in_(touched)), tz, now, infusion_id)


def history_of_course(
    session: Session, course_id: int, tz: str, now: datetime | None = None
) -> list[HistoryLine]:
    """All changes of one course, times in the zone `tz`."""
    return _lines(session, select(CourseChange).where(CourseChange.course_id == course_id), tz, now, None)


def _lines(
    session: Session, query: Select[CourseChange], tz: str, now: datetime | None, only: int | None
) -> list[HistoryLine]:
    undo = aliased(CourseChange)
    found = session.execute(
        query.add_columns(undo.id.label("undone"))
        .outerjoin(undo, undo.undoes_id == CourseChange.id)
        .order_by(CourseChange.at.desc(), CourseChange.id.desc())
    ).all()
    zone = ZoneInfo(tz)
    return [_line(change, undone, zone, now, only) for change, undone in found]


def _line(
    change: CourseChange, undone: int | None, zone: ZoneInfo, now: datetime | None, only: int | None
) -> HistoryLine:
    rows = [row for row in change.infusions if only in (None, row.infusion_id)]
    parts = [_visit_words(row, zone, numbered=only is None) for row in rows]
    deed = DEEDS.get(change.kind, change.kind.replace("_", " ").capitalize())
    about = listed(part for part in parts if part)
    words = f"{deed}: {about}" if about else deed
    open_still = now is not None and change.undo_until is not None and now <= change.undo_until
    return HistoryLine(
        at=change.at.astimezone(zone),
        who=change.actor,
        words=f"{words} (undone)" if undone else words,
        reason=change.reason,
        override=change.override or "",
        change_id=change.id,
        can_undo=open_still and not undone,
    )


def _visit_words(row: InfusionChange, zone: ZoneInfo, *, numbered: bool) -> str:
    """`no. 3 from Thu 12 Nov 09:30 to Fri 13 Nov 10:00`."""
    after = _when(row.after, zone)
    before = _when(row.before, zone) if row.before else after
    number = f"no. {row.after['number']}" if numbered else ""
    where = f"from {before} to {after}" if before != after else f"on {after}" if row.before is None else ""
    return f"{number} {where}".strip()


def _when(facts: Mapping[str, Any], zone: ZoneInfo) -> str:
    wall = datetime.fromisoformat(facts["starts_at"]).astimezone(zone)
    return f"{day_words(wall.date())} {wall:%H:%M}"
