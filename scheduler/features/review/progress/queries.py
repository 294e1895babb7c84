"""Everything of one course's progress, in as many queries for a long course as for a short one."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.infusion_logs.queries.facts import LogFacts, log_facts
from scheduler.features.ratings.occasions import Occasion, State
from scheduler.features.ratings.plan import Key
from scheduler.features.ratings.progress import Series
from scheduler.features.ratings.queries.facts import Asked, asked_of
from scheduler.features.ratings.queries.series import first_infusion_at, series_of
from scheduler.features.ratings.timing import NOT_RATED
from scheduler.features.review.medicines import MedicineLine, medicines_of, standing
from scheduler.features.review.progress.facts import CourseProgress
from scheduler.features.review.progress.past import PastOccasion, beside, middles
from scheduler.features.review.progress.table import table_of
from scheduler.features.review.progress.tracks import Context, in_order, names, standing_of, track_of
from scheduler.models import (
    Course,
    Infusion,
    InfusionLog,
    InfusionStatus,
    ProtocolVersion,
    Rating,
    RescueDrug,
)
from scheduler.rendering.trajectory import Event, Medicine, Past, TrajectoryFacts, Visit

COMPARED = 200
"""The newest past courses are compared: what the clinic did years ago says less, and the page stays quick."""
ANOTHER_DOSE = Fraction(5, 100)
"""Doses per kilogram that differ by more are another dose (CLINICAL.md, section 2)."""
AHEAD = (InfusionStatus.SCHEDULED, InfusionStatus.ARRIVED)


def progress_of(session: Session, course_id: int, now: datetime) -> CourseProgress:
    """The progress of a course at `now`. Raises NotFoundError."""
    course = session.get(Course, course_id)
    if course is None:
        raise NotFoundError("There is no such course.")
    zone = ZoneInfo(course.site.tz)
    asked = asked_of(session, course_id)
    series = in_order(series_of(session, course_id), asked.plan.primary)
    visits = _visits(session, course_id)
    logs = log_facts(session, course_id, now.astimezone(zone).date())
    medicines = medicines_of(session, course_id, zone)
    starts = {visit.id: visit.starts_at.astimezone(zone) for visit in visits}
    context = Context(
        asked.plan.primary, first_infusion_at(session, course_id), now, zone, starts, _missed(asked, now)
    )
    standings = [standing_of(one, name, context) for one, name in zip(series, names(series), strict=True)]
    tracks = [
        track_of(one, at, _past(session, course, one, asked, now, zone) if at.is_primary else None, context)
        for one, at in zip(series, standings, strict=True)
    ]
    heads, rows = table_of(series, standings, logs, context)
    return CourseProgress(
        course_id=course_id,
        standings=standings,
        facts=TrajectoryFacts(
            tracks=tracks,
            visits=_drawn(visits, logs, zone),
            events=[
                Event(event.onset_at.astimezone(zone), event.term, event.grade)
                for log in logs
                for event in log.events
            ],
            medicines=[
                *(_medicine(line, starts.values(), now, zone) for line in standing(medicines)),
                *_rescue(session, course_id, zone),
            ],
        ),
        columns=heads,
        rows=rows,
        medicines=medicines,
    )


def _visits(session: Session, course_id: int) -> Sequence[Infusion]:
    return session.scalars(
        select(Infusion)
        .where(Infusion.course_id == course_id, Infusion.status.not_in(NOT_RATED))
        .order_by(Infusion.starts_at, Infusion.id)
    ).all()


def _missed(asked: Asked, now: datetime) -> list[tuple[Occasion, frozenset[Key]]]:
    """The occasions that are over and lack something."""
    return [
        (one, frozenset(one.lacking(asked.given)))
        for one in asked.occasions
        if one.state(now, asked.given) is State.MISSED
    ]


def _drawn(visits: Sequence[Infusion], logs: Sequence[LogFacts], zone: ZoneInfo) -> list[Visit]:
    charted = {log.infusion_id: log for log in logs}
    found: list[Visit] = []
    before: Fraction | None = None
    for visit in visits:
        log = charted.get(visit.id)
        per_kg = Fraction(log.dose_ug, log.weight_g) if log and log.dose_ug and log.weight_g else None
        changed = per_kg is not None and before is not None and abs(per_kg - before) > ANOTHER_DOSE * before
        before = per_kg or before
        found.append(
            Visit(
                visit.number,
                visit.starts_at.astimezone(zone),
                log.dose_ug / 1000 if log and log.dose_ug is not None else None,
                log.dose if log else "",
                visit.status in AHEAD,
                changed,
            )
        )
    return found


def _medicine(line: MedicineLine, starts: Collection[datetime], now: datetime, zone: ZoneInfo) -> Medicine:
    """As it is drawn: what is taken on reaches to this day, not into the visits to come."""
    words = line.words
    if line.from_day and line.from_day < min((at.date() for at in starts), default=date.max):
        words += f", since {line.from_day.day} {line.from_day:%b %Y}"
    until = now.astimezone(zone) if any(at > now for at in starts) else None
    if line.until_day:
        until = _midnight(line.until_day + timedelta(days=1), zone)
    return Medicine(words, _midnight(line.from_day, zone) if line.from_day else None, until)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)


def _rescue(session: Session, course_id: int, zone: ZoneInfo) -> list[Medicine]:
    rows = session.scalars(
        select(RescueDrug)
        .join(InfusionLog, InfusionLog.id == RescueDrug.log_id)
        .join(Infusion, Infusion.id == InfusionLog.infusion_id)
        .where(Infusion.course_id == course_id, RescueDrug.struck_at.is_(None))
        .order_by(RescueDrug.given_at, RescueDrug.id)
    )
    return [Medicine(f"{row.drug} {row.amount}", row.given_at.astimezone(zone), once=True) for row in rows]


def _past(
    session: Session, course: Course, series: Series, asked: Asked, now: datetime, zone: ZoneInfo
) -> Past | None:
    """Other patients' past courses of as many infusions, at the occasions that this course has had."""
    places = {(one.slot.point, one.number, one.slot.week): one.due_at for one in asked.occasions}
    places |= {(value.point, value.number, value.week): value.rated_at for value in series.complete}
    here = {occasion: at.astimezone(zone) for occasion, at in places.items() if at <= now}
    return beside(middles(_past_rows(session, course, series.instrument.key)), here)


