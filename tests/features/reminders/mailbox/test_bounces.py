"""Mail that comes back: an address that does not exist takes nothing more, and staff see why."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from scheduler.db import Database
from scheduler.features.outbox.contact.queries import channels_open, stopped
from scheduler.features.reminders.mailbox.mail import SortedMail, sort_mail
from scheduler.features.reminders.mailbox.take import take_mail
from scheduler.models import Channel, Message, MessageStatus, Patient
from tests.support.calendar_mail import Said, answer, bounce
from tests.support.changes import LATER, booked
from tests.support.clinic import NOW, SmallClinic, small_clinic

MARTA = "marta1@example.org"
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def clinic(database: Database) -> SmallClinic:
    with database.write() as session:
        return small_clinic(session)


def sent(database: Database, clinic: SmallClinic) -> str:
    """The Message-ID of a message that was sent to Marta."""
    booked(database, clinic)
    with database.write() as session:
        first = session.scalars(select(Message).order_by(Message.id)).first()
        assert first is not None
        first.status, first.sent_at, first.recipient = MessageStatus.SENT, NOW, MARTA
        return first.message_id


def come(database: Database, mail: bytes) -> str | None:
    with database.write() as session:
        return take_mail(session, LATER, sort_mail(mail))


def test_an_address_that_does_not_exist_takes_nothing_more(database: Database, clinic: SmallClinic) -> None:
    about = sent(database, clinic)
    assert come(database, bounce(MARTA, about)) == "bounced"
    assert come(database, bounce(MARTA, about)) is None
    with database.read() as session:
        row = stopped(session, Channel.EMAIL, MARTA)
        assert row is not None and row.reason == "bounce" and "550 5.1.1 No such user" in row.detail
        assert channels_open(session, session.get_one(Patient, clinic.patient.id)) == ()
        message = session.scalars(select(Message).where(Message.message_id == about)).one()
        assert (message.status, message.receipt, message.receipt_at) == (MessageStatus.DEAD, "bounced", LATER)
        assert message.reason == "It came back (5.1.1): 550 5.1.1 No such user."


@ON_SQLITE
@pytest.mark.parametrize(
    ("status", "understood", "state"),
    [
        ("4.4.1", "delayed", MessageStatus.SENT),  # the other server tries again
        ("5.2.2", "bounced", MessageStatus.DEAD),  # a full mailbox is emptied some day
        ("5.7.1", "bounced", MessageStatus.DEAD),  # taken for spam: says nothing of the address
    ],
)
def test_an_address_stays_open_where_the_next_mail_may_arrive(
    database: Database, clinic: SmallClinic, status: str, understood: str, state: MessageStatus
) -> None:
    about = sent(database, clinic)
    assert come(database, bounce(MARTA, about, status)) == understood
    with database.read() as session:
        assert stopped(session, Channel.EMAIL, MARTA) is None
        assert session.scalars(select(Message.status).where(Message.message_id == about)).one() is state


@ON_SQLITE
def test_a_report_without_a_number_counts_for_an_address_just_written_to(
    database: Database, clinic: SmallClinic
) -> None:
    sent(database, clinic)
    with database.write() as session:
        late = take_mail(session, NOW + timedelta(days=30), sort_mail(bounce(MARTA, number="late")))
        assert late == "bounced"
        assert stopped(session, Channel.EMAIL, MARTA) is None
    come(database, bounce(MARTA.upper()))
    with database.read() as session:
        assert stopped(session, Channel.EMAIL, MARTA) is not None


@ON_SQLITE
def test_a_report_about_a_mail_that_we_never_wrote_closes_no_address(
    database: Database, clinic: SmallClinic
) -> None:
    sent(database, clinic)
    come(database, bounce(MARTA, "<made-up@mail.example>"))
    come(database, bounce("nobody@example.org", number="two"))
    come(database, bounce(MARTA, action="delivered", status="5.1.1", number="three"))
    with database.read() as session:
        assert stopped(session, Channel.EMAIL, MARTA) is None
        assert stopped(session, Channel.EMAIL, "nobody@example.org") is None


def test_a_report_that_brings_our_own_invitation_along_is_no_answer() -> None:
    inner = answer("gmail", Said("uid@sixfold")).decode()
    report = (
        bounce(MARTA)
        .decode()
        .replace(
            "Content-Type: text/rfc822-headers\r\n\r\n", f"Content-Type: message/rfc822\r\n\r\n{inner}\r\n"
        )
    )
    found = sort_mail(report.encode())
    assert found.answer is None
    assert found.bounce is not None
    assert found.bounce.about == {"<gmail-one@mail.example>"}
    forwarded = (
        "From: a@x.example\r\nMessage-ID: <f@x.example>\r\nContent-Type: multipart/mixed; boundary=F\r\n\r\n"
        f"--F\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--F--\r\n"
    )
    assert sort_mail(forwarded.encode()).answer is None


@pytest.mark.parametrize("header", [
    "Auto-Submitted: auto-replied", "Precedence: bulk", "X-Autoreply: yes", "Return-Path: <>",
    "Content-Type: multipart/report; report-type=disposition-notification; boundary=x",
])  # fmt: skip
def test_automatic_answers_are_told_from_what_people_write(header: str) -> None:
    mail = "From: a@x.example\r\nMessage-ID: <a@x.example>\r\n{}\r\n\r\nhello".format
    assert sort_mail(mail(header).encode()).is_automatic
    assert sort_mail(mail("Auto-Submitted: no").encode()) == SortedMail(
        "<a@x.example>", "a@x.example", text="hello"
    )
