"""Recording a rating, and correcting one.

A rating is never changed. A correction is a new row with a reason; the old one is voided and stays
readable. The person who corrects must have seen what they correct: the form carries the id of the rating
it showed, and where somebody else was faster the answer is a conflict, not a silent second correction.
"""

from datetime import datetime
from typing import NoReturn
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.audit import actions as audit
from scheduler.features.ratings.alerts.settle import settle_course
from scheduler.features.ratings.entry import RatingEntry
from scheduler.features.ratings.occasions import Occasion
from scheduler.features.ratings.own.known import known
from scheduler.features.ratings.queries.facts import asked_of
from scheduler.features.ratings.scoring import Score, score
from scheduler.features.ratings.words import WHEN
from scheduler.models import Course, Rating

FASTER = (
    "Somebody recorded this rating while you wrote. "
    "Look at what stands there now, and correct it if it is wrong."
)
SIGNED = (
    "The course log is signed, and this rating is a part of it. "
    "What has to be set right becomes an addendum beside it."
)


def record(session: Session, actor: Actor, at: datetime, course_id: int, entry: RatingEntry) -> Rating:
    """Save the answers to one instrument at one slot of a course; `at` is when they reach us.

    The same `entry.key` again gives the rating that stands. Raises NotFoundError (no such course or slot),
    RuleError (answers, time, reason) and ConflictError (another rating stands there by now). The alerts of
    the course are brought up to date with it.
    """
    course = session.scalar(select(Course).where(Course.id == course_id).with_for_update(key_share=True))
    if course is None:
        raise NotFoundError("There is no such course.")
    if (stands := _known(session, entry)) is not None:
        return stands
    instrument = known(session)[entry.instrument]
    found = score(instrument, entry.answers)
    if len(found.missing) == instrument.length:
        _refuse("answers", "Answer at least one question.")
    asked = asked_of(session, course_id)
    occasion = asked.of(entry.slot)
    if asked.is_closed(entry.slot):
        raise RuleError(SIGNED)
    _check_time(occasion, entry, at, ZoneInfo(course.site.tz))
    before = _replaced(session, course_id, entry)
    if before is not None:
        before.voided_at, before.void_reason = at, entry.reason
        session.flush()  # The old row must leave the unique index before the new one enters.
    rating = _row(course, entry, found, at, actor)
    session.add(rating)
    session.flush()
    _note(session, actor, at, rating, before)
    settle_course(session, actor, at, course_id)
    return rating


def _known(session: Session, entry: RatingEntry) -> Rating | None:
    if entry.key is None:
        return None
    return session.scalar(select(Rating).where(Rating.key == entry.key))


def _check_time(occasion: Occasion, entry: RatingEntry, at: datetime, zone: ZoneInfo) -> None:
    if entry.rated_at > at:
        _refuse("rated_at", "That time is still to come. Write when the patient answered.")
    if not occasion.opens_at <= entry.rated_at <= occasion.closes_at:
        words = WHEN[entry.slot.point]
        first, last = _said(occasion.opens_at, zone), _said(occasion.closes_at, zone)
        _refuse(
            "rated_at", f"A rating {words} lies between {first} and {last}. Write when the patient answered."
        )


def _replaced(session: Session, course_id: int, entry: RatingEntry) -> Rating | None:
    """The rating that this one corrects, or None for a first one."""
    slot = entry.slot
    current = session.scalar(
        select(Rating).where(
            Rating.course_id == course_id,
            Rating.infusion_id.is_(None)
            if slot.infusion_id is None
            else Rating.infusion_id == slot.infusion_id,
            Rating.instrument == entry.instrument[0],
            Rating.time_point == slot.point,
            Rating.week == slot.week,
            Rating.voided_at.is_(None),
        )
    )
    if (current.id if current else None) != entry.replaces:
        raise ConflictError(FASTER)
    if current is not None and not entry.reason:
        _refuse("reason", "Say in a few words why the recorded rating is wrong.")
    return current


def _row(course: Course, entry: RatingEntry, found: Score, at: datetime, actor: Actor) -> Rating:
    code, version = entry.instrument
    return Rating(
        course_id=course.id,
        infusion_id=entry.slot.infusion_id,
        patient_id=course.patient_id,
        instrument=code,
        instrument_version=version,
        language=entry.language,
        time_point=entry.slot.point,
        week=entry.slot.week,
        answers=list(entry.answers),
        total=found.total,
        source=entry.source,
        rated_at=entry.rated_at,
        entered_at=at,
        entered_by_id=actor.user_id,
        key=entry.key,
    )


def _note(session: Session, actor: Actor, at: datetime, rating: Rating, before: Rating | None) -> None:
    audit.record(
        session,
        actor,
        at,
        "rating.recorded" if before is None else "rating.corrected",
        "rating",
        rating.id,
        rating.patient_id,
        course_id=rating.course_id,
        infusion_id=rating.infusion_id,
        instrument=rating.instrument,
        time_point=rating.time_point.value,
        **({} if before is None else {"replaces": before.id}),
    )


def _said(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local.day} {local:%B, %H:%M}"


def _refuse(field: str, sentence: str) -> NoReturn:
    raise RuleError(sentence, field=field)
