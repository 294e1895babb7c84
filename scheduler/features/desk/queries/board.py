"""One site's day, drawn: arrivals, lanes, load."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.capacity.ground import as_bookings
from scheduler.features.capacity.kept_week import kept_week
from scheduler.features.capacity.queries import Talk
from scheduler.features.desk.facts import ChairFact, ShutFact, VisitFact
from scheduler.features.desk.frame import Frame, frame_of, minute_of, span_on
from scheduler.features.desk.lanes import Lane, lanes_of
from scheduler.features.desk.load import Load, load_of
from scheduler.features.desk.queries.shut import open_spans, shut_of_day
from scheduler.features.desk.queries.visits import visits_of_day
from scheduler.models import Infusion, InfusionStatus, Site
from scheduler.planning import Clinic, LoadSlot, load_profile


@dataclass(frozen=True)
class Now:
    """The present moment on a drawn day: slots since its first hour, and the clock."""

    slot: float
    label: str


@dataclass(frozen=True)
class Board:
    """A day at a site. `now` is None on other days than today and outside the hours drawn.

    `is_open` says whether the site has hours on that day at all; `next_visit` is the next visit where the day
    has none; `talks` are its consultations.
    """

    site: Site
    day: date
    local_now: datetime
    visits: list[VisitFact]
    frame: Frame
    lanes: list[Lane]
    load: Load
    now: Now | None
    holiday: str | None
    closures: list[ShutFact]
    is_open: bool
    next_visit: datetime | None
    talks: Sequence[Talk]

    @property
    def is_today(self) -> bool:
        """Whether the day is today at the site."""
        return self.day == self.local_now.date()

    @property
    def standing(self) -> list[VisitFact]:
        """The visits that hold their chairs."""
        return [visit for visit in self.visits if visit.stands]


def board_of(session: Session, site: Site, day: date, now: datetime) -> Board:
    """Everything that is drawn of `day` at `site` (hours and chairs loaded); `now` is aware."""
    local_now = now.astimezone(ZoneInfo(site.tz))
    week = kept_week(session, site, day)
    visits = visits_of_day(session, site, day, now, week.versions)
    holiday = week.holidays.get(day)
    shut = shut_of_day(site, day, holiday, week.closures)
    spans = open_spans(site, day)
    frame = _frame(day, spans, visits)
    is_today = day == local_now.date()
    slot = frame.slot_of(minute_of(local_now, day)) if is_today else None
    return Board(
        site=site,
        day=day,
        local_now=local_now,
        visits=visits,
        frame=frame,
        lanes=lanes_of(day, frame, _chairs(site, day, visits), visits, shut, local_now if is_today else None),
        load=load_of(frame, _profile(site, week.clinic, visits, day), slot),
        now=Now(slot, f"{local_now:%H:%M}") if slot is not None else None,
        holiday=holiday,
        closures=[part for part in shut if part.chair_id is None and part.reason not in ("Closed", holiday)],
        is_open=bool(spans),
        next_visit=None if visits else _next_visit(session, site, max(now, _end(site, day))),
        talks=[talk for talk in week.talks if talk.starts_at.date() == day],
    )


def _frame(day: date, spans: Sequence[tuple[int, int]], visits: Sequence[VisitFact]) -> Frame:
    """The hours that hold the opening hours and all visits."""
    standing = [span_on(day, visit.starts_at, visit.ends_at) for visit in visits if visit.stands]
    return frame_of([*spans, *standing])


def _chairs(site: Site, day: date, visits: Sequence[VisitFact]) -> list[ChairFact]:
    """The chairs in use on `day`, and any that was retired since but has a visit standing on it."""
    used = {visit.chair_id for visit in visits if visit.stands}
    zone = ZoneInfo(site.tz)
    return [
        ChairFact(chair.id, chair.name)
        for chair in site.chairs
        if chair.id in used or chair.retired_at is None or chair.retired_at.astimezone(zone).date() > day
    ]


def _profile(site: Site, clinic: Clinic, visits: Sequence[VisitFact], day: date) -> Sequence[LoadSlot]:
    """The load of the visits that stand, from what is read of them anyway."""
    rows = [
        (site.id, visit.chair_id, int(visit.starts_at.timestamp()), visit.version_id)
        for visit in visits
        if visit.stands and visit.chair_id is not None
    ]
    return load_profile(clinic, as_bookings(clinic, rows), str(site.id), day)


def _end(site: Site, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 23, 59, tzinfo=ZoneInfo(site.tz))


def _next_visit(session: Session, site: Site, after: datetime) -> datetime | None:
    """When the next visit at the site begins, local, or None where none is booked."""
    found = session.scalar(
        select(Infusion.starts_at)
        .where(
            Infusion.site_id == site.id,
            Infusion.starts_at > after,
            Infusion.status == InfusionStatus.SCHEDULED,
        )
        .order_by(Infusion.starts_at)
        .limit(1)
    )
    return found.astimezone(ZoneInfo(site.tz)) if found else None
