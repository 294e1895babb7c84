"""A booked course on the small clinic, and what tests of its changes ask of the rows."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.features.courses.actions.book import book_course
from scheduler.models import Infusion, Message, MessageStatus, Patient, Purpose
from tests.support.clinic import NOW, SmallClinic
from tests.support.courses import order_for, set_on

ROSA = Actor(None, "Rosa", "127.0.0.1")
MONDAY = datetime(2026, 11, 30, 9, 30)  # noqa: DTZ001 - local wall time
LATER = NOW + timedelta(hours=1)


def booked(database: Database, clinic: SmallClinic, **more: Any) -> int:
    """Book six visits from `MONDAY` on chair 1; gives the course's id."""
    order = order_for(clinic, set_on(clinic.chairs[0].id, more.pop("first", MONDAY)), **more)
    return database.attempt(lambda session: book_course(session, ROSA, NOW, order)).course_id


def visits(session: Session, course_id: int) -> list[Infusion]:
    """The rows of a course by number and age."""
    return list(
        session.scalars(
            select(Infusion).where(Infusion.course_id == course_id).order_by(Infusion.number, Infusion.id)
        )
    )


def whole_rows(session: Session, course_id: int) -> dict[int, dict[str, Any]]:
    """Every column of every visit, by id."""
    names = [column.key for column in inspect(Infusion).column_attrs]
    return {row.id: {name: getattr(row, name) for name in names} for row in visits(session, course_id)}


def confirmation_left(database: Database) -> None:
    """Confirmation and invitations have gone out: changes are told by messages of their own from now on."""
    with database.write() as session:
        for message in session.scalars(select(Message)):
            message.status, message.sent_at = MessageStatus.SENT, NOW
            message.rendered_at, message.recipient = NOW, session.get_one(Patient, message.patient_id).email
            if message.purpose is Purpose.INVITATION:
                message.facts = {**message.facts, "calendar": "REQUEST"}
