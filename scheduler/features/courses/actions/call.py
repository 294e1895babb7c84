"""Write down a phone call about visits: whom it reached, and who said that they come.

A patient without mail is told and asked by phone. What was said on the phone must be true, so a call that
reached somebody is only written over the visits as the caller saw them on the page.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, RuleError
from scheduler.features.courses.actions.opened import LONGEST_REASON, Opened, by_whom, open_course
from scheduler.features.courses.actions.respond import change_key
from scheduler.features.courses.actions.write_change import done_of, look, write_change
from scheduler.features.courses.placing import Done
from scheduler.features.tasks.actions import settle_by_key
from scheduler.models import Infusion, InfusionStatus


class Call(StrEnum):
    """How a call went; each is a kind of change in the history."""

    REACHED = "reached"
    LEFT_MESSAGE = "left_message"
    NO_ANSWER = "no_answer"


def note_call(
    session: Session,
    actor: Actor,
    at: datetime,
    course_id: int,
    call: Call,
    *,
    seen: Mapping[int, int],
    comes: Collection[int] = (),
    note: str = "",
) -> Done:
    """Write a call about the visits in `seen` (their schedule versions by id, as the caller read them out).

    `comes` are those that the patient confirmed. Raises RuleError where there is nothing to write, and
    ConflictError where somebody was reached and a visit is not as it was read out.
    """
    words = note.strip()
    if len(words) > LONGEST_REASON or "\x00" in words:
        raise RuleError(f"Write the note in at most {LONGEST_REASON} characters.")
    if not seen or not set(comes) <= seen.keys():
        raise RuleError("This call names no visit. Open the list again.")
    if comes and call is not Call.REACHED:
        raise RuleError("Only somebody who was reached can say that they come.")
    opened = open_course(session, course_id)
    rows = sorted((opened.visit(each) for each in seen), key=lambda row: (row.number, row.id))
    if call is Call.REACHED:
        _as_read_out(session, opened, rows, seen, comes)
    before = look(opened.course, rows)
    for row in rows:
        if row.id in comes:
            row.confirmation, row.confirmation_at, row.confirmation_source = "confirmed", at, "desk"
            settle_by_key(session, actor, at, change_key(row), "The patient comes after all.")
    change = write_change(session, actor, at, opened.course, call.value, before, rows, reason=words)
    return done_of(change, opened.course)


def _as_read_out(
    session: Session,
    opened: Opened,
    rows: Collection[Infusion],
    seen: Mapping[int, int],
    comes: Collection[int],
) -> None:
    for row in rows:
        is_off = row.id in comes and row.status is not InfusionStatus.SCHEDULED
        if is_off or row.schedule_version != seen[row.id]:
            raise ConflictError(
                f"Visit no. {row.number} was {by_whom(session, row.id, opened.site)}, after you opened the "
                "list. Read out what stands there now. The call was not noted."
            )
