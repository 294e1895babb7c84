"""The message pages: what each role sees, what the list narrows to, and sending again by hand."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler import clock
from scheduler.actor import COMMAND
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.outbox.actions import enqueue
from scheduler.features.outbox.actions.receipt import Receipt, take_receipt
from scheduler.models import AuditEvent, Channel, Infusion, Message, MessageStatus, Purpose, WorkerTick
from scheduler.worker.deliver import deliver_due
from tests.support.booked import confirm, make_course
from tests.support.clinic import NOW, SmallClinic, make_patient
from tests.support.post import Clock, Recorder, post
from tests.support.sign_in import cheap_app, csrf_token, sign_in


@pytest.fixture(autouse=True)
def daytime(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages go out now: at night they would wait."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def client(config: Config, database: Database, clinic: SmallClinic) -> FlaskClient:
    return cheap_app(config, database).test_client()


@pytest.fixture
def message(database: Database, clinic: SmallClinic) -> int:
    """A confirmation that was sent."""
    now = clock.now()
    with database.write() as session:
        course, visits = make_course(session, clinic, [now + timedelta(days=8)], booked_at=now)
        written = confirm(session, course, visits, now)
    deliver_due(post(database, Recorder(), Clock(now)))
    return written.id


def settle(database: Database, message: int, status: MessageStatus, reason: str = "No such mailbox.") -> None:
    with database.write() as session:
        row = session.get_one(Message, message)
        row.status, row.reason = status, reason


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return answer.text


@pytest.mark.parametrize("role", ["front_desk", "nurse", "clinician"])
def test_who_looks_after_patients_reads_what_a_message_says(
    client: FlaskClient, database: Database, clinic: SmallClinic, message: int, role: str
) -> None:
    sign_in(client, database, clinic.users[role])
    assert "Marta Lindqvist" in page(client, "/messages")
    shown = page(client, f"/messages/{message}")
    assert "Your appointment on" in shown
    assert "12 Harbor Street" in shown
    assert "marta1@example.org" in shown


def test_an_administrator_sees_that_it_went_out_but_neither_name_nor_words(
    client: FlaskClient, database: Database, clinic: SmallClinic, message: int
) -> None:
    sign_in(client, database, clinic.users["administrator"])
    shown = [page(client, path) for path in ("/messages", f"/messages/{message}", "/messages/planned")]
    for text in shown:
        assert "Marta" not in text and "Lindqvist" not in text and "marta1@" not in text
        assert "Harbor Street" not in text
    assert "RV-00001" in shown[0] and "Sent" in shown[0]
    assert client.get("/messages?patient=Marta").text.count("RV-00001") == 1, "a name finds nothing out"
    settle(
        database,
        message,
        MessageStatus.DEAD,
        "No mailbox: <marta1@example.org> user unknown, +1 212 555 0123.",
    )
    for path in ("/messages", f"/messages/{message}", "/messages/export.csv"):
        text = page(client, path)
        assert "user unknown" in text and "marta1@" not in text and "555 0123" not in text
        assert "Lindqvist" not in text
    again = client.post(f"/messages/{message}/resend", data={"csrf_token": csrf_token(client)})
    assert again.status_code == 303, "to send again shows nobody anything"


def test_a_visitor_is_sent_to_sign_in(client: FlaskClient, message: int) -> None:
    for path in ("/messages", f"/messages/{message}", "/messages/planned"):
        assert client.get(path).status_code == 303


def test_the_list_narrows_to_state_purpose_day_and_patient(
    client: FlaskClient, database: Database, clinic: SmallClinic, message: int
) -> None:
    now = clock.now()
    with database.write() as session:
        other = make_patient(session, clinic.site, 2, given_name="Ines", family_name="O_Hara%")
        _, (visit,) = make_course(session, clinic, [now + timedelta(days=1)], patient=other, chair=1)
        enqueue(
            session,
            now,
            purpose=Purpose.REMINDER,
            patient_id=other.id,
            language="en",
            dedupe_key="one",
            facts={"days_before": 1},
            infusion_id=visit.id,
            schedule_version=1,
        )
    sign_in(client, database, clinic.users["front_desk"])

    def names(query: str) -> tuple[bool, bool]:
        text = page(client, f"/messages?{query}")
        return "Marta Lindqvist" in text, "O_Hara%" in text

    assert names("") == (True, True)
    assert names("state=sent") == (True, False)
    assert names("state=waiting") == (False, True)
    assert names("state=attention") == (False, False)
    assert names("purpose=reminder") == (False, True)
    assert names("patient=lind") == (True, False)
    assert names("patient=marta+lind") == (True, False)
    assert names("patient=RV-00002") == (False, True)
    assert names("patient=%25") == (False, False), "a wildcard is a letter like any other"
    assert names("patient=O_H") == (False, True)
    assert names("day=2020-01-01") == (False, False)
    assert names("day=tomorrow") == (True, True)
    assert "Write the day as" in page(client, "/messages?day=tomorrow")
    assert names("state=nonsense&purpose=nonsense&page=nonsense") == (True, True)
    assert "There is no such page" in page(client, "/messages?page=9")


@pytest.mark.parametrize(
    "query",
    ["page=99999999999999", "page=-1", "page=²", "patient=%00%0d", "day=0001-01-01", "day=9999-12-31"],
)
def test_no_query_breaks_the_list(
    client: FlaskClient, database: Database, clinic: SmallClinic, message: int, query: str
) -> None:
    sign_in(client, database, clinic.users["front_desk"])
    assert client.get(f"/messages?{query}").status_code in {200, 400, 422}


def test_a_dead_message_is_sent_again_by_hand_and_that_is_on_record(
    client: FlaskClient, database: Database, clinic: SmallClinic, message: int
) -> None:
    settle(database, message, MessageStatus.DEAD)
    sign_in(client, database, clinic.users["front_desk"])
    shown = page(client, f"/messages/{message}")
    assert "No such mailbox." in shown and "Send again" in shown
    answer = client.post(f"/messages/{message}/resend", data={"csrf_token": csrf_token(client)})
    assert answer.status_code == 303
    with database.read() as session:
        row = session.get_one(Message, message)
        assert (row.status, row.attempts, row.reason, row.body) == (MessageStatus.QUEUED, 0, None, None)
        assert (
            session.scalars(select(AuditEvent).where(AuditEvent.action == "message.resent")).one().entity_id
            == message
        )
    door = Recorder()
    deliver_due(post(database, door, Clock(clock.now())))
    assert [ready.message_id for ready in door.sent] == [row.message_id]
    assert "Send again" not in page(client, f"/messages/{message}")


def test_a_sent_message_cannot_be_sent_again(
    client: FlaskClient, database: Database, clinic: SmallClinic, message: int
) -> None:
    sign_in(client, database, clinic.users["front_desk"])
    answer = client.post(f"/messages/{message}/resend", data={"csrf_token": csrf_token(client)})
    assert answer.status_code == 409
    assert client.post("/messages/999/resend", data={"csrf_token": csrf_token(client)}).status_code == 404


def test_an_expired_reminder_of_a_visit_that_has_begun_stays_as_it_is(
    client: FlaskClient, database: Database, clinic: SmallClinic
) -> None:
    now = clock.now()
    with database.write() as session:
        _, (visit,) = make_course(session, clinic, [now + timedelta(days=1)], booked_at=now)
        row = enqueue(
            session, now, purpose=Purpose.REMINDER, patient_id=clinic.patient.id, language="en",
            dedupe_key="one", facts={"days_before": 1}, infusion_id=visit.id, schedule_version=1,
        )  # fmt: skip
    settle(database, row.id, MessageStatus.EXPIRED, "Too late.")
    sign_in(client, database, clinic.users["front_desk"])
    assert "Send again" in page(client, f"/messages/{row.id}")
    with database.write() as session:
        session.get_one(Infusion, visit.id).starts_at = now - timedelta(minutes=1)
    assert "Send again" not in page(client, f"/messages/{row.id}")
    answer = client.post(f"/messages/{row.id}/resend", data={"csrf_token": csrf_token(client)})
    assert answer.status_code == 422


def test_a_message_that_is_not_there_is_not_found(
    client: FlaskClient, database: Database, clinic: SmallClinic
) -> None:
    sign_in(client, database, clinic.users["front_desk"])
    page(client, "/messages/4711", 404)


def test_without_messages_the_list_says_what_to_do(
    client: FlaskClient, database: Database, clinic: SmallClinic
) -> None:
    sign_in(client, database, clinic.users["front_desk"])
    assert "No message was written yet" in page(client, "/messages")
    assert "Nothing needs a person" in page(client, "/messages?state=attention")
    assert "No reminder is due" in page(client, "/messages/planned")


def test_what_is_planned_is_listed_with_its_time(
    client: FlaskClient, database: Database, clinic: SmallClinic, message: int
) -> None:
    sign_in(client, database, clinic.users["front_desk"])
    shown = page(client, "/messages/planned")
    assert "Reminder, 3 days before" in shown and "planned for" in shown
    with database.read() as session:
        assert len(session.scalars(select(Message)).all()) == 1


def test_reading_messages_is_on_record(
    client: FlaskClient, database: Database, clinic: SmallClinic, message: int
) -> None:
    sign_in(client, database, clinic.users["front_desk"])
    for path in ("/messages", f"/messages/{message}", "/messages/planned"):
        page(client, path)
    with database.read() as session:
        actions = set(session.scalars(select(AuditEvent.action)))
    assert {"messages.read", "message.read", "reminders.read"} <= actions


def test_health_is_told_without_signing_in(
    client: FlaskClient, database: Database, clinic: SmallClinic
) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (
        503,
        {"database": "ok", "worker": "never ran", "worker_tick_age_s": None, "outbox": "ok"},
    )
    now = clock.now()
    with database.write() as session:
        session.add(WorkerTick(worker="w", started_at=now, last_tick_at=now - timedelta(seconds=30)))
    answer = client.get("/healthz")
    told = dict(answer.json or {})
    assert 30 <= told.pop("worker_tick_age_s") < 60
    assert (answer.status_code, told) == (200, {"database": "ok", "worker": "ok", "outbox": "ok"})


def test_a_text_shows_its_words_its_length_and_its_receipt(
    client: FlaskClient, database: Database, clinic: SmallClinic
) -> None:
    now = clock.now()
    with database.write() as session:
        row = enqueue(
            session, now, purpose=Purpose.ANSWER, patient_id=clinic.patient.id, language="en",
            dedupe_key="one", facts={"answer": "help", "to": "+12125550123"}, channel=Channel.SMS,
        )  # fmt: skip
    deliver_due(post(database, Recorder(), Clock(now)))
    with database.write() as session:
        take_receipt(session, COMMAND, now, Receipt("SM7", row.id, "delivered", ""))
    sign_in(client, database, clinic.users["front_desk"])
    page = client.get(f"/messages/{row.id}").text
    for told in ("For help call +1 212-555-0100", "It reached the phone", "1 text", "SM7", "+12125550123"):
        assert told in page
    assert "It reached the phone" in client.get(f"/patients/{clinic.patient.id}").text


def test_nobody_on_the_staff_reads_the_key_of_a_patients_link(
    client: FlaskClient, database: Database, clinic: SmallClinic, message: int
) -> None:
    with database.write() as session:
        row = session.get_one(Message, message)
        assert row.body is not None
        row.body = row.body.replace(
            b"Hello", b"https://book.example/v/" + b"k" * 43 + b" https://book.example/c/" + b"k" * 43
        )
    sign_in(client, database, clinic.users["clinician"])
    page = client.get(f"/messages/{message}").text
    assert "https://book.example/v/…" in page and "https://book.example/c/…" in page
    assert "kkkk" not in page
