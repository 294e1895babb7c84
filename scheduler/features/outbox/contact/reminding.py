"""By which ways a reminder may go: those of all messages, less the mail of whoever wants none by it, and less
what no rule of the clinic reminds by.
"""

from collections.abc import Collection
from dataclasses import replace

from scheduler.features.outbox.contact.queries import Choices, Way
from scheduler.models import Channel

UNWANTED = "The patient wants no reminders by e-mail."
NO_RULE = {
    Channel.EMAIL: "The clinic's rules remind by text alone.",
    Channel.SMS: "The clinic's rules remind by e-mail alone.",
}


def reminder_ways(
    ways: tuple[Way, Way], chosen: Choices, channels: Collection[Channel] = tuple(Channel)
) -> tuple[Way, Way]:
    """E-mail and texts as they are open to a reminder; `ways` and `chosen` are of the same patient.

    `channels` are those that the rules use for the visit; all for a message that is written already.
    """
    mail, texts = ways
    if mail.is_open and not chosen.reminders:
        mail = replace(mail, closed=UNWANTED)
    return _ruled(mail, channels), _ruled(texts, channels)


def _ruled(way: Way, channels: Collection[Channel]) -> Way:
    return way if not way.is_open or way.channel in channels else replace(way, closed=NO_RULE[way.channel])
