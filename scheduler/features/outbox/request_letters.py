"""What a message to somebody who asked for a consultation says now: the rows read again before it is sent.

As in `letters.py`, a message that has become untrue is withdrawn with the reason. Such a person has made no
choices: mail or text goes where they said, unless that address was stopped since, or they were erased.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NoReturn, cast

from sqlalchemy.orm import Session

from scheduler.features.outbox.contact.queries import stopped
from scheduler.features.outbox.letters import NotToBeSent
from scheduler.models import Channel, Consultation, ConsultationRequest, Message, MessageStatus, Purpose, Site
from scheduler.rendering import short, text
from scheduler.rendering.facts import ClinicFacts, DateOrder, EventFacts, Locale, VisitFacts, Words
from scheduler.rendering.language import load
from scheduler.rendering.phones import readable

LEAVING = {Purpose.CONSULTATION_CANCELLED: "was", Purpose.INVITATION_WITHDRAWN: "starts_at"}
"""What takes an appointment away, and where it keeps the time by which the person knows it."""


@dataclass(frozen=True)
class RequestLetter:
    """Who is written to, by whom, about which appointment, if any."""

    message: Message
    request: ConsultationRequest
    address: str
    site: Site
    consultation: Consultation | None

    @property
    def tz(self) -> str:
        """The zone in which the recipient's quiet hours are counted: the site's, for no other is known."""
        return self.site.tz

    @property
    def clinic(self) -> ClinicFacts:
        """The sender, by its discreet name."""
        return ClinicFacts(self.site.discreet_name, self.site.from_email)

    @property
    def locale(self) -> Locale:
        """How the site writes dates."""
        return Locale(cast(DateOrder, self.site.date_order), self.site.clock24)

    @property
    def revision(self) -> list[int]:
        """What the words are made from; other bytes are out of date."""
        return [self.consultation.id, self.consultation.schedule_version] if self.consultation else []


def read_request_letter(session: Session, message: Message, at: datetime) -> RequestLetter:
    """Read what the message speaks of; raises NotToBeSent where it is untrue by now or has nowhere to go."""
    request = session.get_one(ConsultationRequest, message.request_id)
    address = request.email if message.channel is Channel.EMAIL else request.phone
    if message.purpose is Purpose.INVITATION_WITHDRAWN:  # A former address is told what leaves it.
        address = message.facts["to"]
    if not address:
        _leave(MessageStatus.SUPPRESSED, "There is no such address on file any more.")
    if stopped(session, message.channel, address) is not None:
        _leave(MessageStatus.SUPPRESSED, "This address takes no more messages.")
    if message.expires_at is not None and message.expires_at <= at:
        _leave(MessageStatus.EXPIRED, message.reason or "The worker was not running while it was due.")
    row = None
    if message.consultation_id is not None:
        row = session.get_one(Consultation, message.consultation_id)
        _hold_against(message, row, at)
    site = session.get_one(Site, row.site_id if row else request.site_id)
    return RequestLetter(message, request, address, site, row)


def request_words(letter: RequestLetter, link: str) -> Words:
    """Say it in a mail. `link` is where to answer, empty for nowhere."""
    clinic, locale, language = letter.clinic, letter.locale, letter.message.language
    if letter.consultation is None:
        return text.request_received(clinic, readable(letter.site.phone), language)
    visit = told(letter, letter.consultation, link)
    match letter.message.purpose:
        case Purpose.CONSULTATION_MOVED:
            was = replace(visit, starts_at=datetime.fromisoformat(letter.message.facts["was"]))
            return text.consultation_moved(visit, was, clinic, locale, language)
        case Purpose.CONSULTATION_CANCELLED:
            return text.visit_cancelled(visit, clinic, locale, language)
        case Purpose.INVITATION_WITHDRAWN:
            return text.invitation_withdrawn(visit, clinic, locale, language)
        case Purpose.CONSULTATION_REMINDER:
            return text.consultation_reminder(visit, clinic, locale, language)
    return text.consultation_booked(visit, clinic, locale, language)


def request_text(letter: RequestLetter, link: str) -> str:
    """Say it in at most 160 characters."""
    language = letter.message.language
    if letter.consultation is None:
        return short.answer("request_received", letter.clinic, readable(letter.site.phone), language)
    off = letter.message.purpose is Purpose.CONSULTATION_CANCELLED
    phrase = "visit_cancelled" if off else letter.message.purpose.value
    visit = told(letter, letter.consultation, link)
    return short.about(phrase, visit, letter.clinic, letter.locale, language)


def told(letter: RequestLetter, row: Consultation, link: str = "") -> VisitFacts:
    """When and how the appointment is, as the message has it: what is off is known by its old time."""
    facts = replace(consultation_facts(row, letter.site, letter.message.language), link=link)
    known = LEAVING.get(letter.message.purpose)
    if known is None:
        return facts
    return replace(facts, starts_at=datetime.fromisoformat(letter.message.facts[known]))


def consultation_facts(row: Consultation, site: Site, language: str) -> VisitFacts:
    """Say when a consultation is, and where or how, with the site's discreet name."""
    how = "" if row.way == "in_person" else load(language).say(f"how.{row.way}")
    return VisitFacts(row.starts_at, site.tz, site.discreet_name, site.address, readable(site.phone), how=how)


def consultation_event(row: Consultation, visit: VisitFacts) -> EventFacts:
    """The present revision of a consultation's calendar entry, at the time that is told."""
    return EventFacts(
        uid=row.ics_uid,
        sequence=row.ics_sequence,
        dtstamp=row.ics_dtstamp,
        last_modified=row.ics_dtstamp,
        ends_at=visit.starts_at + (row.ends_at - row.starts_at),
        organizer=row.ics_organizer,
        visit=visit,
    )


def _hold_against(message: Message, row: Consultation, at: datetime) -> None:
    if known := LEAVING.get(message.purpose):
        if message.purpose is Purpose.CONSULTATION_CANCELLED and row.status != "cancelled":
            _leave(MessageStatus.VOID, "The consultation is not cancelled.")
        if datetime.fromisoformat(message.facts[known]) <= at:
            _leave(MessageStatus.EXPIRED, "The time of the consultation has passed.")
        return
    if row.status != "scheduled":
        _leave(MessageStatus.VOID, f"The consultation is {row.status}.")
    if row.schedule_version != message.schedule_version:
        _leave(MessageStatus.VOID, "The consultation was moved.")
    if row.starts_at <= at:
        _leave(MessageStatus.EXPIRED, "The consultation has begun.")


def _leave(status: MessageStatus, reason: str) -> NoReturn:
    raise NotToBeSent(status, reason)
