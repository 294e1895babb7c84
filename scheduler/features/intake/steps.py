"""The life of a request as one table, and the only place that changes where one stands.

A request that nobody looks at any more is a person who waits for a call that never comes. So each step comes
with the next one and the day by which it is due: whoever moves a request on need not think of it, and no open
request can be without. What follows "suitable" (consents, ratings, a course) is read from the patient.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import WORKER, Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.intake.found import found_by
from scheduler.features.tasks.actions import settle_by_key
from scheduler.models import ConsultationRequest, RequestEvent, RequestStatus, Site

LONGEST_NOTE = 2000
LONGEST_REASON = 300
LONGEST_STEP = 120
GONE = "There is no such request. It may have been erased."
S = RequestStatus


@dataclass(frozen=True)
class Step:
    """How a request comes to stand here.

    `before`: from where. `words` name the place on screen. `next_step` is what somebody does then, within so
    many days (`within`; None: nothing is left to do). `needs_reason`: nobody comes here without one.
    """

    before: frozenset[RequestStatus]
    words: str
    next_step: str = ""
    within: int | None = None
    needs_reason: bool = False


_JUDGED = frozenset({S.SEEN, S.SUITABLE, S.NOT_NOW, S.REFERRED})
STEPS: Mapping[RequestStatus, Step] = {
    S.NEW: Step(frozenset(), "New", "Call or write to them", 1),
    S.CONTACTED: Step(
        frozenset({S.NEW, S.BOOKED, S.NOT_NOW, S.REFERRED, S.CLOSED}), "Contacted", "Book the consultation", 3
    ),
    S.BOOKED: Step(frozenset({S.NEW, S.CONTACTED, S.SEEN}), "Booked", "Hold the consultation", 0),
    S.SEEN: Step(frozenset({S.CONTACTED, S.BOOKED}), "Seen", "Complete and sign the screening", 1),
    S.SUITABLE: Step(_JUDGED, "Suitable", "Get the consents signed, then book the course", 3),
    S.NOT_NOW: Step(_JUDGED, "Not now", needs_reason=True),
    S.REFERRED: Step(_JUDGED, "Referred elsewhere", needs_reason=True),
    S.CLOSED: Step(
        frozenset({S.NEW, S.CONTACTED, S.BOOKED, S.SEEN, S.SUITABLE}), "Closed", needs_reason=True
    ),
}
LEGAL: Mapping[RequestStatus, frozenset[RequestStatus]] = {
    status: frozenset(to for to, step in STEPS.items() if status in step.before) for status in RequestStatus
}
"""Where a request may go from where it stands. "Suitable" to itself: a screening that was signed anew."""
OPEN = tuple(status for status, step in STEPS.items() if step.next_step)
"""Where somebody has something to do."""


def locked_request(session: Session, request_id: int) -> ConsultationRequest:
    """One request, its row held until the transaction ends. Raises NotFoundError for one that is gone."""
    found = session.scalar(
        select(ConsultationRequest).where(ConsultationRequest.id == request_id).with_for_update()
    )
    if found is None or found.erased_at is not None:
        raise NotFoundError(GONE)
    return found


def begin(session: Session, actor: Actor, at: datetime, request: ConsultationRequest, **facts: Any) -> None:
    """Let a request that was just added stand as new, with its first event and its first next step."""
    request.status, request.status_since, request.found_by = S.NEW, at, found_by(request)
    _lead_on(session, at, request, None)
    session.flush()
    note_event(session, actor, at, request, S.NEW.value, **facts)
    _audit(session, actor, at, request, "new")


def advance(
    session: Session,
    actor: Actor,
    at: datetime,
    request: ConsultationRequest,
    to: RequestStatus,
    reason: str = "",
    *,
    due: date | None = None,
    **facts: Any,
) -> None:
    """Move a request (`locked_request`) to `to`, with its event, its audit row and what is next.

    `due` is the day of the next step where the usual one does not hold, such as that of a booked
    consultation. `facts` are kept with the event. Raises ConflictError where the step can't be taken from
    where the request stands, RuleError where the reason is missing or too long.
    """
    step, before, words = STEPS[to], request.status, " ".join(reason.split())
    if before not in step.before:
        raise ConflictError(
            f"This request is “{STEPS[before].words.lower()}” by now, and can't become "
            f"“{step.words.lower()}” from there. Nothing was changed. Look again."
        )
    if len(words) > LONGEST_REASON:
        raise RuleError(f"Write the reason in at most {LONGEST_REASON} characters.")
    if step.needs_reason and not words:
        raise RuleError("Write the reason. Whoever opens this request later reads it.")
    request.status, request.status_since, request.status_reason = to, at, words
    _lead_on(session, at, request, due)
    note_event(session, actor, at, request, to.value, words, **{**facts, "from": before.value})
    _audit(session, actor, at, request, to.value, before=before.value)


def set_next(
    session: Session, actor: Actor, at: datetime, request: ConsultationRequest, words: str, due: date
) -> None:
    """Say what is next and by when, such as the new day of a consultation that was moved.

    Raises RuleError without words, or with more than 120 characters.
    """
    said = " ".join(words.split())
    if not said or len(said) > LONGEST_STEP:
        raise RuleError(f"Say what is next in a few words (at most {LONGEST_STEP} characters).")
    request.next_step, request.next_due = said, due
    settle_by_key(session, actor, at, task_key(request.id), "A new day was set")
    session.flush()


def note_event(
    session: Session,
    actor: Actor,
    at: datetime,
    request: ConsultationRequest,
    step: str,
    note: str = "",
    **facts: Any,
) -> None:
    """Add one line to the request's history; `step` names it, `facts` holds what its words need."""
    session.add(
        RequestEvent(
            request_id=request.id,
            at=at,
            actor_id=actor.user_id,
            actor=actor.label,
            step=step,
            note=note,
            facts=facts,
        )
    )
    session.flush()


def task_key(request_id: int) -> str:
    """The key of the staff task about a request whose next step is late."""
    return f"request:{request_id}:late"


def workday(day: date, days: int) -> date:
    """The day `days` later, or the Monday after where that is a weekend: nobody is called on those."""
    later = day + timedelta(days=days)
    return later + timedelta(days=7 - later.weekday()) if later.weekday() > 4 else later


def local_day(session: Session, site_id: int, at: datetime) -> date:
    """What day it is at a site."""
    return at.astimezone(ZoneInfo(session.get_one(Site, site_id).tz)).date()


def _lead_on(session: Session, at: datetime, request: ConsultationRequest, due: date | None) -> None:
    step = STEPS[request.status]
    request.next_step = step.next_step
    if step.within is None:
        request.next_due = None
    else:
        request.next_due = due or workday(local_day(session, request.site_id, at), step.within)
    if request.id is not None:
        settle_by_key(session, WORKER, at, task_key(request.id), f"Now “{step.words}”")
    session.flush()


def _audit(
    session: Session, actor: Actor, at: datetime, request: ConsultationRequest, step: str, **detail: Any
) -> None:
    record(session, actor, at, f"request.{step}", "request", request.id, request.patient_id, **detail)
