"""Staff see what came in and what was made of it; whom it is about only those who look after patients."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from scheduler.channels.imap import ImapSettings
from scheduler.config import Config
from scheduler.db import Database
from scheduler.models import Channel, InboundMessage, Mailbox
from scheduler.worker.housekeeping import clean
from tests.features.conftest import SignedIn, clients_of, morning_clinic
from tests.support.clinic import NOW, SmallClinic

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def clinic(database: Database, monkeypatch: pytest.MonkeyPatch) -> SmallClinic:
    return morning_clinic(database, monkeypatch)


@pytest.fixture
def as_role(config: Config, database: Database, clinic: SmallClinic) -> SignedIn:
    return clients_of(config, database, clinic)


def came(database: Database, clinic: SmallClinic, understood: str, **more: object) -> None:
    values: dict[str, object] = {
        "channel": Channel.EMAIL, "sender": "marta1@example.org", "received_at": NOW,
        "body": "Abroad that week", "outcome": "marta1@example.org was told.",
        "patient_id": clinic.patient.id,
        **more,
    }  # fmt: skip
    with database.write() as session:
        session.add(InboundMessage(provider_id=f"<{understood}@x>", understood=understood, **values))


@ON_SQLITE
def test_the_desk_reads_who_answered_what_and_an_administrator_the_record_number_alone(
    database: Database, clinic: SmallClinic, as_role: SignedIn
) -> None:
    came(database, clinic, "declined")
    desk = as_role("front_desk").get("/messages/in").text
    for words in ("Declined in the calendar", "Marta Lindqvist", "marta1@example.org", "Abroad that week"):
        assert words in desk
    office = as_role("administrator").get("/messages/in").text
    assert "Declined in the calendar" in office and clinic.patient.record_number in office
    for words in ("Marta", "marta1@", "Abroad"):
        assert words not in office
    assert "Nothing came in yet" in as_role("nurse").get("/messages/in?channel=sms").text


@ON_SQLITE
def test_what_people_wrote_is_forgotten_after_90_days_and_what_was_made_of_it_stays(
    database: Database, clinic: SmallClinic
) -> None:
    came(database, clinic, "mail", received_at=NOW - timedelta(days=91))
    came(database, clinic, "declined", received_at=NOW - timedelta(days=89))
    with database.write() as session:
        clean(session, NOW)
    with database.read() as session:
        rows = session.scalars(select(InboundMessage).order_by(InboundMessage.id)).all()
        assert [(row.understood, row.body) for row in rows] == [
            ("mail", None), ("declined", "Abroad that week"),
        ]  # fmt: skip


@ON_SQLITE
def test_the_settings_say_whether_the_mailbox_is_read_and_why_not(
    database: Database, clinic: SmallClinic, config: Config, as_role: SignedIn
) -> None:
    assert "No mailbox is read" in as_role("administrator").get("/settings/mailbox").text
    url = "imaps://desk:quiet-harbor@mail.example/INBOX"
    app = as_role("administrator")
    app.application.extensions["sixfold"] = config.__class__(**{**vars(config), "imap_url": url})
    assert "was not looked at yet" in app.get("/settings/mailbox").text
    name = ImapSettings.from_url(url).name
    with database.write() as session:
        session.add(Mailbox(name=name, last_uid=7, looked_at=NOW, read_at=NOW))
    came(database, clinic, "accepted")
    page = app.get("/settings/mailbox").text
    assert name in page and "Accepted in the calendar: 1" in page and "quiet-harbor" not in page
    for trouble, said in (
        (None, "not read for a while"),
        ("The mail server refused our log-in.", "refused our"),
    ):
        with database.write() as session:
            box = session.get_one(Mailbox, name)
            box.read_at, box.error = NOW - timedelta(hours=1), trouble
        assert said in app.get("/settings/mailbox").text
