"""What the pages of the waiting list show, in words."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.features.courses.moving.order import decode_move
from scheduler.features.courses.words import day_words
from scheduler.features.patients.queries import patient as get_patient
from scheduler.features.waiting.queries import Line, Looked, can_wait, entry, line_of, look
from scheduler.features.waiting.steps import OPEN, STATES, STEPS, WaitingStep
from scheduler.features.waiting.wish import ALL_WEEK, Wish, wish_of, wish_words
from scheduler.models import Course, InfusionStatus, Patient, WaitingEvent, WaitingStatus
from scheduler.planning import to_wall

ANSWERED = frozenset({WaitingStatus.DECLINED, WaitingStatus.EXPIRED})
OTHER_WORDS = {"added": "Put on the list", "edited": "Wishes changed"}


@dataclass(frozen=True)
class ShownLine:
    """One entry: who, what it is about, what is wished, the moves of its offer, by when an answer is due."""

    line: Line
    about: str
    wish: str
    moves: tuple[str, ...] = ()
    until: datetime | None = None


@dataclass(frozen=True)
class ListPage:
    """The list in its parts: what gains, what is possible but gains nothing, and the others by state."""

    good: tuple[ShownLine, ...]
    possible: tuple[ShownLine, ...]
    offered: tuple[ShownLine, ...]
    answered: tuple[ShownLine, ...]
    waiting: tuple[ShownLine, ...]
    unlooked: tuple[ShownLine, ...]
    looked: Looked

    @property
    def is_empty(self) -> bool:
        """Whether nobody waits."""
        return not self.looked.lines


@dataclass(frozen=True)
class Choice:
    """Something to wait for: the form's value and its words; `usual` are the course's own half-days."""

    value: str
    words: str


@dataclass(frozen=True)
class NewPage:
    """Whom to put on the list, and what there is to wait for."""

    patient: Patient
    choices: tuple[Choice, ...]
    wish: Wish


@dataclass(frozen=True)
class EventLine:
    """One line of an entry's history, local time."""

    at: datetime
    who: str
    words: str
    detail: str


@dataclass(frozen=True)
class EntryPage:
    """One entry with its wishes and its history, newest first."""

    shown: ShownLine
    wish: Wish
    state: str
    is_open: bool
    events: tuple[EventLine, ...]


def list_page(session: Session, now: datetime, skip: int = 0) -> ListPage:
    """The whole list as it stands now; of those who wait, `skip` are passed over in the search."""
    looked = look(session, now, skip)
    shown = [_shown(each) for each in looked.lines]
    finds = [each for each in shown if each.line.find]
    waiting = _in(shown, {WaitingStatus.WAITING})
    return ListPage(
        good=tuple(each for each in finds if each.line.find and each.line.find.is_good),
        possible=tuple(each for each in finds if each.line.find and not each.line.find.is_good),
        offered=_in(shown, {WaitingStatus.OFFERED}),
        answered=_in(shown, ANSWERED),
        waiting=tuple(each for each in waiting if each.line.looked and not each.line.find),
        unlooked=tuple(each for each in waiting if not each.line.looked),
        looked=looked,
    )


def new_page(session: Session, now: datetime, patient_id: int) -> NewPage:
    """What a patient could wait for. Raises NotFoundError."""
    patient = get_patient(session, patient_id)
    courses = can_wait(session, patient_id, now)
    choices = [choice for course in courses for choice in _choices(course, now)]
    return NewPage(patient, tuple(choices), Wish(True, ALL_WEEK))


def entry_page(session: Session, entry_id: int) -> EntryPage:
    """One entry. Raises NotFoundError."""
    found = entry(session, entry_id)
    shown = _shown(line_of(found))
    events = tuple(_event(each, shown.line.tz) for each in reversed(found.events))
    return EntryPage(shown, wish_of(found), STATES[found.status], found.status in OPEN, events)


def _in(shown: Sequence[ShownLine], statuses: Collection[WaitingStatus]) -> tuple[ShownLine, ...]:
    return tuple(each for each in shown if each.line.entry.status in statuses)


def _shown(line: Line) -> ShownLine:
    waiting = line.entry
    until = waiting.offer_until.astimezone(line.tz) if waiting.offer_until else None
    return ShownLine(line, _about(line), wish_words(wish_of(waiting)), _moves(line), until)


def _about(line: Line) -> str:
    """`Visit 3, Mon 7 Dec 09:30` or `The whole course, next visit Mon 7 Dec 09:30`."""
    when = f"{day_words(line.start.date())} {line.start:%H:%M}" if line.start else "over"
    if line.entry.infusion_id is None:
        return f"The whole course, next visit {when}"
    return f"Visit {line.number}, {when}"


def _moves(line: Line) -> tuple[str, ...]:
    """What is offered, or could be, visit by visit."""
    if line.find:
        return tuple(
            f"No. {each.number} to {_when(each.after)}, {each.chair}"
            for each in line.find.way.lines
            if each.moves
        )
    if line.entry.offer:
        return tuple(
            f"No. {each.number} to {_when(each.start)}" for each in decode_move(line.entry.offer).placements
        )
    return ()


def _choices(course: Course, now: datetime) -> list[Choice]:
    zone = ZoneInfo(course.site.tz)
    ahead = [
        row for row in course.infusions if row.status is InfusionStatus.SCHEDULED and row.starts_at > now
    ]
    found = [
        Choice(f"v{row.id}", f"Visit {row.number}, {_when(to_wall(zone, row.starts_at))}: another time")
        for row in ahead
    ]
    return [*found, Choice(f"c{course.id}", "All that is left of the course: sooner")] if ahead else found


def _event(event: WaitingEvent, zone: ZoneInfo) -> EventLine:
    words = OTHER_WORDS.get(event.step) or STEPS[WaitingStep(event.step)].words
    moves = event.facts.get("moves", [])
    told = [f"no. {number} to {_when(datetime.fromisoformat(start))}" for number, start in moves]
    detail = event.facts.get("why") or ", ".join(told)
    return EventLine(event.at.astimezone(zone), event.actor, words, detail)


def _when(start: datetime) -> str:
    return f"{day_words(start.date())} {start:%H:%M}"
