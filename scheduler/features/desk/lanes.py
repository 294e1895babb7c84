"""The lanes of a day: one for each chair, with its visits as blocks and what is shut hatched."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from scheduler.features.desk.answers import ANSWERS
from scheduler.features.desk.facts import ChairFact, ShutFact, VisitFact
from scheduler.features.desk.frame import SLOT, Frame, span_on
from scheduler.features.desk.overrun import late_end
from scheduler.features.desk.words import clock
from scheduler.models import InfusionStatus

SAID = {
    InfusionStatus.SCHEDULED: "scheduled",
    InfusionStatus.ARRIVED: "arrived",
    InfusionStatus.IN_PROGRESS: "in the chair",
    InfusionStatus.COMPLETED: "completed",
    InfusionStatus.MISSED: "missed",
    InfusionStatus.CANCELLED: "cancelled",
}


@dataclass(frozen=True)
class Block:
    """One visit or shut time on a lane (templates/parts/lanes.html). `infusion_id` is None for shut time.

    `href` is the address of its page; the view, which knows addresses, puts it in, and of the page that
    moves it, and `lacks`, the consents that are missing. `mark` is `found` or `back` where the board is asked
    for some visits only.
    """

    at: int
    length: int
    title: str
    detail: str
    state: str
    phases: tuple[tuple[str, int], ...]
    said: str
    infusion_id: int | None = None
    href: str | None = None
    mark: str = ""
    move: str | None = None
    lacks: tuple[str, ...] = ()

    @property
    def movable(self) -> bool:
        """Whether it is a visit that has not begun."""
        return self.infusion_id is not None and self.state == ""

    @property
    def id(self) -> str | None:
        """What the link is called, so that the focus survives a refresh."""
        return f"b{self.infusion_id}" if self.infusion_id else None


@dataclass(frozen=True)
class Lane:
    """One chair: its name, where it stands now, its blocks."""

    name: str
    note: str
    blocks: tuple[Block, ...]
    chair_id: int


def lanes_of(
    day: date,
    frame: Frame,
    chairs: Sequence[ChairFact],
    visits: Sequence[VisitFact],
    shut: Sequence[ShutFact],
    now: datetime | None,
) -> list[Lane]:
    """One lane for each chair. `now` is the local moment where `day` is today, None on other days."""
    lanes = []
    by_chair: dict[int | None, list[VisitFact]] = {}
    for visit in visits:
        if visit.stands:
            by_chair.setdefault(visit.chair_id, []).append(visit)
    for chair in chairs:
        mine = by_chair.get(chair.id, [])
        closed = [part for part in shut if part.chair_id in (None, chair.id)]
        blocks = [block for part in closed if (block := _shut_block(frame, part))]
        blocks += [block for visit in mine if (block := _visit_block(day, frame, visit, now))]
        blocks.sort(key=lambda block: (block.at, block.infusion_id or 0))
        lanes.append(Lane(chair.name, _note(mine, closed, now), tuple(blocks), chair.id))
    return lanes


def _visit_block(day: date, frame: Frame, visit: VisitFact, now: datetime | None) -> Block | None:
    place = frame.place(*span_on(day, visit.starts_at, visit.ends_at))
    if place is None:
        return None
    running = now if visit.status is InfusionStatus.IN_PROGRESS else None
    phase = visit.phase_at(running) if running else None
    late = (
        late_end(visit.starts_at, visit.ends_at, visit.started_at or visit.starts_at, running)
        if running
        else None
    )
    detail = f"no. {visit.number}" + (f", {phase[0].name.lower()}" if phase else "")
    if late:
        detail = f"no. {visit.number}, over, to about {late:%H:%M}"
    return Block(
        *place,
        title=visit.short_name,
        detail=detail,
        state="late" if late else _state(visit),
        phases=tuple((phase.kind, max(1, phase.minutes // SLOT)) for phase in visit.phases),
        said=_said(visit),
        infusion_id=visit.infusion_id,
    )


def _said(visit: VisitFact) -> str:
    hours = f"{visit.starts_at:%H:%M} to {visit.ends_at:%H:%M}"
    said = f"{visit.name}, {hours}, no. {visit.number}, {SAID[visit.status]}"
    return f"{said}, {ANSWERS[visit.confirmation]}" if visit.confirmation in ANSWERS else said


def _state(visit: VisitFact) -> str:
    if visit.status is InfusionStatus.COMPLETED:
        return "done"
    return "" if visit.status is InfusionStatus.SCHEDULED else "now"


def _shut_block(frame: Frame, part: ShutFact) -> Block | None:
    place = frame.place(part.from_minute, part.to_minute)
    if place is None:
        return None
    said = f"Shut {clock(part.from_minute)} to {clock(part.to_minute)}: {part.reason}"
    return Block(*place, title=part.reason, detail="", state="shut", phases=(), said=said)


def _note(visits: Sequence[VisitFact], shut: Sequence[ShutFact], now: datetime | None) -> str:
    if now is None:
        return "No visits" if not visits else f"{len(visits)} visit" + ("s" if len(visits) > 1 else "")
    for visit in visits:
        if visit.status is InfusionStatus.IN_PROGRESS:
            return _busy(visit, now)
    minute = now.hour * 60 + now.minute
    for part in shut:
        if part.from_minute <= minute < part.to_minute:
            return f"Shut until {clock(part.to_minute)}"
    for visit in sorted(visits, key=lambda visit: visit.starts_at):
        if visit.status is InfusionStatus.COMPLETED or visit.ends_at <= now:
            continue
        return (
            f"Free until {visit.starts_at:%H:%M}"
            if visit.starts_at > now
            else f"Kept for {visit.family_name}"
        )
    return "Free"


def _busy(visit: VisitFact, now: datetime) -> str:
    found = visit.phase_at(now)
    if found is None:
        return f"{visit.family_name}: in the chair"
    phase, end = found
    return f"{visit.family_name}: {phase.name.lower()} to {end:%H:%M}"
