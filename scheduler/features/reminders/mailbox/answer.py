"""Act on a calendar's answer: yes confirms, no raises a task, and neither frees a chair (MESSAGES.md 4.8).

What ties an answer to a visit is the entry's UID, 128 random bits that only the invitation carried, and the
address that was invited; the sequence ties it to the time that the patient was told. Who writes a mail can be
forged; who holds all three was sent the invitation. An answer that does not fit is noted and changes nothing.

Mails overtake each other, and a mailbox may not be read for a day: of two answers the one given later holds,
by the sender's own clock."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, RuleError
from scheduler.features.courses.actions.respond import LONGEST_NOTE, ask_change, confirm
from scheduler.features.outbox.queries.invited import held_by
from scheduler.features.reminders.mailbox.talk_answer import act_on_talk, invited_voice, is_overtaken
from scheduler.features.reminders.replies.calendar import Answer, Voice
from scheduler.models import Channel, Consultation, InboundMessage, Infusion, Patient, Site, TaskKind

ANSWERS = ("accepted", "declined", "tentative", "counter")
CALENDAR = Actor(None, "patient, by calendar")
NO_ENTRY = "No visit has this calendar entry. Nothing was changed."
NOT_INVITED = "It does not come from the address that was invited. Nothing was changed."
OLDER = "It answers an invitation that another one has replaced. Nothing was changed."
OVERTAKEN = "A later answer was read before it. Nothing was changed."
PERHAPS = "“Perhaps” confirms nothing. Nothing was changed."
SAYS_NOTHING = "It says neither yes nor no. Nothing was changed."


@dataclass(frozen=True)
class Made:
    """What was made of a mail: the word that was understood, what followed, and whom it is about."""

    understood: str
    outcome: str
    patient_id: int | None = None
    infusion_id: int | None = None


def take_answer(session: Session, at: datetime, row_id: int, sender: str, answer: Answer) -> Made:
    """Act on an answer; `row_id` is the mail's own row, `sender` the address in From."""
    visit = session.scalar(select(Infusion).where(Infusion.ics_uid == answer.uid))
    if visit is None:
        return _of_talk(session, at, sender, answer)
    voice = _invited(session, visit, sender, answer)
    if voice is None:
        return Made("not invited", NOT_INVITED, visit.patient_id, visit.id)
    if answer.sequence != visit.ics_sequence:
        return Made("out of date", OLDER, visit.patient_id, visit.id)
    overtaken = _is_overtaken(session, row_id, visit)
    outcome = OVERTAKEN if overtaken else _act(session, at, visit, answer, voice)
    return Made(_word(answer, voice), outcome, visit.patient_id, visit.id)


def _of_talk(session: Session, at: datetime, sender: str, answer: Answer) -> Made:
    """The same where the entry is that of a consultation."""
    row = session.scalar(select(Consultation).where(Consultation.ics_uid == answer.uid))
    if row is None:
        return Made("no visit", NO_ENTRY)
    voice = invited_voice(session, row, sender, answer)
    if voice is None:
        return Made("not invited", NOT_INVITED)
    if answer.sequence != row.ics_sequence:
        return Made("out of date", OLDER)
    if is_overtaken(row, said_at(answer, at)):
        return Made(_word(answer, voice), OVERTAKEN)
    done = act_on_talk(session, at, row, answer, voice)
    return Made(_word(answer, voice), done or (PERHAPS if voice.said == "TENTATIVE" else SAYS_NOTHING))


def said_at(answer: Answer, at: datetime) -> datetime:
    """When it was said: the sender's own time, which cannot be after the mail was read."""
    return min(answer.said_at or at, at)


def _word(answer: Answer, voice: Voice) -> str:
    word = "counter" if answer.method == "COUNTER" else voice.said.lower()
    return word if word in ANSWERS else "no answer"


def _invited(session: Session, visit: Infusion, sender: str, answer: Answer) -> Voice | None:
    """The attendee who was invited and wrote this, or had it written."""
    held = held_by(session, [visit.id]).get(visit.id)
    patient = session.get_one(Patient, visit.patient_id)
    invited = {address.lower() for address in (held, patient.email) if address}
    for voice in answer.voices:
        if sender and voice.address in invited and sender in (voice.address, voice.sent_by):
            return voice
    return None


def _is_overtaken(session: Session, row_id: int, visit: Infusion) -> bool:
    """Whether an answer that was given after this one was read before it."""
    own = session.get_one(InboundMessage, row_id).said_at
    later = session.scalar(
        select(InboundMessage.id)
        .where(
            InboundMessage.infusion_id == visit.id,
            InboundMessage.channel == Channel.EMAIL,
            InboundMessage.id != row_id,
            InboundMessage.said_at > own,
            InboundMessage.understood.in_(ANSWERS),
        )
        .limit(1)
    )
    return later is not None


def _act(session: Session, at: datetime, visit: Infusion, answer: Answer, voice: Voice) -> str:
    version = visit.schedule_version
    number = visit.number
    try:
        if answer.method == "COUNTER":
            note = _proposal(session, visit, answer)
            asked = ask_change(session, CALENDAR, at, visit.id, "calendar", note, seen_version=version)
            return _asked(asked is not None, f"Another time is asked for, and visit {number} stands.")
        if voice.said == "ACCEPTED":
            if not _is_news(visit, said_at(answer, at)):
                return OVERTAKEN
            done = confirm(session, CALENDAR, at, visit.id, "calendar", seen_version=version)
            return f"Visit {number} is confirmed." if done else f"Visit {number} was confirmed before."
        if voice.said == "DECLINED":
            note = " ".join(answer.comment.split())[:LONGEST_NOTE]
            asked = ask_change(
                session,
                CALENDAR,
                at,
                visit.id,
                "calendar",
                note,
                seen_version=version,
                kind=TaskKind.DECLINED,
            )
            return _asked(asked is not None, f"Visit {number} was declined, and stands.")
    except (ConflictError, RuleError) as error:
        return error.sentence
    return PERHAPS if voice.said == "TENTATIVE" else SAYS_NOTHING


def _asked(is_new: bool, words: str) -> str:
    return f"{words} A task says so." if is_new else f"{words} It was known before."


def _is_news(visit: Infusion, at: datetime) -> bool:
    """Whether a yes was said after what is known: an old one does not take back a later request."""
    by_other_ways = visit.confirmation == "change_asked" and visit.confirmation_source != "calendar"
    return not by_other_ways or visit.confirmation_at is None or at >= visit.confirmation_at


def _proposal(session: Session, visit: Infusion, answer: Answer) -> str:
    words = " ".join(answer.comment.split())
    if answer.proposed is not None:
        zone = ZoneInfo(session.get_one(Site, visit.site_id).tz)
        wall = answer.proposed.astimezone(zone) if answer.proposed.tzinfo else answer.proposed
        words = f"Proposes {wall:%A} {wall.day} {wall:%B %Y} at {wall:%H:%M}. {words}"
    return words.strip()[:LONGEST_NOTE]
