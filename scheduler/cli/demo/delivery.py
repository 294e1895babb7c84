"""What became of each message: taken, refused for good, come back, left, too late, or nobody knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from scheduler.cli.demo.days import Calendar, at
from scheduler.cli.demo.headers import REMEMBERED
from scheduler.cli.demo.links import Links
from scheduler.features.outbox.actions.claim import LEASE
from scheduler.features.outbox.actions.look_up import HELD, NOT_LISTED, WAITS
from scheduler.features.outbox.actions.purge import KEEP
from scheduler.features.outbox.actions.record import Outcome
from scheduler.features.outbox.calendar_parts import event_facts
from scheduler.features.outbox.contact.queries import Choices, Way
from scheduler.features.outbox.letters import Letter, visit_facts, words_of
from scheduler.features.outbox.receipts import lost
from scheduler.features.outbox.text_letters import text_of
from scheduler.models import (
    Channel,
    Infusion,
    Message,
    MessageAttempt,
    MessageStatus,
    Patient,
    Purpose,
    Site,
)
from scheduler.rendering import ics, mail
from scheduler.rendering.sms import fits

WORKER = "worker-1"
TICK_S = 20
SLEPT_DAYS_AGO, MAILBOX_GONE_SINCE = 20, timedelta(days=6)


@dataclass(frozen=True)
class Fate:
    """How a message ended, what the one try came to, and the reason that staff read."""

    status: MessageStatus
    outcome: Outcome
    detail: str


SENT = Fate(MessageStatus.SENT, Outcome.SENT, "The mail server has taken it.")
TAKEN = Fate(MessageStatus.SENT, Outcome.SENT, "The text gateway has taken it.")
NO_MAILBOX = Fate(
    MessageStatus.DEAD,
    Outcome.PERMANENT,
    "The mail server refused the recipient (550): 5.1.1 The mailbox does not exist.",
)
CAME_BACK = Fate(
    MessageStatus.DEAD, Outcome.SENT, "It came back (5.1.1): 550 5.1.1 The address does not exist."
)
NOT_A_PHONE = Fate(MessageStatus.DEAD, Outcome.SENT, lost("30006"))
NOBODY_KNOWS = Fate(
    MessageStatus.UNKNOWN,
    Outcome.UNKNOWN,
    HELD.format(count=len(WAITS), last=NOT_LISTED),
)
TOO_LATE = Fate(MessageStatus.EXPIRED, Outcome.NOT_SENT, "The worker was not running while it was due.")


@dataclass(frozen=True)
class Unlucky:
    """The patients with whom something is wrong, 0 for nobody.

    A mail address that the server refuses, one that accepts mail and sends it back, a number that is no
    mobile phone's, one of which the gateway once said nothing.
    """

    without_mailbox: int = 0
    comes_back: int = 0
    no_mobile: int = 0
    unknown: int = 0


class Delivery:
    """Settles messages as a worker would have that slept on one day, long ago."""

    def __init__(
        self,
        calendar: Calendar,
        chance: Random,
        sites: Mapping[int, Site],
        chosen: Mapping[int, Choices],
        ways: Mapping[int, tuple[Way, Way]],
        unlucky: Unlucky,
        links: Links,
    ) -> None:
        self.calendar, self.chance, self.links = calendar, chance, links
        self.sites, self.chosen, self.ways, self.unlucky = sites, chosen, ways, unlucky
        self.slept = at(calendar.day(-SLEPT_DAYS_AGO), 0), at(calendar.day(1 - SLEPT_DAYS_AGO), 7 * 60)
        self.refused: dict[int, tuple[datetime, Fate]] = {}

    def is_open(self, patient_id: int, channel: Channel, when: datetime) -> bool:
        """Whether a reminder may be written for that time: the way is open, and nothing came back yet."""
        shut = self.refused.get(patient_id)
        way = next(way for way in self.ways[patient_id] if way.channel is channel)
        return way.is_open and not (shut and channel is Channel.EMAIL and shut[0] <= when)

    def settle(self, message: Message, patient: Patient, visits: Sequence[Infusion]) -> MessageAttempt:
        """Give `message` the end it had; the one try, which still lacks the message's id.

        `visits` are what it speaks of, in order.
        """
        fate = self._fate(message, patient)
        written, tried = self._times(message, fate)
        if message.purpose is Purpose.REMINDER:
            message.created_at = written
        message.status = fate.status
        message.reason = None if fate.status is MessageStatus.SENT else fate.detail
        message.attempts = message.fence = 1
        message.next_attempt_at = tried + LEASE
        if fate.outcome is not Outcome.NOT_SENT:
            self._write(message, patient, visits, tried)
        if fate.outcome is Outcome.SENT:
            message.sent_at = tried
            self._report(message, fate, tried)
        if fate in (NO_MAILBOX, CAME_BACK):
            self.refused.setdefault(patient.id, (tried, fate))
        return MessageAttempt(
            at=tried, fence=1, worker=WORKER, outcome=fate.outcome.value, detail=self._said(message, fate)
        )

    def _said(self, message: Message, fate: Fate) -> str:
        """What the one try came to: a mail that came back, or a text that was lost, had been taken."""
        if fate.outcome is not Outcome.SENT:
            return fate.detail
        return TAKEN.detail if message.channel is Channel.SMS else SENT.detail

    def _fate(self, message: Message, patient: Patient) -> Fate:
        way = next(way for way in self.ways[patient.id] if way.channel is message.channel)
        if not way.is_open:
            return _left(way.closed)
        if (
            message.expires_at is not None
            and self.slept[0] <= message.due_at < message.expires_at <= self.slept[1]
        ):
            return TOO_LATE
        is_recent = message.due_at > self.calendar.now - MAILBOX_GONE_SINCE
        if message.channel is Channel.SMS:
            return self._fate_of_text(message, patient, is_recent)
        if patient.id in self.refused and self.refused[patient.id][0] < message.due_at:
            return _left(f"Mail to this address came back on {self.refused[patient.id][0]:%-d %b %Y}.")
        if is_recent and patient.id == self.unlucky.without_mailbox:
            return NO_MAILBOX
        return CAME_BACK if is_recent and patient.id == self.unlucky.comes_back else SENT

    def _fate_of_text(self, message: Message, patient: Patient, is_recent: bool) -> Fate:
        if is_recent and patient.id == self.unlucky.no_mobile:
            return NOT_A_PHONE
        starts = message.facts.get("starts_at")
        is_ahead = starts is not None and datetime.fromisoformat(starts) > self.calendar.now
        return NOBODY_KNOWS if is_ahead and patient.id == self.unlucky.unknown else TAKEN

    def _report(self, message: Message, fate: Fate, tried: datetime) -> None:
        """What the network said later: that a text is on the phone, or that something came back."""
        if fate is CAME_BACK:
            message.receipt, message.receipt_at = "bounced", tried
        if message.channel is Channel.SMS:
            message.provider_id = f"SM{self.chance.getrandbits(128):032x}"
            message.receipt = "undelivered 30006" if fate is NOT_A_PHONE else "delivered"
            message.receipt_at = min(tried + timedelta(seconds=4), self.calendar.now)

    def _times(self, message: Message, fate: Fate) -> tuple[datetime, datetime]:
        """When the row was written and when it was tried, within a tick of its time and never after now."""
        begin = self.slept[1] if fate is TOO_LATE else message.due_at
        written = begin + timedelta(seconds=self.chance.randrange(0, TICK_S))
        tried = written + timedelta(seconds=self.chance.randrange(1, 4))
        return min(written, self.calendar.now), min(tried, self.calendar.now)

    def _write(self, message: Message, patient: Patient, visits: Sequence[Infusion], at: datetime) -> None:
        """The letter as it went out. Contents of old messages are forgotten after a while."""
        address = (patient.email if message.channel is Channel.EMAIL else patient.phone) or ""
        is_detailed = self.chosen[patient.id].detail
        site = self.sites[visits[0].site_id if visits else patient.site_id]
        letter = Letter(message, patient, address, site, visits, is_detailed=is_detailed)
        message.recipient = address
        message.rendered_at = at
        if message.channel is Channel.SMS:
            self._text(letter, at)
        else:
            self._mail(letter, at)

    def _text(self, letter: Letter, at: datetime) -> None:
        message, visits = letter.message, letter.visits
        is_kept = message.created_at >= self.calendar.now - KEEP
        told = visits[0].starts_at.isoformat() if len(visits) == 1 else None
        message.facts = {**message.facts, "rendered_for": letter.revision, "told": told}
        words = text_of(letter, dict(self.sites), self.links.to_answer(at, letter) if is_kept else "")
        message.segments = fits(words).segments
        if is_kept:
            message.body = words.encode()

    def _mail(self, letter: Letter, at: datetime) -> None:
        message = letter.message
        part = self._invitation(letter) if message.purpose is Purpose.INVITATION else None
        message.facts = {
            **message.facts,
            "rendered_for": letter.revision,
            "sender": letter.clinic.from_address,
            "calendar": part.method if part else None,
        }
        if message.created_at < self.calendar.now - KEEP:
            return
        links = self.links.to_answer(at, letter), self.links.to_dates(at, letter)
        words = words_of(letter, dict(self.sites), *links)
        message.subject = words.subject
        message.body = mail.compose(
            words,
            letter.clinic,
            letter.address,
            message.message_id,
            message.created_at,
            message.language,
            part,
            self.links.to_leave(at, letter),
            policy=REMEMBERED,
        )

    def _invitation(self, letter: Letter) -> mail.CalendarPart:
        """The entry for the one visit of an invitation."""
        visit = letter.visits[0]
        facts = event_facts(visit, visit_facts(visit, letter.site))
        content = ics.invitation(facts, letter.address, "REQUEST", letter.locale, letter.message.language)
        return mail.CalendarPart("REQUEST", content)


def _left(why: str) -> Fate:
    """It was not sent, because a way was closed."""
    return Fate(MessageStatus.SUPPRESSED, Outcome.NOT_SENT, why)
