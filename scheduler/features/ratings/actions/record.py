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
from scheduler.features.ratings.entry import RatingEntry
from scheduler.features.ratings.instruments import ANXIETY_NOW, TIME_POINT_WORDS
from scheduler.features.ratings.timing import NOT_RATED, hours, window
from scheduler.models import Infusion, Patient, Rating, Site, TimePoint

FASTER = (
    "Somebody recorded this rating while you wrote. "
    "Look at what stands there now, and correct it if it is wrong."
)


def record(session: Session, actor: Actor, at: datetime, infusion_id: int, entry: RatingEntry) -> Rating:
    """Save one "anxiety now" answer of the infusion's patient.

    `entry.replaces` is the id of the current rating that the person saw, None where they saw none; a
    correction needs `entry.reason`. Raises NotFoundError, RuleError (value, time, reason, a visit that did
    not take place) and ConflictError (another rating stands there by now).
    """
    infusion = session.scalar(
        select(Infusion).where(Infusion.id == infusion_id).with_for_update(key_share=True)
    )
    if infusion is None:
        raise NotFoundError("There is no such visit.")
    _check_value(entry.value)
    _check_time(session, infusion, entry, at)
    before = _replaced(session, infusion_id, entry)
    if before is not None:
        before.voided_at, before.void_reason = at, entry.reason
        session.flush()  # The old row must leave the unique index before the new one enters.
    rating = _row(session, infusion, entry, at, actor)
    session.add(rating)
    session.flush()
    audit.record(
        session,
        actor,
        at,
        "rating.recorded" if before is None else "rating.corrected",
        "rating",
        rating.id,
        infusion.patient_id,
        infusion_id=infusion_id,
        instrument=rating.instrument,
        time_point=entry.time_point.value,
        **({} if before is None else {"replaces": before.id}),
    )
    return rating


def _check_value(value: int) -> None:
    least, most = ANXIETY_NOW.least, ANXIETY_NOW.most
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        _refuse("value", f"Choose a whole number from {least} to {most}.")


def _check_time(session: Session, infusion: Infusion, entry: RatingEntry, at: datetime) -> None:
    if infusion.status in NOT_RATED:
        raise RuleError("This visit did not take place, so it takes no rating.")
    if entry.rated_at > at:
        _refuse("rated_at", "That time is still to come. Write when the patient answered.")
    times = hours(infusion, infusion.course.protocol_version.phases)
    first, last = window(entry.time_point, times)
    if not first <= entry.rated_at <= last:
        zone = ZoneInfo(_zone(session, infusion))
        words = TIME_POINT_WORDS[entry.time_point]
        _refuse(
            "rated_at",
            f"A rating {words} lies between {_said(first, zone)} and {_said(last, zone)}. "
            "Write when the patient answered.",
        )


def _replaced(session: Session, infusion_id: int, entry: RatingEntry) -> Rating | None:
    """The rating that this one corrects, or None for a first one."""
    current = session.scalar(
        select(Rating).where(
            Rating.infusion_id == infusion_id,
            Rating.instrument == ANXIETY_NOW.code,
            Rating.time_point == entry.time_point,
            Rating.voided_at.is_(None),
        )
    )
    if (current.id if current else None) != entry.replaces:
        raise ConflictError(FASTER)
    if current is not None and not entry.reason:
        _refuse("reason", "Say in a few words why the recorded rating is wrong.")
    return current


def _row(session: Session, infusion: Infusion, entry: RatingEntry, at: datetime, actor: Actor) -> Rating:
    language = session.scalars(select(Patient.language).where(Patient.id == infusion.patient_id)).one()
    return Rating(
        infusion_id=infusion.id,
        patient_id=infusion.patient_id,
        instrument=ANXIETY_NOW.code,
        instrument_version=ANXIETY_NOW.version,
        language=language,
        time_point=TimePoint(entry.time_point),
        answers=[entry.value],
        total=entry.value,
        rated_at=entry.rated_at,
        entered_at=at,
        entered_by_id=actor.user_id,
    )


def _zone(session: Session, infusion: Infusion) -> str:
    return session.scalars(select(Site.tz).where(Site.id == infusion.site_id)).one()


def _said(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local.day} {local:%B, %H:%M}"


def _refuse(field: str, sentence: str) -> NoReturn:
    raise RuleError(sentence, field=field)
