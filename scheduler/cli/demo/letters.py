"""What came back lately: mail that no server takes, and what patients wrote that somebody has to read.

Each of these is done by the very function that does it when it happens, so that the tasks, the answers and
the history are as they would be.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.actor import WORKER, Actor
from scheduler.cli.demo.chance import stream
from scheduler.cli.demo.days import Calendar
from scheduler.cli.demo.delivery import CAME_BACK, Delivery
from scheduler.features.courses.actions.respond import ask_change
from scheduler.features.outbox.contact.actions import stop_address
from scheduler.features.outbox.contact.queries import Choices
from scheduler.features.reminders.actions import write_reminders
from scheduler.features.reminders.mailbox.came_back import BOUNCED, STOPPED
from scheduler.features.reminders.queries import due_reminders
from scheduler.features.reminders.texts.meant import meant
from scheduler.features.reminders.texts.take import Text, take_text
from scheduler.models import (
    Channel,
    Course,
    CourseStatus,
    InboundMessage,
    Infusion,
    InfusionStatus,
    Patient,
    TaskKind,
)

PAGE, CALENDAR = Actor(None, "patient, on their page"), Actor(None, "patient, by calendar")
ASKED_FOR_TIME = "R"
TEXTS = ("STOP", "Can my sister drive me home instead?", "CANCEL", "help")
STRANGER, ASKS = "+16175550199", "Who is this?"
WISHES = ("I start a new job and can only come after 3 pm.", "Could it be two days later?")
DECLINED = "I am at my daughter’s graduation that day."


def mail_came_back(session: Session, seed: int, delivery: Delivery) -> None:
    """Close the addresses that mail did not reach; one of them was told of by a report that came in."""
    chance = stream(seed, "mail that came back")
    for patient_id, (when, fate) in sorted(delivery.refused.items()):
        patient = session.get_one(Patient, patient_id)
        stop_address(session, WORKER, when, Channel.EMAIL, patient.email or "", "bounce", fate.detail)
        if fate is CAME_BACK:
            session.add(
                InboundMessage(
                    channel=Channel.EMAIL,
                    provider_id=f"<{chance.getrandbits(128):032x}@mx.example>",
                    sender="mailer-daemon@mx.example",
                    received_at=when,
                    body=None,
                    understood=BOUNCED,
                    outcome=STOPPED,
                    patient_id=patient_id,
                )
            )
    session.flush()


def patients_write(session: Session, calendar: Calendar, seed: int, delivery: Delivery) -> None:
    """Let some answer in other words than C, by text, on their page and in their calendar."""
    chance = stream(seed, "what patients wrote")
    minutes = iter(range(12, 300, 23))
    numbers, asked = _numbers(session, calendar, delivery)
    chance.shuffle(numbers)
    texts = [(STRANGER, ASKS), *((number, ASKED_FOR_TIME) for number in asked[:1])]
    texts += zip([number for number in numbers if number not in asked[:1]], TEXTS, strict=False)
    for number, body in texts:
        take_text(session, _ago(calendar, minutes), Text(_sid(chance.getrandbits(128)), number, body))
    ahead = _ahead(session, calendar)
    for words, row in zip(WISHES, ahead, strict=False):
        at = _ago(calendar, minutes)
        ask_change(session, PAGE, at, row.id, "page", words, seen_version=row.schedule_version)
    invited = next((row for row in ahead[2:] if _invited(row, delivery.chosen[row.patient_id])), None)
    if invited is not None:
        _decline(session, _ago(calendar, minutes), invited, _sid(chance.getrandbits(128)))
    session.flush()


def ask_for_calls(session: Session, calendar: Calendar) -> None:
    """Whom no message reaches is to be called, as the worker would have found."""
    write_reminders(
        session, calendar.now, [one for one in due_reminders(session, calendar.now) if one.closed]
    )


def _numbers(session: Session, calendar: Calendar, delivery: Delivery) -> tuple[list[str], list[str]]:
    """Numbers of patients of the larger site with visits ahead; and those that a text asked about just one,
    without an answer yet.
    """
    odd = (delivery.unlucky.no_mobile, delivery.unlucky.unknown)
    coming = select(Infusion.patient_id).where(
        Infusion.status == InfusionStatus.SCHEDULED, Infusion.local_day > calendar.today
    )
    patients = session.scalars(
        select(Patient)
        .where(Patient.phone.is_not(None), Patient.id.not_in(odd), Patient.id.in_(coming))
        .where(Patient.site_id == select(func.min(Patient.site_id)).scalar_subquery())
        .order_by(Patient.id)
    ).all()
    numbers = [one.phone for one in patients if one.phone and delivery.chosen[one.id].sms]
    asked = []
    for number in numbers:
        told = meant(session, calendar.now, number)
        if len(told) == 1 and told[0].visit.confirmation == "none":
            asked.append(number)
    return numbers, asked


def _ahead(session: Session, calendar: Calendar) -> list[Infusion]:
    """The next visits, one for a patient, of which nothing was said yet."""
    rows = session.scalars(
        select(Infusion)
        .join(Course, Course.id == Infusion.course_id)
        .where(
            Infusion.status == InfusionStatus.SCHEDULED,
            Infusion.confirmation == "none",
            Infusion.local_day > calendar.day(1),
            Course.status == CourseStatus.ACTIVE,
        )
        .order_by(Infusion.starts_at, Infusion.id)
    )
    found: dict[int, Infusion] = {}
    for row in rows:
        found.setdefault(row.patient_id, row)
    return list(found.values())


def _invited(row: Infusion, chosen: Choices) -> bool:
    return bool(row.course.patient.email) and chosen.email and chosen.invitations


def _decline(session: Session, at: datetime, row: Infusion, number: str) -> None:
    version = row.schedule_version
    ask_change(
        session, CALENDAR, at, row.id, "calendar", DECLINED, seen_version=version, kind=TaskKind.DECLINED
    )
    session.add(
        InboundMessage(
            channel=Channel.EMAIL,
            provider_id=f"<{number}@mail.example>",
            sender=row.course.patient.email or "",
            received_at=at,
            said_at=at,
            body=DECLINED,
            understood="declined",
            outcome=f"Visit {row.number} was declined, and stands. A task says so.",
            patient_id=row.patient_id,
            infusion_id=row.id,
        )
    )


def _ago(calendar: Calendar, minutes: Iterator[int]) -> datetime:
    return calendar.now - timedelta(minutes=next(minutes))


def _sid(number: int) -> str:
    return f"SM{number:032x}"
