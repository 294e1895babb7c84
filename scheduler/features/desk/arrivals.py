"""Today's list: who is due, here, in the chair, still to come, gone home.

What needs a person comes first. A visit whose time has come and for which nothing is recorded is "due",
not "late": only a recorded state says where somebody is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scheduler.features.desk.facts import VisitFact
from scheduler.features.desk.queries.board import Board
from scheduler.features.desk.words import counted, lacking, lasting
from scheduler.models import InfusionStatus


@dataclass(frozen=True)
class Arrival:
    """One line of the list. `pill` is (words, tone, mark) or None; `to_do` what a person must do."""

    visit: VisitFact
    pill: tuple[str, str, str] | None
    to_do: str
    settled: bool = False

    @property
    def can_rate(self) -> bool:
        """Whether a rating waits to be recorded."""
        return bool(self.visit.lacks)


@dataclass(frozen=True)
class Group:
    """One heading of the list with its lines."""

    title: str
    note: str
    arrivals: Sequence[Arrival]


@dataclass(frozen=True)
class Arrivals:
    """The list and the day in one sentence: "13 visits: 1 due, 3 in the chair, …"."""

    groups: Sequence[Group]
    sentence: str


def arrivals_of(board: Board) -> Arrivals:
    """The list of `board`, which is today's."""
    now = board.local_now
    by_place: dict[str, list[VisitFact]] = {}
    for visit in board.visits:
        by_place.setdefault(_place(visit, now), []).append(visit)
    groups = [
        Group(title, _note(key, by_place[key]), [_arrival(key, visit, now) for visit in by_place[key]])
        for key, title, _ in PLACES
        if key in by_place
    ]
    return Arrivals(groups, _sentence(by_place, len(board.visits)))


def day_sentence(board: Board) -> str:
    """Any day in one sentence: "13 visits in 5 chairs, the first at 08:00, the last until 17:20."."""
    visits = board.standing
    if not visits:
        return "No visits."
    chairs = len({visit.chair_id for visit in visits})
    return (
        f"{counted(len(visits), 'visit')} in {counted(chairs, 'chair')}, "
        f"the first at {visits[0].starts_at:%H:%M}, the last until {max(v.ends_at for v in visits):%H:%M}."
    )


# key, heading, and the words in the day's sentence.
PLACES = (
    ("due", "Due", "due"),
    ("here", "Here", "waiting"),
    ("chair", "In the chair", "in the chair"),
    ("come", "To come", "to come"),
    ("open", "Over, nothing recorded", "over with nothing recorded"),
    ("home", "Gone home", "gone home"),
    ("missed", "Missed", "missed"),
    ("cancelled", "Cancelled", "cancelled"),
)
RECORDED = {
    InfusionStatus.ARRIVED: "here",
    InfusionStatus.IN_PROGRESS: "chair",
    InfusionStatus.COMPLETED: "home",
    InfusionStatus.MISSED: "missed",
    InfusionStatus.CANCELLED: "cancelled",
}


def _place(visit: VisitFact, now: datetime) -> str:
    if visit.status in RECORDED:
        return RECORDED[visit.status]
    if visit.starts_at > now:
        return "come"
    return "due" if visit.ends_at > now else "open"


def _note(key: str, visits: Sequence[VisitFact]) -> str:
    if key == "come":
        return f"{len(visits)}, next at {visits[0].starts_at:%H:%M}"
    return str(len(visits))


def _sentence(by_place: dict[str, list[VisitFact]], total: int) -> str:
    if not total:
        return "No visits."
    parts = ", ".join(f"{len(by_place[key])} {words}" for key, _, words in PLACES if key in by_place)
    return f"{total} visit{'' if total == 1 else 's'}: {parts}."


def _arrival(key: str, visit: VisitFact, now: datetime) -> Arrival:
    to_do = lacking(visit.lacks)
    if visit.confirmation == "change_asked":
        to_do = f"Asks for another time. {to_do}".strip()
    return Arrival(visit, _pill(key, visit, now), to_do, settled=key in ("home", "missed", "cancelled"))


def _pill(key: str, visit: VisitFact, now: datetime) -> tuple[str, str, str] | None:
    if key == "due":
        return f"Due {lasting(now - visit.starts_at)} ago", "due", "clock"
    if key == "here" and visit.arrived_at:
        return f"Arrived {visit.arrived_at:%H:%M}", "now", "half"
    if key == "chair":
        phase = visit.phase_at(now)
        return (phase[0].name if phase else "In the chair"), "now", "play"
    return {"missed": ("Missed", "stop", "cross"), "cancelled": ("Cancelled", "gone", "cross")}.get(key)
