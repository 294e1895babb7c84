"""The messages of a patient, a course or a visit in one list: what needs a person, what comes, what went."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
    """One line. State: no (needs a person), yes (sent) or open; `message_id` is None for a planned one."""

    state: str
    words: str
    note: str
    message_id: int | None = None


def messages_of(lines: Sequence[MessageLine], planned: Sequence[PlannedReminder]) -> Messages:
    """What needs a person, then what is still to come, the next one first, then the rest, newest first."""
    stuck = [line for line in lines if line.pill in NEEDS_A_PERSON]
    waiting = [line for line in lines if line.pill in WAITS]
    rest = [line for line in lines if line not in stuck and line not in waiting]
    settled = [mark for line in rest for mark in _written([line], "yes" if line.pill == "sent" else "open")]
    shown = [*_written(stuck, "no"), *_written(waiting, "open"), *map(_planned, planned), *settled[:SHOWN]]
    return Messages(shown, settled[SHOWN:], len(stuck))


def _planned(one: PlannedReminder) -> MessageMark:
    goes = f"Planned, {one.channel.lower()}, goes out {_when(one)}"
    return MessageMark("open", f"{one.label}, no. {one.number}", goes)


def _written(lines: Iterable[MessageLine], state: str) -> Iterable[MessageMark]:
    for line in lines:
        words = line.label if line.number is None else f"{line.label}, no. {line.number}"
        said = SAID.get(line.status)
        told = f"{said}, {line.said}" if said else line.said.capitalize()
        note = f"{told} {day_year(line.when.date())}, {line.when:%H:%M}, {line.channel.lower()}"
        more = line.reason or line.receipt
        yield MessageMark(state, words, f"{note}. {more}" if more else note, line.id)


def _when(one: PlannedReminder) -> str:
    return f"{one.due_at:%a} {one.due_at.day} {one.due_at:%b}, {one.due_at:%H:%M}"
