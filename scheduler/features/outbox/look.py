"""One look at a claimed message and all that it speaks of, as it is now.

Most patients have made no choice, most addresses take mail, most clinics keep the words that ship, and a
visit is invited to once. So beside the rows the look says which of these there are any of at all, and only
then is more asked: four questions less for most messages. And of each row it fetches what letters are made
of; whoever asks an object for something else gets it, by one more question.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session, aliased, load_only

from scheduler.models import (
    Channel,
    ContactChoice,
    Course,
    Infusion,
    Message,
    MessageStatus,
    MessageTemplate,
    Patient,
    Site,
    StoppedAddress,
)


@dataclass(frozen=True)
class Hints:
    """What there may be: choices of the patient, a stop of an address, the clinic's own words for such
    messages, a calendar that holds the visit. False where there is none; whoever has not looked says True.
    """

    choices: bool = True
    stops: bool = True
    words: bool = True
    entries: bool = True


UNSEEN = Hints()


@dataclass(frozen=True)
class Seen:
    """The message, and what there may be.

    `beside` are the rows that it speaks of, held here because a session lets go of what nobody holds, and
    would ask for each of them again.
    """

    message: Message
    hints: Hints
    beside: Sequence[object]


def look(session: Session, message_id: int, fence: int) -> Seen | None:
    """The message, its row locked, with what it speaks of at hand; None where the claim was lost."""
    row = session.execute(_LOOK, {"_id": message_id, "_fence": fence}).one_or_none()
    if row is None:
        return None
    return Seen(row.Message, Hints(row.choices, row.stops, row.words, row.entries), row)


SAID = (
    load_only(
        Message.purpose,
        Message.channel,
        Message.status,
        Message.reason,
        Message.patient_id,
        Message.user_id,
        Message.request_id,
        Message.course_id,
        Message.infusion_id,
        Message.consultation_id,
        Message.schedule_version,
        Message.language,
        Message.facts,
        Message.message_id,
        Message.created_at,
        Message.expires_at,
        Message.recipient,
        Message.body,
    ),
    load_only(Patient.email, Patient.phone, Patient.time_zone, Patient.site_id, Patient.archived_at),
    load_only(
        Infusion.course_id,
        Infusion.patient_id,
        Infusion.site_id,
        Infusion.number,
        Infusion.status,
        Infusion.starts_at,
        Infusion.ends_at,
        Infusion.schedule_version,
        Infusion.scheduled_at,
        Infusion.ics_uid,
        Infusion.ics_sequence,
        Infusion.ics_dtstamp,
        Infusion.ics_organizer,
    ),
    load_only(Course.status, Course.site_id, Course.protocol_version_id),
    load_only(
        Site.discreet_name,
        Site.tz,
        Site.address,
        Site.phone,
        Site.from_email,
        Site.date_order,
        Site.clock24,
    ),
)
"""What letters are made of."""


def _statement() -> Any:
    """The rows beside the message serve the session, which then has them at hand."""
    other = aliased(Message)
    return (
        select(
            Message,
            Patient,
            Infusion,
            Course,
            Site,
            exists().where(ContactChoice.patient_id == Message.patient_id).label("choices"),
            exists().where(StoppedAddress.address.in_([Patient.email, Patient.phone])).label("stops"),
            exists()
            .where(MessageTemplate.channel == Message.channel, MessageTemplate.language == Message.language)
            .label("words"),
            exists()
            .where(
                other.infusion_id == Message.infusion_id,
                other.channel == Channel.EMAIL,
                other.rendered_at.is_not(None),
            )
            .label("entries"),
        )
        .options(*SAID)
        .outerjoin(Patient, Patient.id == Message.patient_id)
        .outerjoin(Infusion, Infusion.id == Message.infusion_id)
        .outerjoin(Course, Course.id == Infusion.course_id)
        .outerjoin(Site, Site.id == func.coalesce(Infusion.site_id, Patient.site_id))
        .where(
            Message.id == bindparam("_id"),
            Message.fence == bindparam("_fence"),
            Message.status == MessageStatus.SENDING,
        )
        .with_for_update(of=Message)
    )


_LOOK = _statement()
