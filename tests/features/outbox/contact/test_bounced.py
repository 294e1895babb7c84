"""A mail server that knows no such mailbox says so at once: nothing more is sent there."""

import pytest
from sqlalchemy import select

from scheduler.db import Database
from scheduler.features.outbox.contact.queries import stopped
from scheduler.models import Channel, Message, MessageStatus
from scheduler.worker.deliver import deliver_due
from tests.support.changes import LATER, booked
from tests.support.clinic import SmallClinic
from tests.support.post import Clock, post, smtp
from tests.support.smtp_server import Mood, smtp_server

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@ON_SQLITE
@pytest.mark.parametrize(
    ("mood", "is_stopped"),
    [(Mood.REFUSE_RECIPIENT, True), (Mood.REFUSE_CONTENT, False), (Mood.GREYLIST, False)],
)
def test_only_a_refusal_of_the_address_itself_stops_it(
    database: Database, clinic: SmallClinic, mood: Mood, is_stopped: bool
) -> None:
    booked(database, clinic)
    with smtp_server() as server:
        server.mood = mood
        means = post(database, smtp(server.url), Clock(LATER))
        deliver_due(means)
        means.transport.close()
    with database.read() as session:
        row = stopped(session, Channel.EMAIL, "marta1@example.org")
        assert (row is not None) is is_stopped
        states = session.scalars(select(Message.status).order_by(Message.id)).all()
    if is_stopped:  # what waits for the same address is not even tried
        assert states == [MessageStatus.DEAD, *[MessageStatus.SUPPRESSED] * 6]
