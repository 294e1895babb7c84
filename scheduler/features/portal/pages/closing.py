"""Closing a patient's pages everywhere at once: a phone was lost, or somebody reads along."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import NotFoundError
from scheduler.features.accounts.devices.actions import end_devices
from scheduler.features.audit.actions import record
from scheduler.features.calendars.feeds.change import revoke_feed
from scheduler.features.calendars.feeds.owners import Owner
from scheduler.features.outbox.links import revoke_links
from scheduler.models import Patient


@dataclass(frozen=True)
class Closed:
    """How much was closed."""

    devices: int
    links: int
    calendar: bool


def close_everywhere(session: Session, actor: Actor, at: datetime, patient_id: int) -> Closed:
    """End all devices of a patient, all links that they were sent, and the address of their calendar.

    The links to single visits go, too: they lie in the same mailbox. Raises NotFoundError.
    """
    if session.get(Patient, patient_id) is None:
        raise NotFoundError("There is no such patient.")
    closed = Closed(
        devices=end_devices(session, actor, at, patient_id),
        links=revoke_links(session, at, patient_id),
        calendar=revoke_feed(session, actor, at, Owner("patient", patient_id)),
    )
    record(
        session, actor, at, "pages.closed", "patient", patient_id, patient_id,
        devices=closed.devices, links=closed.links, calendar=closed.calendar,
    )  # fmt: skip
    return closed
