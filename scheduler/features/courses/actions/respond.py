"""What a patient says of a visit: I come, or I need another time.

Both are facts beside the state (DESIGN.md, section 2): they free no chair and move nothing. A confirmation
holds for the time it was given for; the visit that is moved asks anew. To ask for another time raises a task,
and the visit stands until a person, or the patient on their own page, moves it.
"""

from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, RuleError
from scheduler.features.courses.actions.opened import Opened, course_of, open_course
from scheduler.features.courses.actions.write_change import done_of, look, write_change
from scheduler.features.courses.placing import Done
from scheduler.features.tasks.actions import raise_task, settle_by_key
from scheduler.features.tasks.queries import waiting_task
from scheduler.models import Infusion, InfusionStatus, TaskKind

Source = Literal["page", "text", "calendar", "desk"]
LONGEST_NOTE = 300


def confirm(
    session: Session, actor: Actor, at: datetime, infusion_id: int, source: Source, *, seen_version: int
) -> Done | None:
    """Write that the patient comes; None, and nothing is written, where that is known already.

    `seen_version` is the schedule version that the patient was told. Raises ConflictError where the visit was
    moved or is off, RuleError where it has begun.
    """
    opened = open_course(session, course_of(session, infusion_id))
    row = _open_visit(opened, at, infusion_id, seen_version)
    if row.confirmation == "confirmed":
        return None
    done = _write(session, actor, at, opened, row, "confirmed", source)
    settle_by_key(session, actor, at, change_key(row), "The patient comes after all.")
    return done


def ask_change(
    session: Session,
    actor: Actor,
    at: datetime,
    infusion_id: int,
    source: Source,
    note: str = "",
    *,
    seen_version: int,
    kind: TaskKind = TaskKind.CHANGE_ASKED,
    wished: datetime | None = None,
) -> Done | None:
    """Write that the patient needs another time and raise the task for it; None where that is known already.

    `kind` tells a request from an invitation that was declined; `wished` is the local start that was chosen,
    without an offset. Another note or another wish replaces the one that waits. Raises as `confirm` does, and
    RuleError for a note of more than 300 characters.
    """
    words = " ".join(note.split())
    if len(words) > LONGEST_NOTE:
        raise RuleError(f"Write at most {LONGEST_NOTE} characters.")
    opened = open_course(session, course_of(session, infusion_id))
    row = _open_visit(opened, at, infusion_id, seen_version)
    facts = _facts(words, wished)
    if row.confirmation == "change_asked" and not _is_news(session, row, facts):
        return None
    done = _write(session, actor, at, opened, row, "change_asked", source)
    task = raise_task(
        session,
        at,
        kind=kind,
        dedupe_key=change_key(row),
        site_id=row.site_id,
        patient_id=row.patient_id,
        course_id=row.course_id,
        infusion_id=row.id,
        facts=facts,
        due_on=max(row.local_day - timedelta(days=1), at.astimezone(ZoneInfo(opened.site.tz)).date()),
    )
    task.facts = facts or task.facts
    return done


def _facts(words: str, wished: datetime | None) -> dict[str, Any]:
    """What the task knows: the patient's own words, and the day and time that were chosen."""
    facts: dict[str, Any] = {"why": words} if words else {}
    if wished is not None:
        facts |= {"day": f"{wished:%Y-%m-%d}", "time": f"{wished:%H:%M}"}
    return facts


def _is_news(session: Session, row: Infusion, facts: dict[str, Any]) -> bool:
    """Whether asking once more says anything: nobody is at it, or it asks for something else."""
    waiting = waiting_task(session, change_key(row))
    return waiting is None or bool(facts and facts != waiting.facts)


def _open_visit(opened: Opened, at: datetime, infusion_id: int, seen_version: int) -> Infusion:
    row = opened.visit(infusion_id)
    if row.status is not InfusionStatus.SCHEDULED:
        state = row.status.value.replace("_", " ")
        raise ConflictError(f"This appointment is {state}. Call the clinic if that is not right.")
    if row.schedule_version != seen_version:
        wall = row.starts_at.astimezone(ZoneInfo(opened.site.tz))
        when = f"{wall:%A} {wall.day} {wall:%B} at {wall:%H:%M}"
        raise ConflictError(f"This appointment was moved to {when}. Look at the new time first.")
    if row.starts_at <= at:
        raise RuleError("This appointment has begun. Call the clinic.")
    return row


def _write(
    session: Session, actor: Actor, at: datetime, opened: Opened, row: Infusion, said: str, source: Source
) -> Done:
    before = look(opened.course, [row])
    row.confirmation, row.confirmation_at, row.confirmation_source = said, at, source
    change = write_change(session, actor, at, opened.course, said, before, [row], source=source)
    return done_of(change, opened.course)


def change_key(row: Infusion) -> str:
    """The key of the task that the wish for another time raises; it counts for the time it was asked at."""
    return f"change_asked:{row.id}:v{row.schedule_version}"
