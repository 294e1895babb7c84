"""What a message says now: the rows it speaks of, read again just before it is sent.

A visit may have been moved or cancelled, a patient archived, an address corrected since the message was
written. So the words are made from the rows as they are, and a message that has become
untrue is withdrawn with the reason instead of being sent."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NoReturn, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.outbox.contact.queries import (
    Choices,
    choices,
    stopped,
    usual_choices,
    ways,
)
from scheduler.features.outbox.contact.reminding import reminder_ways
from scheduler.features.outbox.look import UNSEEN, Hints
from scheduler.features.outbox.own_words import own_words
from scheduler.features.outbox.question_links import needless
from scheduler.models import (
    Channel,
    Course,
    CourseStatus,
    Infusion,
    InfusionStatus,
    Message,
    MessageStatus,
    Patient,
    Purpose,
    Site,
)
from scheduler.rendering import text
from scheduler.rendering.facts import ClinicFacts, DateOrder, Locale, VisitFacts, Words
from scheduler.rendering.language import load
from scheduler.rendering.phones import readable
from scheduler.rendering.words import Own

ANSWERED_AFTER_STOP = ("stopped", "help")
"""What a number that has sent STOP still gets: the one confirmation, and help if it asks."""
LEAVING = {Purpose.VISIT_CANCELLED: "was", Purpose.INVITATION_WITHDRAWN: "starts_at"}
"""What says that a visit is gone, and the fact that holds the time it is known by."""

ONLY_LINKS = {Purpose.QUESTIONS: "questions", Purpose.PAGES: "pages", Purpose.CONSENTS: "papers"}
"""What brings a link and says no more, with the group of phrases that say it."""


class NotToBeSent(Exception):
    """The message is settled without being sent: in which state, and why, in words for staff."""

    def __init__(self, status: MessageStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True)
class Letter:
    """Who is written to, by whom, about which visits in which version; `own` are the clinic's own words.

    `is_detailed` and `is_invited`: whether the patient wants to be told which visit it is, and invitations;
    `may_be_held`: whether a calendar may hold the visit already.
    """

    message: Message
    patient: Patient
    address: str
    site: Site
    visits: Sequence[Infusion]
    own: Own | None = None
    is_detailed: bool = False
    is_invited: bool = True
    may_be_held: bool = True

    @property
    def tz(self) -> str:
        """The zone in which the recipient's quiet hours are counted."""
        return self.patient.time_zone or self.site.tz

    @property
    def clinic(self) -> ClinicFacts:
        """The sender, by its discreet name."""
        return ClinicFacts(self.site.discreet_name, self.site.from_email)

    @property
    def locale(self) -> Locale:
        """How the site writes dates."""
        return Locale(cast(DateOrder, self.site.date_order), self.site.clock24)

    @property
    def revision(self) -> list[list[int]]:
        """The visits, their schedule versions and what may be said of them; other bytes are out of date."""
        said = int(self.is_detailed)
        return [[visit.id, visit.schedule_version, said] for visit in self.visits]


def read_letter(session: Session, message: Message, at: datetime, hints: Hints = UNSEEN) -> Letter:
    """Read what the message speaks of; raises NotToBeSent where it has become untrue or has nowhere to go."""
    patient = session.get_one(Patient, message.patient_id)
    if patient.archived_at is not None:
        _leave(MessageStatus.SUPPRESSED, "The patient is archived.")
    chosen = choices(session, patient.id) if hints.choices else usual_choices()
    address = _address(session, message, patient, chosen, hints.stops)
    if message.expires_at is not None and message.expires_at <= at:
        _leave(MessageStatus.EXPIRED, _why_late(message))
    visits = _visits_now(session, message, at)
    site = session.get_one(Site, _site_id(session, message, patient, visits))
    own = own_words(session, message, visits) if hints.words else None
    wants = (chosen.detail, chosen.invitations)
    return Letter(message, patient, address, site, visits, own, *wants, may_be_held=hints.entries)


def _site_id(session: Session, message: Message, patient: Patient, visits: Sequence[Infusion]) -> int:
    """The site that speaks: the visits', the course's, the patient's."""
    if visits:
        return visits[0].site_id
    return session.get_one(Course, message.course_id).site_id if message.course_id else patient.site_id


def _address(
    session: Session, message: Message, patient: Patient, chosen: Choices, may_be_stopped: bool
) -> str:
    """Where it goes: by the way that is open now. A former address is told what leaves it all the same, and
    who has just written is answered where they wrote from: the answer to STOP comes after the way has closed.
    """
    if message.purpose is Purpose.ANSWER:
        writer = str(message.facts["to"])
        if message.facts["answer"] not in ANSWERED_AFTER_STOP and stopped(session, Channel.SMS, writer):
            _leave(MessageStatus.SUPPRESSED, "STOP came from this number meanwhile.")
        return writer
    if message.purpose is Purpose.INVITATION_WITHDRAWN:
        former: str = message.facts["to"]
        if stopped(session, Channel.EMAIL, former) is not None:
            _leave(MessageStatus.SUPPRESSED, "Mail to the former address comes back.")
        return former
    pair = ways(session, patient, chosen, may_be_stopped)
    if message.purpose is Purpose.REMINDER:
        pair = reminder_ways(pair, chosen)
    way = next(way for way in pair if way.channel is message.channel)
    if not way.is_open or way.address is None:
        _leave(MessageStatus.SUPPRESSED, way.closed)
    return way.address


