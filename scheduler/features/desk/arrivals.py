"""Today's list: who is late, here, in the chair, still to come, gone home, and the next step of each.

What needs a person comes first. A visit is late when its time has come and nobody has recorded that the
patient is here; when they said they would come stands beside it. Each line offers the steps that its state
allows with one press; what asks for a reason is one press further, in the same line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from scheduler.features.courses.transitions import Step
from scheduler.features.desk.answers import answered, ticked
from scheduler.features.desk.facts import Readiness, VisitFact
from scheduler.features.desk.overrun import Overrun, overruns
from scheduler.features.desk.queries.board import Board
from scheduler.features.desk.words import counted, lacking, lasting
from scheduler.models import InfusionStatus


@dataclass(frozen=True)
class Arrival:
    """One line of the list.

    `pill` is (words, tone, mark) or None; `to_do` what a person must do; `steps` what one press can do, with
    the words on its button, the usual one first; `ready` the letters of what is settled or asked at the desk;
    `can_rate` whether a rating waits to be recorded, `rated` whether one is there.
    """

    visit: VisitFact
    pill: tuple[str, str, str] | None
    to_do: str
    steps: tuple[tuple[Step, str], ...] = ()
    late: bool = False
    settled: bool = False
    ready: tuple[tuple[str, str, str], ...] = ()
    can_rate: bool = False
    rated: bool = False

    @property
    def runs(self) -> bool:
        """Whether the patient is in the chair, so that the visit could be stopped early."""
        return self.visit.status is InfusionStatus.IN_PROGRESS

    @property
    def can_chart(self) -> bool:
        """Whether the patient came, so that there is something to chart."""
        return self.visit.status in (
            InfusionStatus.ARRIVED,
            InfusionStatus.IN_PROGRESS,
            InfusionStatus.COMPLETED,
        )


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


def arrivals_of(board: Board, ready: Mapping[int, Readiness]) -> Arrivals:
    """The list of `board`, which is today's; `ready` is the readiness of its visits, by their ids."""
    now = board.local_now
    over = overruns(board.visits, now)
    by_place: dict[str, list[VisitFact]] = {}
    for visit in board.visits:
        by_place.setdefault(_place(visit, now), []).append(visit)
    groups = [
        Group(
            title,
            _note(key, by_place[key]),
            [_arrival(key, visit, ready[visit.infusion_id], now, over) for visit in by_place[key]],
        )
        for key, title, _ in PLACES
        if key in by_place
    ]
    return Arrivals(groups, _sentence(by_place, len(board.visits)))


def day_sentence(board: Board) -> str:
    """Any day in words: "13 visits in 5 chairs, the first at 08:00, the last until 17:20."."""
    visits = board.standing
    talks = f" {counted(len(board.talks), 'consultation')}." if board.talks else ""
    if not visits:
        return f"No visits.{talks}"
    chairs = len({visit.chair_id for visit in visits})
    return (
        f"{counted(len(visits), 'visit')} in {counted(chairs, 'chair')}, the first at "
        f"{visits[0].starts_at:%H:%M}, the last until {max(v.ends_at for v in visits):%H:%M}.{talks}"
    )