def _past_rows(session: Session, course: Course, key: Key) -> list[tuple[PastOccasion, int, int]]:
    newest = (
        select(Course.id)
        .join(ProtocolVersion, ProtocolVersion.id == Course.protocol_version_id)
        .where(
            Course.closed_at.is_not(None),
            Course.patient_id != course.patient_id,
            ProtocolVersion.infusions == course.protocol_version.infusions,
        )
        .order_by(Course.closed_at.desc(), Course.id.desc())
        .limit(COMPARED)
        .subquery()
    )
    number = func.coalesce(Infusion.number, 0)
    rows = session.execute(
        select(Rating.time_point, number, Rating.week, Rating.total, func.count())
        .join(newest, newest.c.id == Rating.course_id)
        .outerjoin(Infusion, Infusion.id == Rating.infusion_id)
        .where(
            Rating.instrument == key[0],
            Rating.instrument_version == key[1],
            Rating.voided_at.is_(None),
            Rating.total.is_not(None),
            or_(Rating.infusion_id.is_(None), Infusion.status == InfusionStatus.COMPLETED),
        )
        .group_by(Rating.time_point, number, Rating.week, Rating.total)
        .order_by(Rating.time_point, number, Rating.week, Rating.total)
    )
    return [
        ((point, number, week), total, count)
        for point, number, week, total, count in rows
        if total is not None
    ]
