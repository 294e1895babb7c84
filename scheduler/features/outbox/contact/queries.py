"""Reading what patients chose, and by which ways they can be reached."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from scheduler.models import Channel, ContactChoice, Patient, StoppedAddress, Topic

USUAL: Mapping[Topic, bool] = {
    Topic.EMAIL: True,
    Topic.SMS: False,
    Topic.MORE_TEXTS: False,
    Topic.DETAIL: False,
    Topic.INVITATIONS: True,
    Topic.REMINDERS: True,
}
"""What holds until the patient chooses: texts need their consent, and discreet is the default."""

# Asked for every message that goes out, and so put together once: that costs more than asking.
_NEWEST = (
    select(ContactChoice)
    .where(
        ContactChoice.id.in_(
            select(func.max(ContactChoice.id))
            .where(ContactChoice.patient_id.in_(bindparam("patients", expanding=True)))
            .group_by(ContactChoice.patient_id, ContactChoice.topic)
        )
    )
    .order_by(ContactChoice.id)
)
_STOPS = (
    select(StoppedAddress)
    .where(StoppedAddress.address.in_(bindparam("addresses", expanding=True)))
    .order_by(StoppedAddress.channel, StoppedAddress.address)
)


@dataclass(frozen=True)
class Choices:
    """What one patient allows; `last` holds the row behind each topic that was chosen."""

    email: bool
    sms: bool
    more_texts: bool
    detail: bool
    invitations: bool
    reminders: bool
    last: Mapping[Topic, ContactChoice]


def choices(session: Session, patient_id: int) -> Choices:
    """The choices of one patient."""
    return choices_of(session, [patient_id])[patient_id]


def usual_choices() -> Choices:
    """What holds for a patient who has chosen nothing yet."""
    return _choices({})


def choices_of(session: Session, patient_ids: Iterable[int]) -> dict[int, Choices]:
    """The choices of many patients, by id, in one query."""
    ids = sorted(set(patient_ids))
    last: dict[int, dict[Topic, ContactChoice]] = {patient_id: {} for patient_id in ids}
    for row in session.scalars(_NEWEST, {"patients": ids}):
        last[row.patient_id][row.topic] = row
    return {patient_id: _choices(rows) for patient_id, rows in last.items()}


def history(session: Session, patient_id: int) -> list[ContactChoice]:
    """Every choice that a patient ever made, the newest first."""
    return list(
        session.scalars(
            select(ContactChoice)
            .where(ContactChoice.patient_id == patient_id)
            .order_by(ContactChoice.id.desc())
        )
    )


def newest_choice(session: Session, patient_id: int) -> int:
    """What a form that shows the choices has seen, 0 for none, so that two people never undo each other's."""
    return (
        session.scalar(select(func.max(ContactChoice.id)).where(ContactChoice.patient_id == patient_id)) or 0
    )


def reached_by_none() -> ColumnElement[bool]:
    """The condition on patients that no way to them is open, as `ways` has it."""
    return and_(
        _closed(Channel.EMAIL, Patient.email, Topic.EMAIL), _closed(Channel.SMS, Patient.phone, Topic.SMS)
    )


def _closed(channel: Channel, address: Any, topic: Topic) -> ColumnElement[bool]:
    last = (
        select(ContactChoice.allowed)
        .where(ContactChoice.patient_id == Patient.id, ContactChoice.topic == topic)
        .order_by(ContactChoice.id.desc())
        .limit(1)
        .correlate(Patient)
        .scalar_subquery()
    )
    stop = exists().where(StoppedAddress.channel == channel, StoppedAddress.address == address)
    return or_(address.is_(None), address == "", ~func.coalesce(last, USUAL[topic]), stop)


def stopped(session: Session, channel: Channel, address: str) -> StoppedAddress | None:
    """Why an address takes nothing more; None for one that does."""
    return session.get(StoppedAddress, (channel, address))


@dataclass(frozen=True)
class Way:
    """One way to a patient: open, or closed and why in words for staff.

    `held`: the address itself takes nothing until that is lifted, whatever the patient allows.
    """

    channel: Channel
    address: str | None
    closed: str
    held: bool = False

    @property
    def is_open(self) -> bool:
        """Whether a message may go this way."""
        return not self.closed


def ways(
    session: Session, patient: Patient, chosen: Choices | None = None, may_be_stopped: bool = True
) -> tuple[Way, Way]:
    """E-mail and texts, each with why it is closed where it is.

    `may_be_stopped` is False where it is known that nothing stops either address.
    """
    known = {patient.id: chosen} if chosen else None
    addresses = {patient.id: (patient.email, patient.phone)}
    return ways_of(session, addresses, known, may_be_stopped)[patient.id]


def ways_of(
    session: Session,
    addresses: Mapping[int, tuple[str | None, str | None]],
    chosen: Mapping[int, Choices] | None = None,
    may_be_stopped: bool = True,
) -> dict[int, tuple[Way, Way]]:
    """The ways to many patients, by id, in two queries; `addresses` holds e-mail and phone of each."""
    allowed = chosen or choices_of(session, addresses)
    wanted = {one for pair in addresses.values() for one in pair if one and may_be_stopped}
    rows = session.scalars(_STOPS, {"addresses": sorted(wanted)}) if wanted else ()
    stops = {(row.channel, row.address): row for row in rows}

    def way(channel: Channel, address: str | None, topic: Topic, patient_id: int) -> Way:
        holds = allowed[patient_id]
        yes = holds.email if topic is Topic.EMAIL else holds.sms
        return _way(channel, address, yes, holds.last.get(topic), stops.get((channel, address or "")))

    return {
        patient_id: (
            way(Channel.EMAIL, email, Topic.EMAIL, patient_id),
            way(Channel.SMS, phone, Topic.SMS, patient_id),
        )
        for patient_id, (email, phone) in addresses.items()
    }


def channels_open(session: Session, patient: Patient) -> tuple[Channel, ...]:
    """The channels that a message may go by, e-mail first; none for a patient who needs a call."""
    return tuple(way.channel for way in ways(session, patient) if way.is_open)


def _way(
    channel: Channel,
    address: str | None,
    allowed: bool,
    last: ContactChoice | None,
    stop: StoppedAddress | None,
) -> Way:
    what = "e-mail address" if channel is Channel.EMAIL else "phone number"
    if not address:
        return Way(channel, None, f"No {what} is on file.")
    if not allowed:
        said = "The patient asked for none." if last else "The patient has not agreed to texts."
        return Way(channel, address, said, stop is not None)
    if stop is None:
        return Way(channel, address, "")
    if stop.reason == "stop":
        return Way(channel, address, f"STOP came from this number on {stop.at:%-d %b %Y}.", True)
    if stop.reason == "carrier":
        said = f"The phone network refuses texts to this number since {stop.at:%-d %b %Y}."
        return Way(channel, address, f"{said} START, texted from it, lets them through again.", True)
    return Way(channel, address, f"Mail to this address came back on {stop.at:%-d %b %Y}.", True)


def _choices(rows: Mapping[Topic, ContactChoice]) -> Choices:
    holds = {topic: rows[topic].allowed if topic in rows else usual for topic, usual in USUAL.items()}
    return Choices(
        email=holds[Topic.EMAIL],
        sms=holds[Topic.SMS],
        more_texts=holds[Topic.MORE_TEXTS],
        detail=holds[Topic.DETAIL],
        invitations=holds[Topic.INVITATIONS],
        reminders=holds[Topic.REMINDERS],
        last=dict(rows),
    )