# key, heading, and the words in the day's sentence.
PLACES = (
    ("late", "Late", "late"),
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
AHEAD = frozenset({"late", "here", "chair", "come"})
"""Where a visit still takes place, so that what is missing can be mended."""


def _place(visit: VisitFact, now: datetime) -> str:
    if visit.status in RECORDED:
        return RECORDED[visit.status]
    if visit.starts_at > now:
        return "come"
    return "late" if visit.ends_at > now else "open"


def _note(key: str, visits: Sequence[VisitFact]) -> str:
    if key == "come":
        return f"{len(visits)}, next at {visits[0].starts_at:%H:%M}"
    return str(len(visits))


def _sentence(by_place: dict[str, list[VisitFact]], total: int) -> str:
    if not total:
        return "No visits."
    parts = ", ".join(f"{len(by_place[key])} {words}" for key, _, words in PLACES if key in by_place)
    return f"{total} visit{'' if total == 1 else 's'}: {parts}."


def _arrival(key: str, visit: VisitFact, known: Readiness, now: datetime, over: Sequence[Overrun]) -> Arrival:
    said = [_overrun(visit, over)]
    if visit.confirmation == "change_asked":
        said.append("Asks for another time.")
    said.append(lacking(known.lacks))
    if known.unsigned and key in AHEAD:
        said.append(f"Consent missing: {', '.join(known.unsigned)}.")
    return Arrival(
        visit,
        _pill(key, visit, now),
        " ".join(part for part in said if part),
        _steps(key, visit),
        late=key == "late",
        settled=key in ("home", "missed", "cancelled"),
        ready=_ready(visit, known, now),
        can_rate=bool(known.lacks),
        rated=known.rated,
    )


def _ready(visit: VisitFact, known: Readiness, now: datetime) -> tuple[tuple[str, str, str], ...]:
    """Letter, sentence and state ("" there, no, ask) of the answer and of each thing to have ready."""
    said = answered(visit.confirmation, visit.confirmation_source, visit.confirmation_at, now.date())
    state = {"confirmed": "", "change_asked": "no"}.get(visit.confirmation, "ask")
    things = (
        (item.label[:1].upper(), f"{item.label}: {ticked(item, now).lower()}", "" if item.at else "ask")
        for item in known.prepared
    )
    return (("C", said, state), *things, *_signed(known))


def _signed(known: Readiness) -> tuple[tuple[str, str, str], ...]:
    """Whether the consents are on file; nothing where the clinic asks for none."""
    if known.unsigned is None:
        return ()
    if known.unsigned:
        return (("D", f"Consent missing: {', '.join(known.unsigned)}", "no"),)
    return (("D", "Consent signed", ""),)


def _steps(key: str, visit: VisitFact) -> tuple[tuple[Step, str], ...]:
    """What one press can do. Nobody is missed before their time."""
    if visit.status is InfusionStatus.SCHEDULED:
        check_in = (Step.ARRIVE, "Check in")
        return (check_in,) if key == "come" else (check_in, (Step.MISS, "Missed"))
    if visit.status is InfusionStatus.ARRIVED:
        return ((Step.START, f"Seat in {visit.chair[:1].lower()}{visit.chair[1:]}"),)
    return ((Step.COMPLETE, "Complete"),) if visit.status is InfusionStatus.IN_PROGRESS else ()


def _overrun(visit: VisitFact, over: Sequence[Overrun]) -> str:
    """For who runs over: whom it keeps. For who is kept: until when."""
    for one in over:
        if one.visit is visit:
            said = f"Runs {lasting(one.late)} over, until {one.until:%H:%M}."
            if one.waits:
                said += (
                    f" {one.waits.name}, due {one.waits.starts_at:%H:%M}, waits {lasting(one.wait)} longer."
                )
            return said
        if one.waits is visit:
            free = visit.starts_at + one.wait
            return f"{visit.chair} is free at {free:%H:%M}, {lasting(one.wait)} late."
    return ""


def _pill(key: str, visit: VisitFact, now: datetime) -> tuple[str, str, str] | None:
    if key in ("late", "come"):
        return _coming(key, visit, now)
    if key == "here" and visit.arrived_at:
        return f"Arrived {visit.arrived_at:%H:%M}", "now", "half"
    if key == "chair":
        return _phase(visit, now)
    if key == "home" and visit.stopped_early:
        return "Stopped early", "due", "stop"
    return {"missed": ("Missed", "stop", "cross"), "cancelled": ("Cancelled", "gone", "cross")}.get(key)


def _coming(key: str, visit: VisitFact, now: datetime) -> tuple[str, str, str] | None:
    expected = f"{visit.expected_at:%H:%M}" if visit.expected_at else None
    if key == "come":
        return (f"Comes at {expected}", "due", "clock") if expected else None
    late = f"Late {lasting(now - visit.starts_at)}"
    return f"{late}, comes at {expected}" if expected else late, "stop", "clock"


def _phase(visit: VisitFact, now: datetime) -> tuple[str, str, str]:
    found = visit.phase_at(now)
    if found is None:
        return f"Over since {visit.until:%H:%M}", "stop", "clock"
    phase, end = found
    return f"{phase.name} until {end:%H:%M}", "now", "play"
