"""The gateway's calls are believed by their signature alone."""

from dataclasses import replace

from flask.testing import FlaskClient
from sqlalchemy import func, select

from scheduler.db import Database
from scheduler.features.outbox.actions import enqueue
from scheduler.features.reminders.texts.signature import signature
from scheduler.models import (
    AuditEvent,
    Channel,
    InboundMessage,
    Message,
    MessageStatus,
    Purpose,
    StaffTask,
    StoppedAddress,
    TaskKind,
)
from tests.features.reminders.texts.conftest import BASE, Call
from tests.support.clinic import NOW, SmallClinic

FORM = {"MessageSid": "SM1", "From": "+12125550123", "Body": "C"}


def post(
    client: FlaskClient, path: str, form: dict[str, str], proof: str | None = None, base: str = BASE
) -> int:
    proof = signature("a-token", f"{BASE}{path}", form.items()) if proof is None else proof
    return client.post(path, data=form, base_url=base, headers={"X-Twilio-Signature": proof}).status_code


def test_the_signature_is_the_one_that_twilio_documents() -> None:
    """The example of the gateway's own documentation."""
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+12349013030",
        "Digits": "1234",
        "From": "+12349013030",
        "To": "+18005551212",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert signature("12345", url, form.items()) == "0/KCTR6DLpKmkAf8muzZqo1nDgQ="


WRONG = (
    "",
    "é",
    signature("another-token", f"{BASE}/hooks/sms", FORM.items()),
    signature("a-token", f"{BASE}/hooks/sms", {**FORM, "Body": "STOP"}.items()),
    signature("a-token", "https://elsewhere.example/hooks/sms", FORM.items()),
    signature("a-token", f"{BASE}/hooks/sms/status", FORM.items()),
)


def test_a_wrong_signature_is_refused_and_changes_nothing(
    client: FlaskClient, database: Database, clinic: SmallClinic
) -> None:
    assert [post(client, "/hooks/sms", FORM, proof) for proof in WRONG] == [403] * len(WRONG)
    with database.read() as session:
        assert session.scalar(select(func.count(InboundMessage.id))) == 0


def test_a_right_one_needs_no_form_token_and_leaves_an_audit_row(
    client: FlaskClient, database: Database, clinic: SmallClinic
) -> None:
    assert post(client, "/hooks/sms", FORM) == 200
    with database.read() as session:
        (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "text.received"))
    assert (event.actor, event.detail) == ("patient, by text", {"word": "confirm"})


def test_what_is_no_text_is_refused(client: FlaskClient, database: Database, clinic: SmallClinic) -> None:
    forms: tuple[dict[str, str], ...] = (
        {},
        {"MessageSid": "SM1"},
        {**FORM, "From": "a b"},
        {**FORM, "From": ""},
    )
    assert [post(client, "/hooks/sms", form) for form in forms] == [422] * len(forms)
    assert [post(client, "/hooks/sms/status", form) for form in forms] == [422] * len(forms)


def test_a_receipt_finds_its_text_by_our_number_and_then_by_the_gateways(
    client: FlaskClient, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        row = enqueue(
            session, NOW, purpose=Purpose.ANSWER, patient_id=clinic.patient.id, language="en",
            dedupe_key="one", facts={"answer": "help", "to": "+12125550123"}, channel=Channel.SMS,
        )  # fmt: skip
        row.status, row.rendered_at = MessageStatus.UNKNOWN, NOW
    path = f"/hooks/sms/status?message={row.id}"
    assert post(client, path, {"MessageSid": "SM7", "MessageStatus": "sent"}) == 204
    assert post(client, "/hooks/sms/status", {"MessageSid": "SM7", "MessageStatus": "delivered"}) == 204
    assert post(client, "/hooks/sms/status", {"MessageSid": "SM8", "MessageStatus": "failed"}) == 204
    with database.read() as session:
        found = session.get_one(Message, row.id)
    assert (found.status, found.receipt, found.provider_id) == (MessageStatus.SENT, "delivered", "SM7")


def test_a_receipt_that_says_the_network_was_told_to_stop_ends_texts_until_start_comes(
    client: FlaskClient, database: Database, clinic: SmallClinic, say: Call
) -> None:
    number = clinic.patient.phone or ""
    with database.write() as session:
        row = enqueue(
            session, NOW, purpose=Purpose.ANSWER, patient_id=clinic.patient.id, language="en",
            dedupe_key="one", facts={"answer": "help", "to": number}, channel=Channel.SMS,
        )  # fmt: skip
        row.status, row.provider_id, row.recipient = MessageStatus.SENT, "SM7", number
    report = {"MessageSid": "SM7", "MessageStatus": "undelivered", "ErrorCode": "21610"}
    assert [post(client, "/hooks/sms/status", report) for _ in range(2)] == [204, 204]
    with database.read() as session:
        assert session.get_one(StoppedAddress, (Channel.SMS, number)).reason == "carrier"
        assert session.scalars(select(StaffTask.kind)).all() == [TaskKind.TEXTS_STOPPED]
    say("START", number)
    with database.read() as session:
        assert session.get(StoppedAddress, (Channel.SMS, number)) is None
        assert session.scalars(select(StaffTask.outcome)).all() == ["START came from the number."]


def test_without_a_gateway_every_call_is_refused(
    client: FlaskClient, database: Database, clinic: SmallClinic
) -> None:
    app = client.application
    app.extensions["sixfold"] = replace(app.extensions["sixfold"], sms_url=None)
    assert post(client, "/hooks/sms", FORM, signature("", f"{BASE}/hooks/sms", FORM.items())) == 403
