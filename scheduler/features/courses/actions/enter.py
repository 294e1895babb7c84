"""Enter a course that began before the clinic used Sixfold: what was, as it was, and what is still to come.

What is over is written down without a judgement: no chair, no distance is checked, nothing is sent. What is
still to come passes the same check as a booking, inside the same locks, and the patient gets one confirmation
of it. Everything stands in one transaction under one change, which can be undone (`unenter.py`).
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db.locks import lock_days, lock_patient
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.capacity.kept import kept
from scheduler.features.courses.actions.chores import stopped_chore, unplanned_chore
from scheduler.features.courses.actions.confirm import confirm_dates
from scheduler.features.courses.actions.opened import Opened, reason_of
from scheduler.features.courses.actions.put import NO_SUCH_TIME, put_down, random_uid, spot_of
from scheduler.features.courses.actions.room import check_room, check_spacing, must_lie_ahead, spacing_of
from scheduler.features.courses.actions.write_change import done_of, write_change
from scheduler.features.courses.entering.check import Numbered, check_lines, goes_on, lines_of
from scheduler.features.courses.entering.entry import STOPPED, CourseEntry, Was
from scheduler.features.courses.entering.overlap import refuse_overlap
from scheduler.features.courses.order import Visit
from scheduler.features.courses.placing import Done, Placement
from scheduler.features.courses.standing import is_finished, standing
from scheduler.features.patients.queries import patient as get_patient
from scheduler.models import (
    Course,
    CourseChange,
    CourseStatus,
    Infusion,
    InfusionStatus,
    Patient,
    ProtocolVersion,
    Site,
)
from scheduler.planning import NoSuchTimeError, moment

NOT_ENTERED = "Nothing was entered."


def enter_course(
    session: Session, actor: Actor, at: datetime, entry: CourseEntry, new_uid: Callable[[], str] = random_uid
) -> Done:
    """Enter `entry` at the instant `at`; the same key again gives what it did.

    Raises RuleError for lines that can't be (`line` in its facts is the place of one), ConflictError where a
    visit to come has no room (with `gone`), or where the patient has a course in that time already.
    """
    lines = lines_of(entry)
    ahead = [line for line in lines if not line.visit.is_past]
    lock_days(session, [(entry.site_id, line.start.date()) for line in ahead])
    lock_patient(session, entry.patient_id)
    if replay := _earlier(session, entry):
        return replay
    patient, place, version = _known(session, entry)
    check_lines(entry, version.infusions, version.protocol.name)
    days = [line.start.date() for line in lines]
    refuse_overlap(session, patient, days, goes_on=goes_on(entry, version.infusions))
    opened = _opened(session, actor, at, entry, place, version)
    past = _write_past(session, at, opened, [line for line in lines if line.visit.is_past], new_uid)
    rows = _place_ahead(session, at, opened, ahead, new_uid)
    return _finish(session, actor, at, opened, entry, patient, past, rows)


def _earlier(session: Session, entry: CourseEntry) -> Done | None:
    course = session.scalar(select(Course).where(Course.booking_key == entry.key))
    if course is None:
        return None
    change = session.scalar(
        select(CourseChange)
        .where(CourseChange.course_id == course.id, CourseChange.kind == "entered")
        .order_by(CourseChange.id)
    )
    if change is None or course.booking_digest != entry.digest():
        raise ConflictError(
            "This page has entered a course already, with other lines. Open that course, or start anew."
        )
    return done_of(change, course, replayed=True)


def _known(session: Session, entry: CourseEntry) -> tuple[Patient, Site, ProtocolVersion]:
    known = kept(session)
    place = next((each for each in known.sites if each.id == entry.site_id), None)
    if place is None:
        raise NotFoundError("There is no such site. Choose one from the list.")
    version = next((each for each in known.versions if each.id == entry.protocol_version_id), None)
    if version is None:
        raise NotFoundError("There is no such protocol. Choose one from the list.")
    patient = get_patient(session, entry.patient_id)
    if patient.archived_at is not None:
        raise ConflictError(f"{patient.name} was archived. Take the patient back first. {NOT_ENTERED}")
    return patient, place, version


def _opened(
    session: Session, actor: Actor, at: datetime, entry: CourseEntry, place: Site, version: ProtocolVersion
) -> Opened:
    course = Course(
        patient_id=entry.patient_id,
        site_id=place.id,
        protocol_version_id=version.id,
        wishes={},
        booking_key=entry.key,
        booking_digest=entry.digest(),
        booked_at=at,
        booked_by_id=actor.user_id,
        entered=True,
    )
    session.add(course)
    session.flush()
    return Opened(course, {}, place, version)


def _write_past(
    session: Session, at: datetime, opened: Opened, lines: Sequence[Numbered], new_uid: Callable[[], str]
) -> list[Infusion]:
    rows: list[Infusion] = []
    for line in lines:
        start = _instant(opened.site, line)
        if start > at:
            raise RuleError(
                f"No. {line.number} is said to be over, and its time is still to come. Check the date, or "
                "mark it as to come.",
                line=line.place,
            )
        before = rows[-1] if rows and rows[-1].number == line.number else None
        row = _past_row(opened, line, start, at, new_uid())
        row.replaces_id = before.id if before else None
        opened.course.infusions.append(row)
        session.flush()
        rows.append(row)
    return rows


def _instant(place: Site, line: Numbered) -> datetime:
    wall = line.start
    try:
        return moment(ZoneInfo(place.tz), wall.date(), wall.hour * 60 + wall.minute).astimezone(UTC)
    except NoSuchTimeError as error:
        raise RuleError(NO_SUCH_TIME, line=line.place) from error


def _past_row(opened: Opened, line: Numbered, start: datetime, at: datetime, uid: str) -> Infusion:
    end = start + timedelta(minutes=opened.version.visit_minutes)
    was = line.visit.was
    came = was is not Was.MISSED
    return Infusion(
        course_id=opened.course.id,
        patient_id=opened.course.patient_id,
        site_id=opened.site.id,
        chair_id=None,
        number=line.number,
        status=InfusionStatus.COMPLETED if came else InfusionStatus.MISSED,
        starts_at=start,
        ends_at=end,
        chair_until=end + timedelta(minutes=opened.site.turnover_minutes),
        local_day=line.start.date(),
        started_at=start if came else None,
        completed_at=min(end, at) if came else None,
        stopped_early=was in STOPPED,
        counts=STOPPED.get(was),
        scheduled_at=at,
        ics_uid=uid,
        ics_dtstamp=at.replace(microsecond=0),
        ics_organizer=opened.site.from_email,
    )


def _place_ahead(
    session: Session, at: datetime, opened: Opened, lines: Sequence[Numbered], new_uid: Callable[[], str]
) -> list[Infusion]:
    """The visits to come, where there is room for them and they keep their distance."""
    if not lines:
        return []
    _chairs_of_the_site(opened.site, lines)
    placements = [Placement(line.number, line.visit.chair_id or 0, line.start, None) for line in lines]
    spots = [spot_of(opened, each) for each in placements]
    must_lie_ahead([spot.start for spot in spots], at)
    was: dict[int, date] = {row.number: row.local_day for row in standing(opened.course.infusions)}
    check_spacing(spacing_of(opened, was, {**was, **{p.number: p.start.date() for p in placements}}), None)
    visits = [Visit(each.number, each.chair_id, each.start) for each in placements]
    check_room(session, opened, visits, (), NOT_ENTERED)
    return put_down(session, at, opened, spots, new_uid)


def _chairs_of_the_site(place: Site, lines: Sequence[Numbered]) -> None:
    own = {chair.id for chair in place.chairs}
    for line in lines:
        if line.visit.chair_id not in own:
            raise RuleError(f"This chair is not at {place.name}. Choose one that is.", line=line.place)


def _finish(
    session: Session,
    actor: Actor,
    at: datetime,
    opened: Opened,
    entry: CourseEntry,
    patient: Patient,
    past: Sequence[Infusion],
    rows: Sequence[Infusion],
) -> Done:
    """The state of the course, what is left to do, the confirmation, and the change that holds it all."""
    course = opened.course
    if is_finished(course.infusions, opened.version.infusions):
        course.status, course.closed_at = CourseStatus.COMPLETED, past[-1].completed_at
    elif entry.ended:
        reason = reason_of(entry.ended, "Write why the course was ended early.")
        course.status, course.status_reason = CourseStatus.DISCONTINUED, reason
        course.closed_at = min(past[-1].ends_at, at)
    session.flush()
    for row in past:
        if row.stopped_early and row.counts is None:
            stopped_chore(session, at, row)
    unplanned_chore(session, actor, at, opened)
    if rows:
        confirm_dates(session, at, patient, course, rows)
    change = write_change(session, actor, at, course, "entered", rows=[*past, *rows])
    return done_of(change, course, len(rows) and 1)
