"""Which messages the clinic can put into its own words, and the words of each that ship."""

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.models import Channel, Purpose
from scheduler.rendering.language import Language, load
from scheduler.rendering.words import PLACES, WAS, Own

BOTH = (Channel.EMAIL, Channel.SMS)
PURPOSES: Mapping[Purpose, tuple[str, tuple[Channel, ...]]] = {
    Purpose.REMINDER: ("Reminder", BOTH),
    Purpose.BOOKING_CONFIRMATION: ("Confirmation of a booking", BOTH),
    Purpose.VISIT_MOVED: ("New time of a visit", BOTH),
    Purpose.VISIT_CANCELLED: ("Cancellation of a visit", BOTH),
    Purpose.INVITATION: ("Words beside a calendar invitation", (Channel.EMAIL,)),
}
"""The name of each kind, and the ways it goes."""

NEEDED = ("clinic", "date", "time", "phone")
"""What a text message has to hold: nothing else stands around it. A mail has all of it below the words."""


@dataclass(frozen=True)
class Kind:
    """One message in one language, for one protocol or for all."""

    purpose: Purpose
    channel: Channel
    language: str
    protocol_id: int | None = None

    @property
    def is_text(self) -> bool:
        """Whether it is a text message."""
        return self.channel is Channel.SMS

    @property
    def places(self) -> tuple[str, ...]:
        """The places that its words may have."""
        return (*PLACES, WAS) if self.purpose is Purpose.VISIT_MOVED and not self.is_text else PLACES


def shipped(kind: Kind) -> Own:
    """The words that ship, with the places that they fill."""
    language = load(kind.language)
    return _shipped_text(kind, language) if kind.is_text else _shipped_mail(kind, language)


def _shipped_mail(kind: Kind, language: Language) -> Own:
    places = _places(language.dates["moment"])
    if kind.purpose is Purpose.BOOKING_CONFIRMATION:
        subject = language.say("confirmation_subject", count=1, day=places["day"])
        return Own(language.say("confirmation_lead", count=1, clinic="{clinic}"), subject)
    name = kind.purpose.value
    return Own(
        language.say(f"{name}.lead", clinic="{clinic}", was="{was}"),
        language.say(f"{name}.subject", moment=places["moment"]),
    )


def _shipped_text(kind: Kind, language: Language) -> Own:
    places = _places(language.dates["short_moment"])
    name = "booked" if kind.purpose is Purpose.BOOKING_CONFIRMATION else kind.purpose.value
    said = language.say(
        f"sms.{name}",
        count=1,
        clinic="{clinic}",
        moment=places["moment"],
        where="",
        phone="{phone}",
        link=" {link}" if kind.purpose in (Purpose.REMINDER, Purpose.VISIT_MOVED) else "",
    )
    return Own(said)


def _places(pattern: str) -> dict[str, str]:
    return {"day": "{date}", "moment": pattern.format(day="{date}", clock="{time}", zone="{zone}")}
