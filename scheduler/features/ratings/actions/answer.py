"""Taking the answers of a patient: from their own link, once, or from a tablet of the clinic.

A phone on a bad line sends the same answers again when it heard nothing. So each instrument of a link has a
key, under which it counts once; the same answers a second time get the same thanks, other answers are told
that the first ones stand.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError
from scheduler.features.ratings.actions.record import record
from scheduler.features.ratings.entry import RatingEntry
from scheduler.features.ratings.own.known import known
from scheduler.features.ratings.plan import Key
from scheduler.features.ratings.queries.links import Questions, Stage
from scheduler.features.ratings.scoring import score
from scheduler.features.ratings.slots import slot_name
from scheduler.models import Rating, RatingLink, RatingSource

Answers = Mapping[Key, tuple[int | None, ...]]
OTHERS_STAND = "These questions were answered already. The first answers stand."


def answer_link(
    session: Session, actor: Actor, at: datetime, questions: Questions, answers: Answers, age: timedelta
) -> bool:
    """Save what a link's form says, given `age` ago; whether the crisis notice is to be shown.

    Raises ConflictError where the link was used for other answers or its questions are closed by now.
    """
    link = session.scalars(
        select(RatingLink).where(RatingLink.id == questions.link_id).with_for_update()
    ).one()
    if link.used_at is not None:
        return _again(session, link.id, answers)
    if questions.stage is not Stage.OPEN:
        raise ConflictError("These questions are not needed any more.")
    link.used_at = at
    rated_at = min(max(at - age, questions.opens_at), at)
    return _save(session, actor, at, questions, answers, rated_at, RatingSource.PATIENT, f"link:{link.id}")


def answer_tablet(
    session: Session, actor: Actor, at: datetime, questions: Questions, answers: Answers, kiosk_id: int
) -> bool:
    """Save what was answered on a tablet just now; whether the crisis notice is to be shown."""
    key = f"kiosk:{kiosk_id}:{slot_name(questions.slot)}"
    return _save(session, actor, at, questions, answers, at, RatingSource.KIOSK, key)


def _save(
    session: Session,
    actor: Actor,
    at: datetime,
    questions: Questions,
    answers: Answers,
    rated_at: datetime,
    source: RatingSource,
    key: str,
) -> bool:
    """Record each instrument that has an answer; whether one of them is a reason for the crisis notice."""
    everything = known(session)
    for instrument, given in answers.items():
        if all(answer is None for answer in given):
            continue
        entry = RatingEntry(
            questions.slot,
            instrument,
            given,
            rated_at,
            everything[instrument].language(questions.language),
            source,
            key=f"{key}:{instrument[0]}",
        )
        record(session, actor, at, questions.course_id, entry)
    return is_crisis(session, answers)


def is_crisis(session: Session, answers: Answers) -> bool:
    """Whether the question about wanting to be dead or to hurt oneself was answered with 1 or more."""
    everything = known(session)
    return any(score(everything[key], given).is_crisis for key, given in answers.items())


def _again(session: Session, link_id: int, answers: Answers) -> bool:
    keys = {f"link:{link_id}:{code}": given for (code, _), given in answers.items()}
    stored = {
        row.key: tuple(row.answers)
        for row in session.scalars(select(Rating).where(Rating.key.in_(keys)).order_by(Rating.id))
    }
    sent = {key: given for key, given in keys.items() if any(answer is not None for answer in given)}
    if stored != sent:
        raise ConflictError(OTHERS_STAND)
    return is_crisis(session, answers)
