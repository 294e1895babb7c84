"""Which calendar part a mail about one visit carries, if any (MESSAGES.md, section 4)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.features.outbox.letters import Letter, which_one
from scheduler.features.outbox.queries.invited import held_by
from scheduler.models import Infusion, Message, Purpose
from scheduler.rendering import ics
from scheduler.rendering.facts import EventFacts, VisitFacts
from scheduler.rendering.mail import CalendarPart

ASKS = frozenset({Purpose.INVITATION, Purpose.VISIT_MOVED})
ENDS = frozenset({Purpose.INVITATION_WITHDRAWN, Purpose.VISIT_CANCELLED})


def calendar_part(
    session: Session, letter: Letter, visits: Sequence[tuple[Infusion, VisitFacts]], recipient: str
) -> CalendarPart | None:
    """The invitation, its update or its end, for the one visit of the letter; None for mails without one.

    Whoever holds the visit in a calendar is kept right even after asking for no more invitations. Where
    nobody holds it, its end is told in words alone.
    """
    message = letter.message
    if message.purpose not in ASKS | ENDS or len(visits) != 1:
        return None
    [(visit, told)] = visits
    held = held_by(session, [visit.id]).get(visit.id) if letter.may_be_held else None
    if message.purpose in ENDS and held != recipient:
        return None
    if message.purpose in ASKS and held != recipient and not letter.is_invited:
        return None
    method: ics.Method = "CANCEL" if message.purpose in ENDS else "REQUEST"
    says_which = method == "REQUEST" and letter.is_detailed
    detail = which_one(visit, message.language) if says_which else ""
    facts = event_facts(visit, replace(told, starts_at=start_told(message, visit), detail=detail))
    return CalendarPart(method, ics.invitation(facts, recipient, method, letter.locale, message.language))


def start_told(message: Message, visit: Infusion) -> datetime:
    """The start that a message is about: what ends is told by the time that the patient knows."""
    known = message.facts.get("was") if message.purpose is Purpose.VISIT_CANCELLED else None
    if message.purpose is Purpose.INVITATION_WITHDRAWN:
        known = message.facts["starts_at"]
    return datetime.fromisoformat(known) if known else visit.starts_at


def event_facts(visit: Infusion, told: VisitFacts) -> EventFacts:
    """The present revision of a visit's calendar entry, at the time that is told."""
    return EventFacts(
        uid=visit.ics_uid,
        sequence=visit.ics_sequence,
        dtstamp=visit.ics_dtstamp,
        last_modified=visit.scheduled_at,
        ends_at=told.starts_at + (visit.ends_at - visit.starts_at),
        organizer=visit.ics_organizer,
        visit=told,
    )
