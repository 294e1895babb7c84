"""The text and the calendar say the same time, also in the weeks in which the clocks change."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import pytest
import vobject

from scheduler.actor import WORKER
from scheduler.db import Database
from scheduler.features.outbox.actions import enqueue
from scheduler.features.outbox.contact.actions import choose
from scheduler.models import Channel, Purpose, Site, Topic
from scheduler.worker.deliver import deliver_due
from tests.support.booked import make_course
from tests.support.clinic import SmallClinic
from tests.support.post import Clock, Recorder, post

SAID = re.compile(r"appointment (\w{3} \d{1,2} \w{3}, \d\d:\d\d \w+)")


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What is said is the same on both databases."""
    return sqlite


@pytest.mark.parametrize(
    ("tz", "change", "zones"),
    [
        ("America/New_York", datetime(2026, 11, 1), ("EDT", "EST")),  # noqa: DTZ001 - a local day
        ("America/New_York", datetime(2027, 3, 14), ("EST", "EDT")),  # noqa: DTZ001
        ("Europe/Berlin", datetime(2026, 10, 25), ("CEST", "CET")),  # noqa: DTZ001
        ("Europe/Berlin", datetime(2027, 3, 28), ("CET", "CEST")),  # noqa: DTZ001
    ],
)
def test_the_text_and_the_calendar_say_the_same_time(
    database: Database, clinic: SmallClinic, tz: str, change: datetime, zones: tuple[str, str]
) -> None:
    days = [change + timedelta(days=each, hours=9, minutes=30) for each in (-2, -1, 0, 1)]
    at = (change - timedelta(days=10)).replace(hour=15, tzinfo=UTC)
    with database.write() as session:
        session.get_one(Site, clinic.site.id).tz = tz
        for topic in (Topic.SMS, Topic.MORE_TEXTS):
            choose(session, WORKER, at, clinic.patient.id, topic, True, "desk")
        _, visits = make_course(session, clinic, [day.replace(tzinfo=ZoneInfo(tz)) for day in days])
        for visit in visits:
            for purpose, channel in ((Purpose.REMINDER, Channel.SMS), (Purpose.INVITATION, Channel.EMAIL)):
                enqueue(
                    session, at, purpose=purpose, patient_id=clinic.patient.id, language="en",
                    dedupe_key=f"{purpose.value}:{visit.id}", facts={}, infusion_id=visit.id,
                    schedule_version=1, channel=channel,
                )  # fmt: skip
    texts, entries = sent(database, at)
    local = [entry.astimezone(ZoneInfo(tz)) for entry in entries]
    told = [f"{start:%a} {start.day} {start:%b}, {start:%H:%M} {start:%Z}" for start in sorted(local)]
    assert texts == told
    before, after = zones
    clocks = [text.partition(", ")[2] for text in texts]
    assert clocks == [f"09:30 {before}"] * 2 + [f"09:30 {after}"] * 2


def sent(database: Database, at: datetime) -> tuple[list[str], list[datetime]]:
    """The moments in the texts, and the starts of the entries as another program reads them."""
    out = Recorder()
    deliver_due(post(database, out, Clock(at)))
    texts, entries = [], []
    for ready in out.sent:
        if ready.channel is Channel.SMS:
            texts += SAID.findall(ready.body.decode())
            continue
        parts = message_from_bytes(ready.body, policy=policy.SMTP).walk()
        [part] = [part for part in parts if part.get_content_type() == "text/calendar"]
        entries.append(vobject.readOne(part.get_payload(decode=True).decode()).vevent.dtstart.value)
    return texts, entries
