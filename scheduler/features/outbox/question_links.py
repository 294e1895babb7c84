"""Links to the questions of one time point: made when the bytes of their message are written.

Like the link to a visit (links.py), each message has its own, the row knows only the hash, and one that
is never sent opens nothing. It says nothing of what is asked: the address is the same for all.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from scheduler.models import (
    CognitiveRun,
    Course,
    Infusion,
    InfusionStatus,
    Message,
    Rating,
    RatingLink,
    RunState,
    TimePoint,
)
from scheduler.tokens import new_token, token_hash

AFTER = timedelta(days=1)
"""How long a phone that had no connection may still send what was answered in time."""


def question_address(
    session: Session, at: datetime, message: Message, base_url: str, token: Callable[[], str] = new_token
) -> str:
    """The whole address of a fresh link to the questions that a message asks."""
    facts = message.facts
    slot = (TimePoint(facts["time_point"]), facts["asked_of"], facts["week"])
    closes_at = datetime.fromisoformat(facts["closes_at"])
    raw = make_question_link(session, at, message.course_id or 0, slot, closes_at, token)
    return f"{base_url}/r/{raw}"


def make_question_link(
    session: Session,
    at: datetime,
    course_id: int,
    slot: tuple[TimePoint, int | None, int],
    closes_at: datetime,
    token: Callable[[], str] = new_token,
) -> str:
    """Write a link to the questions of a slot (time point, infusion, week) and give its token."""
    point, infusion_id, week = slot
    raw = token()
    row = {
        "token_hash": token_hash(raw),
        "course_id": course_id,
        "infusion_id": infusion_id,
        "time_point": point,
        "week": week,
        "created_at": at,
        "expires_at": closes_at + AFTER,
    }
    session.execute(insert(RatingLink), row)
    return raw


def needless(session: Session, message: Message) -> str:
    """Why these questions need no message any more; empty where they do."""
    facts: Mapping[str, Any] = message.facts
    infusion_id = facts["asked_of"]
    if infusion_id is not None:
        visit = session.get_one(Infusion, infusion_id)
        if visit.status in (InfusionStatus.MISSED, InfusionStatus.CANCELLED):
            return f"The visit is {visit.status.value}."
    given = session.scalar(
        select(func.count(Rating.id)).where(
            Rating.course_id == message.course_id,
            Rating.infusion_id.is_(None) if infusion_id is None else Rating.infusion_id == infusion_id,
            Rating.time_point == TimePoint(facts["time_point"]),
            Rating.week == facts["week"],
            Rating.instrument.in_(facts["codes"]),
            Rating.voided_at.is_(None),
        )
    )
    is_answered = given == len(facts["codes"]) and _are_done(session, message)
    return "The questions have been answered." if is_answered else ""


def _are_done(session: Session, message: Message) -> bool:
    """Whether no short task is left of those that the message asks for."""
    facts: Mapping[str, Any] = message.facts
    if not facts["tasks"]:
        return True
    infusion_id = facts["asked_of"]
    done = session.scalar(
        select(func.count(CognitiveRun.id)).where(
            CognitiveRun.course_id == message.course_id,
            CognitiveRun.infusion_id.is_(None)
            if infusion_id is None
            else CognitiveRun.infusion_id == infusion_id,
            CognitiveRun.time_point == TimePoint(facts["time_point"]),
            CognitiveRun.week == facts["week"],
            CognitiveRun.task.in_(facts["tasks"]),
            CognitiveRun.state.in_((RunState.COMPLETE, RunState.LEFT_OUT)),
        )
    )
    return done == len(facts["tasks"])


def revoke_question_links(session: Session, at: datetime, patient_id: int) -> int:
    """End all links of a patient that were not used yet; how many there were."""
    courses = select(Course.id).where(Course.patient_id == patient_id)
    ended = session.execute(
        update(RatingLink)
        .where(
            RatingLink.course_id.in_(courses),
            RatingLink.revoked_at.is_(None),
            RatingLink.used_at.is_(None),
            RatingLink.expires_at > at,
        )
        .values(revoked_at=at)
        .returning(RatingLink.id)
        .execution_options(synchronize_session=False)
    )
    return len(ended.all())
