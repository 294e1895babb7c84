"""The clinic's own words for a message, where it has written any."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from scheduler.models import Course, Infusion, Message, MessageTemplate, ProtocolVersion, Purpose
from scheduler.rendering.words import Own

_PROTOCOL = (
    select(ProtocolVersion.protocol_id)
    .join(Course, Course.protocol_version_id == ProtocolVersion.id)
    .where(Course.id == bindparam("course"))
    .scalar_subquery()
)
_WORDS = (
    select(MessageTemplate.body, MessageTemplate.subject)
    .where(
        MessageTemplate.purpose == bindparam("why"),
        MessageTemplate.channel == bindparam("way"),
        MessageTemplate.language == bindparam("spoken"),
        MessageTemplate.protocol_id.is_(None) | (MessageTemplate.protocol_id == _PROTOCOL),
    )
    .order_by(MessageTemplate.protocol_id.is_(None), MessageTemplate.id)
    .limit(1)
)


def own_words(session: Session, message: Message, visits: Sequence[Infusion]) -> Own | None:
    """Those of the visits' protocol before those for all; None where the words that ship hold."""
    if not visits:
        return None
    purpose = message.purpose
    if purpose is Purpose.VISIT_MOVED and not message.facts.get("was"):
        purpose = Purpose.BOOKING_CONFIRMATION  # The patient hears of this visit for the first time.
    told = {
        "course": visits[0].course_id,
        "why": purpose,
        "way": message.channel,
        "spoken": message.language,
    }
    found = session.connection().execute(_WORDS, told).one_or_none()
    return None if found is None else Own(found.body, found.subject or "")
