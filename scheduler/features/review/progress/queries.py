"""Everything of one course's progress, in as many queries for a long course as for a short one."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.features.infusion_logs.queries.facts import LogFacts, log_facts_in
from scheduler.features.ratings.occasions import Occasion, State
from scheduler.features.ratings.plan import Key
from scheduler.features.ratings.queries.facts import Asked
from scheduler.features.ratings.queries.series import first_infusion_in, series_in
from scheduler.features.review.medicines import MedicineLine, medicines_in, standing
from scheduler.features.review.progress.compared import past_of
from scheduler.features.review.progress.facts import CourseProgress
from scheduler.features.review.progress.table import table_of
from scheduler.features.review.progress.tracks import Context, in_order, names, standing_of, track_of
from scheduler.features.review.queries.rows import CourseRows
from scheduler.models import Infusion, InfusionStatus
from scheduler.rendering.trajectory import Event, Medicine, TrajectoryFacts, Visit

ANOTHER_DOSE = Fraction(5, 100)
"""Doses per kilogram that differ by more are another dose (CLINICAL.md, section 2)."""
AHEAD = (InfusionStatus.SCHEDULED, InfusionStatus.ARRIVED)


def progress_of(session: Session, course_id: int, now: datetime) -> CourseProgress:
    """The progress of a course at `now`. Raises NotFoundError."""
    return progress_in(CourseRows(session, course_id), now)


def progress_in(rows: CourseRows, now: datetime) -> CourseProgress:
    """The same from the rows of the course."""
    zone, asked = ZoneInfo(rows.whose.site.tz), rows.asked
    given = [row for row in rows.ratings if row.voided_at is None]
    series = in_order(series_in(rows.session, given), asked.plan.primary)
    visits = rows.taking_place
    charted = [(row.visit, row.log) for row in rows.visits]
    logs = log_facts_in(charted, rows.lines["events"], now.astimezone(zone).date())
    medicines = medicines_in(rows.medicines, rows.who.name, zone)
    starts = {visit.id: visit.starts_at.astimezone(zone) for visit in visits}
    context = Context(
        asked.plan.primary,
        first_infusion_in(visits, rows.whose.version.phases),
        now,
        zone,
        starts,
        _missed(asked, now),
    )
    standings = [standing_of(one, name, context) for one, name in zip(series, names(series), strict=True)]
    tracks = [
        track_of(one, at, past_of(rows, one, now, zone) if at.is_primary else None, context)
        for one, at in zip(series, standings, strict=True)
    ]
    heads, lines = table_of(series, standings, logs, context)
    return CourseProgress(
        course_id=rows.course_id,
        keys=[one.instrument.key for one in series],
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
                *_rescue(rows, zone),
            ],
        ),
        columns=heads,
        rows=lines,
        medicines=medicines,
    )


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


def _rescue(rows: CourseRows, zone: ZoneInfo) -> list[Medicine]:
    given = [one for lines in rows.lines["rescue"].values() for one in lines if one.struck_at is None]
    given.sort(key=lambda one: (one.given_at, one.id))
    return [Medicine(f"{one.drug} {one.amount}", one.given_at.astimezone(zone), once=True) for one in given]
