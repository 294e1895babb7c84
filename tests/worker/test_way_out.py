"""A patient presses the button of their mail program: no more reminders by mail, and all else still comes."""

from datetime import datetime
from email import message_from_bytes, policy
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.outbox.actions import enqueue
from scheduler.features.reminders.actions import write_reminders
from scheduler.features.reminders.queries import due_reminders
from scheduler.models import ContactChoice, Infusion, InfusionStatus, Purpose, StaffTask
from scheduler.worker.deliver import deliver_due
from tests.support.booked import confirm, make_course, wall
from tests.support.clinic import NOW, SmallClinic
from tests.support.post import BASE, Clock, post, smtp
from tests.support.sign_in import cheap_app
from tests.support.smtp_server import smtp_server

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def remind(database: Database, at: datetime) -> int:
    with database.write() as session:
        return write_reminders(session, at, due_reminders(session, at))


def test_the_button_in_a_mail_program_stops_reminders_and_nothing_else(
    database: Database, clinic: SmallClinic, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write() as session:
        course, visits = make_course(session, clinic, [wall(clinic, "2026-11-10 09:30")])
        confirm(session, course, visits)
    times = Clock(NOW)
    monkeypatch.setattr(clock, "now", times.now)
    with smtp_server() as server:
        means = post(database, smtp(server.url), times)
        deliver_due(means)
        times.at = wall(clinic, "2026-11-07 09:30")
        remind(database, times.at)
        deliver_due(means)
        booked, reminded = (message_from_bytes(taken, policy=policy.SMTP) for taken in server.taken)
        assert booked["List-Unsubscribe"] is None
        assert reminded["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        address = reminded["List-Unsubscribe"].strip("<>")
        assert address.startswith(f"{BASE}/u/")

        client = cheap_app(config, database).test_client()
        answers = [client.post(urlsplit(address).path, data=ONE_CLICK) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert all("Set-Cookie" not in answer.headers for answer in answers)
        assert clinic.patient.family_name not in answers[0].text
        with database.read() as session:
            (row,) = session.scalars(select(ContactChoice)).all()
            assert (row.topic, row.allowed, row.source, row.at) == ("reminders", False, "patient", times.at)

        times.at = wall(clinic, "2026-11-09 09:30")
        assert remind(database, times.at) == 1, "a task to call, and no mail"
        with database.write() as session:
            task = session.scalars(select(StaffTask)).one()
            assert str(task.facts["why"]).startswith(
                "Needs a call. The patient wants no reminders by e-mail."
            )
            visit = session.scalars(select(Infusion)).one()
            visit.status = InfusionStatus.CANCELLED
            enqueue(
                session, times.at, purpose=Purpose.VISIT_CANCELLED, patient_id=1, language="en",
                dedupe_key="off", facts={"was": visit.starts_at.isoformat()}, infusion_id=visit.id,
                schedule_version=1,
            )  # fmt: skip
        deliver_due(means)
        last = message_from_bytes(server.taken[-1], policy=policy.SMTP)
        assert len(server.taken) == 3 and last["Subject"].startswith("Cancelled")
        assert last["List-Unsubscribe"] is None
        means.transport.close()
