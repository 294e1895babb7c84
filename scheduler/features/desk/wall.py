"""What the wall screen shows of a day: chairs, phases, times and counts.

Everybody who walks by can read it. So these facts hold no name, no initial and no number of a record; what
they don't hold, no template can show.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from scheduler.features.desk.facts import VisitFact
from scheduler.features.desk.lanes import Lane
from scheduler.features.desk.overrun import WAITING, ends_at
from scheduler.features.desk.queries.board import Board
from scheduler.features.desk.words import counted, lasting
from scheduler.models import InfusionStatus

SOON = timedelta(minutes=30)


@dataclass(frozen=True)
class WallChair:
    """One chair. `state` is busy, over, kept or free; `then` what comes after, or nothing."""

    name: str
    state: str
    words: str
    until: datetime | None
    then: str


@dataclass(frozen=True)
class Wall:
    """The screen of one site at one moment, local."""

    site: str
    day: date
    now: datetime
    chairs: Sequence[WallChair]
    counts: Sequence[tuple[int, str]]


def wall_of(board: Board) -> Wall:
    """The wall of `board`, which is today's."""
    now = board.local_now
    return Wall(
        site=board.site.name,
        day=board.day,
        now=now,
        chairs=[_chair(lane, board.visits, now) for lane in board.lanes],
        counts=_counts(board.visits),
    )


def _counts(visits: Sequence[VisitFact]) -> list[tuple[int, str]]:
    """How many visits stand where."""
    wanted = (
        (InfusionStatus.ARRIVED, "waiting"),
        (InfusionStatus.IN_PROGRESS, "in a chair"),
        (InfusionStatus.SCHEDULED, "to come"),
        (InfusionStatus.COMPLETED, "gone home"),
    )
    return [(sum(visit.status is status for visit in visits), words) for status, words in wanted]


def _chair(lane: Lane, visits: Sequence[VisitFact], now: datetime) -> WallChair:
    held = {block.infusion_id for block in lane.blocks}
    mine = sorted((visit for visit in visits if visit.infusion_id in held), key=lambda visit: visit.starts_at)
    running = next((visit for visit in mine if visit.status is InfusionStatus.IN_PROGRESS), None)
    waiting = [visit for visit in mine if visit.status in WAITING and visit.ends_at > now]
    if running:
        return _busy(lane.name, running, waiting, now)
    if not waiting:
        return WallChair(lane.name, "free", "Free", None, "No more visits today")
    first = waiting[0]
    if first.starts_at - now <= SOON:
        said = "Patient is here" if first.status is InfusionStatus.ARRIVED else "Kept"
        return WallChair(lane.name, "kept", said, None, f"Visit from {first.starts_at:%H:%M}")
    return WallChair(
        lane.name, "free", "Free until", first.starts_at, f"{counted(len(waiting), 'visit')} to come"
    )


def _busy(name: str, visit: VisitFact, waiting: Sequence[VisitFact], now: datetime) -> WallChair:
    then = f"Next at {waiting[0].starts_at:%H:%M}" if waiting else "No more visits today"
    found = visit.phase_at(now)
    if found is None:
        over = lasting(ends_at(visit, now) - visit.until)
        return WallChair(name, "over", f"Over by {over}, was until", visit.until, then)
    phase, end = found
    return WallChair(name, "busy", f"{phase.name} until", end, then)
