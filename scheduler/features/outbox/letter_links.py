"""Which links a letter carries, each made for these words alone: where the patient answers, where all dates
are to be had for a calendar, and where reminders by mail are switched off.

`token` gives the secret of each: random, but for the demo clinic, which is the same every time it is made.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.features.outbox.letters import Letter
from scheduler.features.outbox.links import (
    course_address,
    leave_address,
    pages_address,
    papers_address,
    visit_address,
)
from scheduler.features.outbox.question_links import question_address
from scheduler.models import Purpose
from scheduler.tokens import new_token

ANSWERED = frozenset({Purpose.REMINDER, Purpose.INVITATION, Purpose.VISIT_MOVED})
"""What leads to the page of its visit: the patient can confirm it there, or ask for another time."""

Tokens = Callable[[], str]


def answer_address(
    session: Session, at: datetime, letter: Letter, base_url: str, token: Tokens = new_token
) -> str:
    """Where the patient answers; empty for what asks for no answer."""
    message = letter.message
    match message.purpose:
        case Purpose.QUESTIONS:
            return question_address(session, at, message, base_url, token)
        case Purpose.PAGES:
            return pages_address(session, at, letter.patient.id, base_url, token)
        case Purpose.CONSENTS:
            return papers_address(session, at, letter.patient.id, base_url, token)
    asks = message.purpose in ANSWERED or message.facts.get("answer") == "change_asked"
    if not asks or len(letter.visits) != 1:
        return ""
    return visit_address(session, at, letter.visits[0], base_url, token)


def dates_address(
    session: Session, at: datetime, letter: Letter, base_url: str, token: Tokens = new_token
) -> str:
    """Where the summary of a booking leads: to all dates for a calendar (MESSAGES.md 4.1)."""
    if letter.message.purpose is not Purpose.BOOKING_CONFIRMATION:
        return ""
    return course_address(session, at, letter.visits[0], base_url, token)


def way_out_address(
    session: Session, at: datetime, letter: Letter, base_url: str, token: Tokens = new_token
) -> str:
    """Where the patient asks for no more such mails: only reminders, for what changes has to be told."""
    if letter.message.purpose is not Purpose.REMINDER:
        return ""
    return leave_address(session, at, letter.visits[0], base_url, token)
