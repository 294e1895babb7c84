"""What the pages of reminders and words send: kinds from addresses, rules and words from forms."""

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.errors import NotFoundError, RuleError
from scheduler.features.reminders.rules.kinds import PURPOSES, Kind
from scheduler.models import Channel, Purpose
from scheduler.rendering.language import codes
from scheduler.rendering.words import Own

LONGEST_NUMBER = 9
NONE: tuple[str, tuple[Channel, ...]] = ("", ())
CHANNELS = {"email": Channel.EMAIL, "sms": Channel.SMS}


@dataclass(frozen=True)
class RuleForm:
    """A reminder to add."""

    protocol_id: int | None
    channel: Channel
    days: int


def read_kind(purpose: str, channel: str, language: str, protocol: str) -> Kind:
    """The kind that an address names. Raises NotFoundError."""
    known = {each.value: each for each in Purpose}
    found = known.get(purpose)
    way = CHANNELS.get(channel)
    if found is None or way is None or language not in codes() or way not in PURPOSES.get(found, NONE)[1]:
        raise NotFoundError("There are no such words. Choose a line of the list under Messages.")
    return Kind(found, way, language, _number(protocol))


def read_rule(values: Mapping[str, str]) -> RuleForm:
    """Raises RuleError for what is no reminder."""
    channel, days = CHANNELS.get(values.get("channel", "")), values.get("days", "").strip()
    if channel is None:
        raise RuleError("Choose e-mail or text message.", field="channel")
    if not (days.isascii() and days.isdigit() and len(days) <= LONGEST_NUMBER):
        raise RuleError(
            "Write the days before the visit as a whole number, 0 for the same day.", field="days"
        )
    return RuleForm(_number(values.get("protocol", "")), channel, int(days))


def read_own(values: Mapping[str, str]) -> Own:
    """The words as they were typed."""
    return Own(values.get("body", "").replace("\r\n", "\n").strip(), values.get("subject", "").strip())


def read_seen(values: Mapping[str, str]) -> int:
    """The version that the form shows. Raises RuleError where it has none."""
    found = _number(values.get("version", ""))
    if found is None:
        raise RuleError("This page is not complete. Open it again and write your change anew.")
    return found


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        raise NotFoundError("There is no such protocol. Choose one of the list.")
    return int(text)
