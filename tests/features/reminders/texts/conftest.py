"""A small clinic whose patients have agreed to texts, and the gateway's calls."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.actor import COMMAND
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.outbox.actions import enqueue
from scheduler.features.outbox.contact.actions import choose
from scheduler.features.reminders.texts.signature import signature
from scheduler.models import Channel, Infusion, Message, Patient, Purpose, Topic
from scheduler.worker.deliver import deliver_due
from tests.support.clinic import NOW, SmallClinic, small_clinic
from tests.support.post import Clock, Recorder, post
from tests.support.sign_in import cheap_app

URL = "https://AC0123:a-token@gateway.example.org/2010-04-01?from=%2B15550100100"
BASE = "https://book.example.org"
Call = Callable[..., int]


@pytest.fixture
def clinic(database: Database) -> SmallClinic:
    """The small clinic, in the test's database."""
    with database.write() as session:
        return small_clinic(session)


@pytest.fixture
def client(config: Config, database: Database) -> Iterator[FlaskClient]:
    """The application as the gateway reaches it, on the Monday of the clinic."""
    with time_machine.travel(NOW, tick=False):
        app = cheap_app(replace(config, base_url=BASE, sms_url=URL), database)
        yield app.test_client()


@pytest.fixture
def say(client: FlaskClient) -> Call:
    """Sends a text in, signed; gives the status. A number of its own for each unless `sid` says otherwise."""
    count = iter(range(1, 1000))

    def call(body: str, sender: str = "+12125550123", sid: str = "", **more: str) -> int:
        form = {"MessageSid": sid or f"SM{next(count)}", "From": sender, "Body": body, **more}
        proof = signature("a-token", f"{BASE}/hooks/sms", form.items())
        return client.post(
            "/hooks/sms", data=form, base_url=BASE, headers={"X-Twilio-Signature": proof}
        ).status_code

    return call


def agree(database: Database, patient: Patient) -> None:
    """The patient takes texts, as many as there are."""
    with database.write() as session:
        for topic in (Topic.SMS, Topic.MORE_TEXTS):
            choose(session, COMMAND, NOW, patient.id, topic, True, "desk", "asked")


def remind(database: Database, visit: Infusion, days: int = 3) -> Message:
    """Send a reminder of the visit by text."""
    with database.write() as session:
        message = enqueue(
            session,
            NOW,
            purpose=Purpose.REMINDER,
            patient_id=visit.patient_id,
            language="en",
            dedupe_key=f"reminder:infusion:{visit.id}:v{visit.schedule_version}:{days}d:sms",
            facts={"days_before": days},
            infusion_id=visit.id,
            schedule_version=visit.schedule_version,
            channel=Channel.SMS,
        )
    deliver(database)
    return message


def deliver(database: Database, at: datetime = NOW) -> list[tuple[str, str]]:
    """Send what waits; the number and the words of each text."""
    door = Recorder()
    deliver_due(post(database, door, Clock(at)))
    return [(ready.recipient, ready.body.decode()) for ready in door.sent if ready.channel is Channel.SMS]


def waiting(database: Database) -> list[Message]:
    """The answers that were written."""
    with database.read() as session:
        return list(
            session.scalars(select(Message).where(Message.purpose == Purpose.ANSWER).order_by(Message.id))
        )
