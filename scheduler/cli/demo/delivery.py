"""What became of each message: taken by the mail server, refused for good, left, or too late."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from scheduler.cli.demo.days import Calendar, at
from scheduler.features.outbox.actions.claim import LEASE
from scheduler.features.outbox.actions.purge import KEEP
from scheduler.features.outbox.actions.record import Outcome
from scheduler.features.outbox.calendar_parts import event_facts
from scheduler.features.outbox.letters import Letter, visit_facts, words_of
from scheduler.models import Infusion, Message, MessageAttempt, MessageStatus, Patient, Purpose, Site
from scheduler.rendering import ics, mail

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
NO_ADDRESS = Fate(MessageStatus.SUPPRESSED, Outcome.NOT_SENT, "No e-mail address is on file for the patient.")
NO_MAILBOX = Fate(
    MessageStatus.DEAD,
    Outcome.PERMANENT,
    "The mail server refused the recipient (550): 5.1.1 The mailbox does not exist.",
)
TOO_LATE = Fate(MessageStatus.EXPIRED, Outcome.NOT_SENT, "The worker was not running while it was due.")


class Delivery:
    """Settles messages as a worker would have that slept on one day, long ago."""

    def __init__(
        self, calendar: Calendar, chance: Random, sites: Mapping[int, Site], without_mailbox: int
    ) -> None:
        self.calendar, self.chance = calendar, chance
        self.sites, self.without_mailbox = sites, without_mailbox
        self.slept = at(calendar.day(-SLEPT_DAYS_AGO), 0), at(calendar.day(1 - SLEPT_DAYS_AGO), 7 * 60)

    def settle(self, message: Message, patient: Patient, visits: Sequence[Infusion]) -> MessageAttempt:
        """Give `message` the end it had; the one try, which still lacks the message's id.

        `visits` are what it speaks of, in order.
        """
        fate = self._fate(message, patient)
        written, tried = self._times(message, fate)
        if message.purpose is Purpose.REMINDER:
            message.created_at = written
        message.status = fate.status
        message.reason = None if fate is SENT else fate.detail
        message.attempts = message.fence = 1
        message.next_attempt_at = tried + LEASE
        if fate in (SENT, NO_MAILBOX):
            self._write(message, patient, visits, tried)
        if fate is SENT:
            message.sent_at = tried
        return MessageAttempt(
            at=tried, fence=1, worker=WORKER, outcome=fate.outcome.value, detail=fate.detail
        )

    def _fate(self, message: Message, patient: Patient) -> Fate:
        if not patient.email:
            return NO_ADDRESS
        if (
            message.expires_at is not None
            and self.slept[0] <= message.due_at < message.expires_at <= self.slept[1]
        ):
            return TOO_LATE
        is_recent = message.due_at > self.calendar.now - MAILBOX_GONE_SINCE
        return NO_MAILBOX if is_recent and patient.id == self.without_mailbox else SENT

    def _times(self, message: Message, fate: Fate) -> tuple[datetime, datetime]:
        """When the row was written and when it was tried, within a tick of its time and never after now."""
        begin = self.slept[1] if fate is TOO_LATE else message.due_at
        written = begin + timedelta(seconds=self.chance.randrange(0, TICK_S))
        tried = written + timedelta(seconds=self.chance.randrange(1, 4))
        return min(written, self.calendar.now), min(tried, self.calendar.now)

    def _write(self, message: Message, patient: Patient, visits: Sequence[Infusion], at: datetime) -> None:
        """The letter as it went out. Contents of old messages are forgotten after a while."""
        letter = Letter(message, patient, patient.email or "", self.sites[visits[0].site_id], visits)
        message.recipient = patient.email
        message.rendered_at = at
        part = self._invitation(letter) if message.purpose is Purpose.INVITATION else None
        message.facts = {
            **message.facts,
            "rendered_for": letter.revision,
            "sender": letter.clinic.from_address,
            "calendar": part.method if part else None,
        }
        if message.created_at < self.calendar.now - KEEP:
            return
        words = words_of(letter, dict(self.sites))
        message.subject = words.subject
        message.body = mail.compose(
            words,
            letter.clinic,
            letter.address,
            message.message_id,
            message.created_at,
            message.language,
            part,
        )

    def _invitation(self, letter: Letter) -> mail.CalendarPart:
        """The entry for the one visit of an invitation."""
        visit = letter.visits[0]
        facts = event_facts(visit, visit_facts(visit, letter.site))
        content = ics.invitation(facts, letter.address, "REQUEST", letter.locale, letter.message.language)
        return mail.CalendarPart("REQUEST", content)
