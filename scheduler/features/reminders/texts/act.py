"""What follows from a reply by text. It never frees a chair, and in doubt a person reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, RuleError
from scheduler.features.courses.actions.respond import ask_change, confirm
from scheduler.features.outbox.contact.queries import stopped
from scheduler.features.reminders.replies.words import Word
from scheduler.features.reminders.texts.answers import answer
from scheduler.features.reminders.texts.meant import meant, people
from scheduler.features.reminders.texts.switch import start, stop
from scheduler.features.tasks.actions import raise_task
from scheduler.models import Channel, InboundMessage, Patient, Site, TaskKind
from scheduler.rendering.phones import readable

NOT_A_WORD = "The text is none of the words that are understood."
NOTHING_TOLD = "No text asked this number about a visit that is still to come."
TWO_VISITS = "The number was asked about {count} visits, so the reply could mean any. Nothing was confirmed."
TWO_PEOPLE = "Several people have this number and were asked, so the reply could be anybody's."
CANCEL = "CANCEL came by text. It ends text messages; no visit was cancelled. Ask whether one should be."
STRANGER = "A text came from {number}, which no patient has."


@dataclass(frozen=True)
class Acted:
    """What followed, in words for staff, and whom it is about."""

    words: str
    patient_id: int | None = None
    infusion_id: int | None = None


def act(
    session: Session, actor: Actor, at: datetime, came: InboundMessage, word: Word, *, answers_itself: bool
) -> Acted:
    """Do what the word says; `answers_itself` leaves the answer to the gateway, which has given it."""
    who = people(session, came.sender)
    if word in (Word.STOP, Word.CANCEL):
        said = stop(session, actor, at, came, who, answers=not answers_itself)
        if word is Word.CANCEL and who:
            _raise(session, at, came, who, CANCEL)
        return _about(said, who)
    if word is Word.START:
        return _about(start(session, actor, at, came, who, answers=not answers_itself), who)
    if not who:
        return _stranger(session, at, came)
    if word is Word.HELP:
        if not answers_itself:
            answer(session, at, came, who[0], "help")
        return _about("Asked for help: answered with the clinic's phone.", who)
    if word is Word.UNCLEAR:
        return _unclear(session, at, came, who, NOT_A_WORD)
    return _respond(session, actor, at, came, who, word)


def _respond(
    session: Session,
    actor: Actor,
    at: datetime,
    came: InboundMessage,
    who: Sequence[Patient],
    word: Word,
) -> Acted:
    """C or R, of the one visit that it can mean."""
    visits = meant(session, at, came.sender)
    if not visits:
        return _unclear(session, at, came, who, NOTHING_TOLD)
    if len(visits) > 1:
        several = len({one.visit.patient_id for one in visits}) > 1
        return _unclear(
            session, at, came, who, TWO_PEOPLE if several else TWO_VISITS.format(count=len(visits))
        )
    visit, version = visits[0].visit, visits[0].version
    patient = next(one for one in who if one.id == visit.patient_id)
    try:
        if word is Word.CONFIRM:
            confirm(session, actor, at, visit.id, "text", seen_version=version)
        else:
            ask_change(session, actor, at, visit.id, "text", "R came by text.", seen_version=version)
    except (ConflictError, RuleError) as error:
        return _unclear(session, at, came, [patient], error.sentence)
    if stopped(session, Channel.SMS, came.sender) is None:
        kind = "confirmed" if word is Word.CONFIRM else "change_asked"
        answer(session, at, came, patient, kind, visit)
    said = "The patient comes" if word is Word.CONFIRM else "The patient needs another time"
    return Acted(f"{said}: no. {visit.number}.", patient.id, visit.id)


def _unclear(session: Session, at: datetime, came: InboundMessage, who: Sequence[Patient], why: str) -> Acted:
    _raise(session, at, came, who, why)
    if stopped(session, Channel.SMS, came.sender) is None:
        answer(session, at, came, who[0], "unclear")
    return _about(why, who)


def _raise(session: Session, at: datetime, came: InboundMessage, who: Sequence[Patient], why: str) -> None:
    """One task for the reply: about the patient if it can only be one."""
    raise_task(
        session,
        at,
        kind=TaskKind.REPLY_UNCLEAR,
        dedupe_key=f"reply_unclear:text:{came.id}",
        site_id=who[0].site_id,
        patient_id=who[0].id if len(who) == 1 else None,
        facts={"why": f"{why} From {readable(came.sender)}."},
    )


def _stranger(session: Session, at: datetime, came: InboundMessage) -> Acted:
    """A number that no patient has: one task at a time, at the first site, and no answer."""
    site = session.scalars(select(Site.id).order_by(Site.id).limit(1)).first()
    why = STRANGER.format(number=readable(came.sender))
    if site is not None:
        raise_task(
            session,
            at,
            kind=TaskKind.REPLY_UNCLEAR,
            dedupe_key=f"reply_unclear:number:{came.sender}",
            site_id=site,
            facts={"why": why},
        )
    return Acted(why)


def _about(words: str, who: Sequence[Patient]) -> Acted:
    return Acted(words, who[0].id if len(who) == 1 else None)
