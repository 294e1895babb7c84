"""Act on a calendar's answer to the invitation of a consultation, by the rules of `answer.py`.

Yes confirms; no, and another time that is proposed, become the next step of the request. The time stands.
Of two answers the one given later holds: what was said before the last thing that is known changes nothing.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, RuleError
from scheduler.features.intake.consultations.actions.respond import LONGEST_NOTE, ask_another, confirm
from scheduler.features.reminders.replies.calendar import Answer, Voice
from scheduler.models import Consultation, ConsultationRequest, Site

CALENDAR = Actor(None, "requester, by calendar")


def invited_voice(session: Session, row: Consultation, sender: str, answer: Answer) -> Voice | None:
    """The attendee who was invited and wrote this, or had it written."""
    invited = (session.get_one(ConsultationRequest, row.request_id).email or "").lower()
    for voice in answer.voices:
        if sender and invited and voice.address == invited and sender in (voice.address, voice.sent_by):
            return voice
    return None


def is_overtaken(row: Consultation, said_at: datetime) -> bool:
    """Whether something that is known was said after it."""
    return row.confirmation_at is not None and said_at < row.confirmation_at


def act_on_talk(
    session: Session, at: datetime, row: Consultation, answer: Answer, voice: Voice
) -> str | None:
    """Do what it says, in words for staff; None where it says neither yes nor no."""
    version, note = row.schedule_version, " ".join(answer.comment.split())[:LONGEST_NOTE]
    try:
        if answer.method == "COUNTER":
            ask_another(session, CALENDAR, at, row.id, version, _proposed(session, row, answer), note)
            return "Another time is asked for, and the consultation stands. The request says so."
        if voice.said == "ACCEPTED":
            done = confirm(session, CALENDAR, at, row.id, version)
            return f"The consultation {'is' if done else 'was'} confirmed{'' if done else ' before'}."
        if voice.said == "DECLINED":
            ask_another(session, CALENDAR, at, row.id, version, None, note)
            return "The consultation was declined, and stands. The request says so."
    except (ConflictError, RuleError) as error:
        return error.sentence
    return None


def _proposed(session: Session, row: Consultation, answer: Answer) -> datetime | None:
    if answer.proposed is None or answer.proposed.tzinfo is not None:
        return answer.proposed
    return answer.proposed.replace(tzinfo=ZoneInfo(session.get_one(Site, row.site_id).tz))
