"""A week at a site: a row for each chair, a cell for each day, each visit a small block in its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.features.capacity.ground import as_bookings
from scheduler.features.capacity.kept_week import KeptWeek, kept_week
from scheduler.features.capacity.queries import Talk
from scheduler.features.desk.board.choice import BoardChoice
from scheduler.features.desk.board.week_visits import (
    WeekBlock,
    WeekVisit,
    shut_blocks,
    visit_blocks,
    week_visits,
)
from scheduler.features.desk.frame import Frame, frame_of, minute_of
from scheduler.features.desk.load import Pressure, pressure_of
from scheduler.features.desk.queries.board import Now
from scheduler.features.desk.queries.shut import open_spans
from scheduler.models import Chair, Site
from scheduler.planning import Bookings, Clinic, load_profile


@dataclass(frozen=True)
class DayHead:
    """The head of a day: how many visits, its consultations, how full its nurses are, why it is shut, the
    moment on today."""

    day: date
    is_today: bool
    visits: int
    talks: tuple[Talk, ...]
    shut: str
    pressure: Pressure
    now: Now | None


@dataclass(frozen=True)
class Cell:
    """One chair on one day; `now_at` is the slot of the present moment, None on other days."""

    day: date
    shut: bool
    blocks: tuple[WeekBlock, ...]
    now_at: int | None


@dataclass(frozen=True)
class WeekRow:
    """One chair."""

    chair_id: int
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Week:
    """A week; every day is drawn in the same hours. `local_now` is the moment it is drawn for."""

    first: date
    local_now: datetime
    frame: Frame
    heads: tuple[DayHead, ...]
    rows: tuple[WeekRow, ...]
    visits: tuple[WeekVisit, ...]

    @property
    def last(self) -> date:
        """Its Sunday."""
        return self.first + timedelta(days=6)

    @property
    def talks(self) -> int:
        """How many consultations it holds."""
        return sum(len(head.talks) for head in self.heads)


def week_of(session: Session, site: Site, choice: BoardChoice, now: datetime) -> Week:
    """Everything that is drawn of the week of `choice` at `site` (hours and chairs loaded)."""
    first = choice.monday
    kept = kept_week(session, site, first)
    days = [first + timedelta(days=n) for n in range(7)]
    visits = week_visits(session, site, first, now)
    spans = {span for day in days for span in open_spans(site, day)}
    frame = frame_of(spans | {(visit.begin, visit.end) for visit in visits})
    blocks: dict[tuple[int, date], list[WeekBlock]] = {}
    for place, block in (
        *shut_blocks(kept.closures, site, days, frame),
        *visit_blocks(visits, frame, choice),
    ):
        blocks.setdefault(place, []).append(block)
    shut = {day: kept.holidays.get(day) or ("" if open_spans(site, day) else "Closed") for day in days}
    heads = _heads(kept, site, visits, shut, _now(site, frame, now))
    return Week(
        first=first,
        local_now=now.astimezone(ZoneInfo(site.tz)),
        frame=frame,
        heads=heads,
        rows=tuple(
            WeekRow(
                chair.id,
                chair.name,
                tuple(
                    Cell(
                        head.day,
                        bool(head.shut),
                        tuple(blocks.get((chair.id, head.day), ())),
                        int(head.now.slot) + 1 if head.now else None,
                    )
                    for head in heads
                ),
            )
            for chair in _chairs(site, {visit.chair_id for visit in visits}, first, choice)
        ),
        visits=tuple(visits),
    )


def _now(site: Site, frame: Frame, now: datetime) -> tuple[date, Now | None]:
    """Today at the site, and the moment where it lies in the hours drawn."""
    local = now.astimezone(ZoneInfo(site.tz))
    slot = frame.slot_of(minute_of(local, local.date()))
    return local.date(), Now(slot, f"{local:%H:%M}") if slot is not None else None


def _heads(
    kept: KeptWeek,
    site: Site,
    visits: Sequence[WeekVisit],
    shut: dict[date, str],
    present: tuple[date, Now | None],
) -> tuple[DayHead, ...]:
    """One head for each day of `shut`."""
    by_day: dict[date, list[WeekVisit]] = {day: [] for day in shut}
    for visit in visits:
        by_day[visit.day].append(visit)
    today, now = present
    return tuple(
        DayHead(
            day,
            day == today,
            len(those),
            tuple(talk for talk in kept.talks if talk.starts_at.date() == day),
            shut[day],
            pressure_of(
                load_profile(kept.clinic, _bookings(kept.clinic, site, those), str(site.id), day),
                site.soft_load_pct,
            ),
            now if day == today else None,
        )
        for day, those in by_day.items()
    )


def _bookings(clinic: Clinic, site: Site, visits: Sequence[WeekVisit]) -> Bookings:
    """The same visits as the planner reads them."""
    return as_bookings(clinic, [(site.id, visit.chair_id, visit.epoch, visit.version_id) for visit in visits])


def _chairs(site: Site, used: set[int], first: date, choice: BoardChoice) -> list[Chair]:
    """The chairs asked for that are in use that week, or have a visit standing on them."""
    begin = datetime(first.year, first.month, first.day, tzinfo=ZoneInfo(site.tz))
    return [
        chair
        for chair in site.chairs
        if choice.has_chair(chair.id, chair.chair_type)
        and (chair.id in used or chair.retired_at is None or chair.retired_at > begin)
    ]
