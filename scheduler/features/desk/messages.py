"""The messages of a patient, a course or a visit in one list: what needs a person, what comes, what went."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.features.desk.words import day_year
from scheduler.features.outbox.queries import MessageLine
from scheduler.features.reminders.queries import PlannedReminder

NEEDS_A_PERSON = ("dead", "unknown")
WAITS = ("queued", "sending", "failed")
SAID = {"suppressed": "Held back", "expired": "Too late to send", "void": "Withdrawn"}
SHOWN = 3


@dataclass(frozen=True)
class Messages:
    """What stands open to the eye, and what is settled and only unfolded when somebody asks."""

    shown: Sequence["MessageMark"]
    folded: Sequence["MessageMark"]
    stuck: int


@dataclass(frozen=True)
class MessageMark:
    """One line. State: no (needs a person), yes (sent) or open; `message_id` is None for a planned one.

    A line that stands for several of one kind, such as the invitations to six visits, has them in `pack`.
    """

    state: str
    words: str
    note: str
    message_id: int | None = None
    pack: Sequence["MessageMark"] = ()


def messages_of(lines: Sequence[MessageLine], planned: Sequence[PlannedReminder]) -> Messages:
    """What needs a person, then what is still to come, the next one first, then the rest, newest first."""
    stuck = [line for line in lines if line.pill in NEEDS_A_PERSON]
    waiting = [line for line in lines if line.pill in WAITS]
    rest = [line for line in lines if line not in stuck and line not in waiting]
    settled = [_written(group) for group in _packs(rest)]
    shown = [
        *map(_written, _packs(stuck)),
        *map(_written, _packs(waiting)),
        *_to_come(planned),
        *settled[:SHOWN],
    ]
    return Messages(shown, settled[SHOWN:], len(stuck))


def _packs(lines: Iterable[MessageLine]) -> list[list[MessageLine]]:
    """Those of one kind that fared alike on one day, together where the first of them stands."""
    found: dict[tuple[str | int | date, ...], list[MessageLine]] = {}
    for line in lines:
        alike = (line.packed, line.pill, line.reason, line.channel, line.said, line.when.date())
        found.setdefault(alike if line.packed else (line.id,), []).append(line)
    return list(found.values())


def _to_come(planned: Sequence[PlannedReminder]) -> list[MessageMark]:
    """The next reminders one by one, those after them together: a new course has a score of them."""
    marks = [_planned(one) for one in planned]
    if len(marks) <= SHOWN + 1:
        return marks
    note = f"The next of them goes out {_when(planned[SHOWN])}"
    words = f"{len(marks) - SHOWN} more reminders planned"
    return [*marks[:SHOWN], MessageMark("open", words, note, pack=marks[SHOWN:])]


def _planned(one: PlannedReminder) -> MessageMark:
    goes = f"Planned, {one.channel.lower()}, goes out {_when(one)}"
    return MessageMark("open", f"{one.label}, no. {one.number}", goes)


def _written(group: Sequence[MessageLine]) -> MessageMark:
    if len(group) == 1:
        return _one(group[0])
    first = group[0]
    words = f"{len(group)} {first.packed}"
    return MessageMark(_state(first), words, _note(first), pack=[_one(line) for line in group[::-1]])


def _one(line: MessageLine) -> MessageMark:
    words = line.label if line.number is None else f"{line.label}, no. {line.number}"
    return MessageMark(_state(line), words, _note(line), line.id)


def _state(line: MessageLine) -> str:
    if line.pill in NEEDS_A_PERSON:
        return "no"
    return "yes" if line.pill == "sent" else "open"


def _note(line: MessageLine) -> str:
    said = SAID.get(line.status)
    told = f"{said}, {line.said}" if said else line.said.capitalize()
    note = f"{told} {day_year(line.when.date())}, {line.when:%H:%M}, {line.channel.lower()}"
    more = line.reason or line.receipt
    return f"{note}. {more}" if more else note


def _when(one: PlannedReminder) -> str:
    return f"{one.due_at:%a} {one.due_at.day} {one.due_at:%b}, {one.due_at:%H:%M}"
