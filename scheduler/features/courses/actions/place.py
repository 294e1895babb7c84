"""Put visits of a course elsewhere, or put new ones in the place of those that were given up.

The way of it is that of a booking: lock, look whether this very change was made already, check everything
from the rows as they are now, write. Only the visits that are named are written.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, RuleError
from scheduler.features.courses.actions.call_off import call_off
from scheduler.features.courses.actions.chores import hold_over, unplanned_chore
from scheduler.features.courses.actions.opened import (
    Opened,
    by_whom,
    close_or_reopen,
    must_go_on,
    open_course,
    reason_of,
)
from scheduler.features.courses.actions.put import Spot, put_down, spot_of
from scheduler.features.courses.actions.room import check_room, check_spacing, must_lie_ahead, spacing_of
from scheduler.features.courses.actions.tell import tell_moved
from scheduler.features.courses.actions.write_change import done_of, look, write_change
from scheduler.features.courses.order import Visit
from scheduler.features.courses.placing import Done, Override, Placement
from scheduler.features.courses.standing import open_numbers, standing
from scheduler.models import CourseChange, CourseStatus, Infusion, InfusionStatus
from scheduler.planning import to_wall

__all__ = ["Done", "Override", "Placement", "place_visits"]

NOT_MOVED = "Nothing was moved."


def place_visits(
    session: Session,
    actor: Actor,
    at: datetime,
    course_id: int,
    placements: Sequence[Placement],
    *,
    seen: Mapping[int, int],
    kind: str = "moved",
    override: Override | None = None,
    key: str | None = None,
    drop: Collection[int] = (),
) -> Done:
    """Place these visits of a course, all or none, and cancel those in `drop`.

    `seen` holds the schedule version of each visit as the person saw it. The same `key` again gives what it
    did. Raises ConflictError (with `gone` where places are taken, with `now` and `asked` where somebody
    changed a visit meanwhile) and RuleError (with `spacing`, which an `override` of a clinician can set
    aside).
    """
    named = [each.infusion_id for each in placements if each.infusion_id is not None]
    opened = open_course(session, course_id, [p.start.date() for p in placements], [*named, *drop])
    if key and (replay := _earlier(session, opened, key)):
        return replay
    if kind == "resumed":
        _must_be_held(opened)
    else:
        must_go_on(opened.course)
    _well_named(opened, placements, seen, drop)
    spots = [spot for spot in (spot_of(opened, each) for each in placements) if _is_new(opened, spot)]
    if not spots and not drop and kind != "resumed":
        raise RuleError("The visit is there already. Nothing would change.")
    override = _checked(session, at, opened, spots, drop, override)
    return _write(session, actor, at, opened, spots, kind=kind, override=override, key=key, drop=drop)


def _earlier(session: Session, opened: Opened, key: str) -> Done | None:
    change = session.scalar(select(CourseChange).where(CourseChange.key == key))
    if change is None:
        return None
    if change.course_id != opened.course.id:
        raise ConflictError("This page has changed another course already. Open this one anew.")
    return done_of(change, opened.course, replayed=True)


def _must_be_held(opened: Opened) -> None:
    if opened.course.status is not CourseStatus.ON_HOLD:
        raise ConflictError("The course is not on hold any more. Open it again and look.")


def _well_named(
    opened: Opened, placements: Sequence[Placement], seen: Mapping[int, int], drop: Collection[int]
) -> None:
    """Every visit named once, scheduled, and as it was seen; every new number open."""
    numbers = [each.number for each in placements]
    if len(set(numbers)) < len(numbers) or {p.infusion_id for p in placements} & set(drop):
        raise RuleError("A visit was named twice. Open the page again.")
    missing = open_numbers(opened.course.infusions, opened.version.infusions)
    for each in placements:
        if each.infusion_id is not None:
            row = opened.visit(each.infusion_id)
            _as_seen(opened, row, seen, to_wall(ZoneInfo(opened.site.tz), row.starts_at), each)
        elif each.number not in missing:
            raise ConflictError(f"Visit no. {each.number} has a date already. Open the course and look.")
    for infusion_id in drop:
        if opened.visit(infusion_id).status is not InfusionStatus.SCHEDULED:
            raise ConflictError("A visit that would be cancelled is not scheduled any more.")


def _as_seen(
    opened: Opened, row: Infusion, seen: Mapping[int, int], wall: datetime, asked: Placement
) -> None:
    session = Session.object_session(row)
    if session is None:
        raise ValueError("the visit must belong to a session")
    if row.number != asked.number:
        raise RuleError("A visit was named by another number. Open the page again.")
    if row.schedule_version == seen.get(row.id) and row.status is InfusionStatus.SCHEDULED:
        return
    is_now = f"{wall:%a} {wall.day} {wall:%b %H:%M}, {row.status.value.replace('_', ' ')}"
    wish = f"{asked.start:%a} {asked.start.day} {asked.start:%b %H:%M}"
    raise ConflictError(
        f"Visit no. {row.number} was {by_whom(session, row.id, opened.site)}. It is now {is_now}; "
        f"you asked for {wish}. {NOT_MOVED}",
        now=wall,
        status=row.status.value,
        asked=asked.start,
        changed=row.id,
    )


def _is_new(opened: Opened, spot: Spot) -> bool:
    """Whether the spot is another one than where the visit is."""
    if spot.placement.infusion_id is None:
        return True
    row = opened.visit(spot.placement.infusion_id)
    return (row.chair_id, row.starts_at) != (spot.placement.chair_id, spot.start)


def _checked(
    session: Session,
    at: datetime,
    opened: Opened,
    spots: Sequence[Spot],
    drop: Collection[int],
    override: Override | None,
) -> Override | None:
    """Past, spacing, room, in this order. Gives the override where it was needed."""
    if not spots:
        return None
    must_lie_ahead([spot.start for spot in spots], at)
    placed = {spot.placement.number: spot.placement.start.date() for spot in spots}
    days = {row.number: row.local_day for row in standing(opened.course.infusions) if row.id not in drop}
    faults = spacing_of(opened, days, {**days, **placed})
    if override:
        reason_of(override.reason, "Write why the visits may come closer or further apart.")
    check_spacing(faults, override)
    ids = [each.placement.infusion_id for each in spots if each.placement.infusion_id is not None]
    leaving = [opened.visit(each) for each in (*ids, *drop)]
    visits = [Visit(s.placement.number, s.placement.chair_id, s.placement.start) for s in spots]
    check_room(session, opened, visits, leaving, NOT_MOVED)
    return override if faults else None


def _write(
    session: Session,
    actor: Actor,
    at: datetime,
    opened: Opened,
    spots: Sequence[Spot],
    *,
    kind: str,
    override: Override | None,
    key: str | None,
    drop: Collection[int],
) -> Done:
    course = opened.course
    ids = [spot.placement.infusion_id for spot in spots if spot.placement.infusion_id is not None]
    touched = [opened.visit(each) for each in ids]
    dropped = [opened.visit(each) for each in drop]
    before = look(course, [*touched, *dropped])
    were = {row.id: row.starts_at for row in touched}
    if kind == "resumed":
        course.status, course.status_reason, course.hold_until = CourseStatus.ACTIVE, None, None
        hold_over(session, actor, at, opened, "The course was resumed.")
    messages = call_off(session, at, dropped, "Given up for a new plan")
    rows = put_down(session, at, opened, spots)
    messages += tell_moved(session, at, rows, were)
    close_or_reopen(opened, at)
    unplanned_chore(session, actor, at, opened)
    change = write_change(
        session, actor, at, course, kind, before, [*rows, *dropped], override=override, key=key
    )
    return done_of(change, course, messages)