def words_of(letter: Letter, sites: dict[int, Site], link: str = "", all_dates: str = "") -> Words:
    """Say it. `sites` are those of all its visits by id; `link` is where to answer, `all_dates` where all
    dates are to be had for a calendar, either empty for nowhere.
    """
    locale = letter.locale
    visits = [
        replace(visit_facts(visit, sites[visit.site_id]), link=link, detail=_detail(letter, visit))
        for visit in letter.visits
    ]
    language = letter.message.language
    if group := ONLY_LINKS.get(letter.message.purpose):
        return text.only_link(group, letter.clinic, readable(letter.site.phone), link, language)
    told = letter.message.facts.get("was")
    was = replace(visits[0], starts_at=datetime.fromisoformat(told)) if told else None
    match letter.message.purpose:
        case Purpose.INVITATION if letter.message.facts.get("update"):
            return text.entry_updated(visits[0], letter.clinic, locale, language)
        case Purpose.INVITATION:
            return text.invitation(visits[0], letter.clinic, locale, language, letter.own)
        case Purpose.INVITATION_WITHDRAWN:
            leaving = replace(visits[0], starts_at=datetime.fromisoformat(letter.message.facts["starts_at"]))
            return text.invitation_withdrawn(leaving, letter.clinic, locale, language, letter.own)
        case Purpose.REMINDER:
            return text.reminder(visits[0], letter.clinic, locale, language, letter.own)
        case Purpose.VISIT_CANCELLED:
            return text.visit_cancelled(was or visits[0], letter.clinic, locale, language, letter.own)
        case Purpose.VISIT_MOVED if was:
            return text.visit_moved(visits[0], was, letter.clinic, locale, language, letter.own)
    # A visit that the patient hears of for the first time is confirmed like a booking.
    return text.booking_confirmation(visits, letter.clinic, locale, language, letter.own, all_dates)


def _detail(letter: Letter, visit: Infusion) -> str:
    """Which visit it is, for a patient who wants to be told; nothing for all others."""
    return which_one(visit, letter.message.language) if letter.is_detailed else ""


def which_one(visit: Infusion, language: str) -> str:
    """Which visit it is, such as "appointment 3 of 6"."""
    total = visit.course.protocol_version.infusions
    return load(language).say("appointment_of", number=visit.number, total=total)


def visit_facts(visit: Infusion, site: Site) -> VisitFacts:
    """Say when and where a visit is, with the site's discreet name."""
    return VisitFacts(visit.starts_at, site.tz, site.discreet_name, site.address, readable(site.phone))


def _visits_now(session: Session, message: Message, at: datetime) -> Sequence[Infusion]:
    if message.infusion_id is not None:
        visit = session.get_one(Infusion, message.infusion_id)
        _hold_against(message, visit, at)
        return [visit]
    if message.purpose in (Purpose.ANSWER, Purpose.PAGES, Purpose.CONSENTS):
        return []
    if message.purpose is Purpose.QUESTIONS:
        if why := needless(session, message):
            _leave(MessageStatus.VOID, why)
        return []
    told: list[dict[str, Any]] = message.facts["visits"]
    visits = session.scalars(
        select(Infusion)
        .where(
            Infusion.id.in_([visit["infusion_id"] for visit in told]),
            Infusion.status == InfusionStatus.SCHEDULED,
            Infusion.starts_at > at,
        )
        .order_by(Infusion.starts_at, Infusion.id)
    ).all()
    if not visits:
        _leave(MessageStatus.VOID, "None of these visits is still to come.")
    return visits


def _hold_against(message: Message, visit: Infusion, at: datetime) -> None:
    """Leave what has become untrue of the visit."""
    if message.purpose in LEAVING:
        told = datetime.fromisoformat(message.facts[LEAVING[message.purpose]])
        if message.purpose is Purpose.VISIT_CANCELLED and visit.status is not InfusionStatus.CANCELLED:
            _leave(MessageStatus.VOID, "The visit is not cancelled.")
        if told <= at:
            _leave(MessageStatus.EXPIRED, "The time of the visit has passed.")
        return
    if visit.status is not InfusionStatus.SCHEDULED:
        _leave(MessageStatus.VOID, f"The visit is {visit.status.value.replace('_', ' ')}.")
    if visit.schedule_version != message.schedule_version:
        _leave(MessageStatus.VOID, "The visit was moved.")
    if message.purpose is Purpose.REMINDER and visit.course.status is not CourseStatus.ACTIVE:
        _leave(MessageStatus.VOID, f"The course is {visit.course.status.value.replace('_', ' ')}.")
    if visit.starts_at <= at:
        _leave(MessageStatus.EXPIRED, "The visit has begun.")


def _why_late(message: Message) -> str:
    if message.reason:
        return f"It could not be sent in time. The last try: {message.reason}"
    return "The worker was not running while it was due."


def _leave(status: MessageStatus, reason: str) -> NoReturn:
    raise NotToBeSent(status, reason)
