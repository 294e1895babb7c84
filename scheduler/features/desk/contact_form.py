"""What the page of a patient's consent sends."""

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from scheduler.errors import RuleError
from scheduler.models import Channel, Topic

TOPICS = {topic.value: topic for topic in Topic}
CHANNELS = {channel.value: channel for channel in Channel}
LONGEST_NUMBER = 10


@dataclass(frozen=True)
class ContactForm:
    """The topics that are allowed, a note, and what the form had seen."""

    allowed: frozenset[Topic]
    note: str
    seen: int


def read_contact(values: MultiDict[str, str]) -> ContactForm:
    """Raises RuleError for a form that is not whole."""
    seen = values.get("seen", "")
    if not (seen.isascii() and seen.isdigit() and len(seen) < LONGEST_NUMBER):
        raise RuleError("This page is not complete. Open it again and choose anew.")
    topics = frozenset(TOPICS[each] for each in values.getlist("allow") if each in TOPICS)
    return ContactForm(topics, values.get("note", ""), int(seen))


def read_channel(values: MultiDict[str, str]) -> Channel:
    """Which way is to be opened again. Raises RuleError."""
    found = CHANNELS.get(values.get("channel", ""))
    if found is None:
        raise RuleError("Choose e-mail or text messages.")
    return found
