"""When patients are reminded and what they read is the clinic's own, within what a stranger may see."""

import re
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from scheduler.db import Database
from scheduler.features.reminders.rules.kinds import PURPOSES, Kind, shipped
from scheduler.features.reminders.rules.queries import sites_in_use
from scheduler.features.reminders.rules.wording import judge
from scheduler.models import AuditEvent, Channel, Message, MessageTemplate, Purpose, ReminderRule
from scheduler.rendering.language import codes
from scheduler.worker.deliver import deliver_due
from tests.features.conftest import SignedIn
from tests.support.clinic import NOW, SmallClinic
from tests.support.post import Clock, Recorder, post
from tests.support.sign_in import csrf_token

MAIL = "/settings/messages/words/reminder/email/en"
TEXT = "/settings/messages/words/reminder/sms/en"
GOOD = {"subject": "See you on {date}", "body": "Dear friend,\n\nthis is about {time}."}
BASE = "http://127.0.0.1:8000"


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The words are the same on both databases."""
    return sqlite


def send(as_role: SignedIn, path: str, do: str, version: int = 0, **form: str) -> tuple[int, str]:
    client = as_role("administrator")
    answer = client.post(
        path, data={"do": do, "version": str(version), "csrf_token": csrf_token(client), **form}
    )
    return answer.status_code, answer.text


def saved(database: Database) -> list[tuple[str | None, str, int]]:
    with database.read() as session:
        rows = session.scalars(select(MessageTemplate).order_by(MessageTemplate.id))
        return [(row.subject, row.body, row.version) for row in rows]


def test_a_reminder_is_added_switched_and_removed_and_each_step_is_on_record(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    protocol = str(clinic.protocol_version.protocol_id)
    form = {"days": "7", "channel": "sms", "protocol": protocol}
    assert send(as_role, "/settings/messages/rules", "", **form)[0] == 303
    with database.read() as session:
        rule = session.scalars(select(ReminderRule).where(ReminderRule.days_before == 7)).one()
        assert (rule.protocol_id, rule.channel, rule.active, rule.since) == (
            clinic.protocol_version.protocol_id, Channel.SMS, True, NOW,
        )  # fmt: skip
    page = as_role("administrator").get("/settings/messages").text
    assert "its own reminders; those for all do not count here" in page
    for do in ("off", "on", "remove"):
        assert send(as_role, f"/settings/messages/rules/{rule.id}", do)[0] == 303
    with database.read() as session:
        assert session.get(ReminderRule, rule.id) is None
        said = session.scalars(select(AuditEvent.action).where(AuditEvent.entity == "reminder_rule"))
        assert [one.partition(".")[2] for one in said] == ["added", "switched_off", "switched_on", "removed"]


@pytest.mark.parametrize(
    "form", [{"days": "31"}, {"days": "-1"}, {"days": "3"}, {"days": "2", "channel": "fax"}]
)
def test_a_reminder_that_can_not_be_is_refused(
    as_role: SignedIn, database: Database, form: dict[str, str]
) -> None:
    assert send(as_role, "/settings/messages/rules", "", **{"channel": "email", **form})[0] == 303
    with database.read() as session:
        assert len(session.scalars(select(ReminderRule)).all()) == 2


@pytest.mark.parametrize("code", codes())
def test_the_words_that_ship_could_all_be_saved(database: Database, clinic: SmallClinic, code: str) -> None:
    with database.read() as session:
        sites = sites_in_use(session)
        for purpose, (_, channels) in PURPOSES.items():
            for channel in channels:
                kind = Kind(purpose, channel, code)
                assert judge(kind, shipped(kind), sites, NOW, BASE) == {}, kind


@pytest.mark.parametrize(
    ("path", "form", "sentence"),
    [
        (MAIL, {**GOOD, "subject": "Your infusion"}, "“infusion” tells what patients come for"),
        (MAIL, {**GOOD, "body": "Arrange an escort"}, "“escort” tells what patients come for"),
        (MAIL.replace("/en", "/es"), {**GOOD, "body": "Su tratamiento"}, "“tratamiento” tells"),
        (MAIL, {**GOOD, "body": "Dear {name}"}, "{name} can&#39;t be filled in"),
        (MAIL, {**GOOD, "subject": ""}, "Write what the patient reads"),
        (TEXT, {"body": "{clinic} {date} {time}"}, "A text message needs {phone} too"),
        (TEXT, {"body": "{clinic} {date} {time} {phone} " + "x" * 120}, "too many"),
        (
            TEXT,
            {"body": "{clinic} {date} {time} {phone} 文"},
            "Leave out 文: with it a text holds 70 characters",
        ),
    ],
)
def test_words_that_tell_too_much_or_do_not_fit_are_refused_and_kept_in_the_form(
    as_role: SignedIn, database: Database, path: str, form: dict[str, str], sentence: str
) -> None:
    status, text = send(as_role, path, "save", **form)
    assert status == 422
    assert sentence in text
    assert form["body"] in text
    assert saved(database) == []


def test_own_words_are_saved_shown_and_taken_back_with_their_history(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    assert send(as_role, MAIL, "save", **GOOD)[0] == 303
    assert saved(database) == [(GOOD["subject"], GOOD["body"], 1)]
    assert "The clinic&#39;s own" in as_role("administrator").get("/settings/messages").text
    page = as_role("administrator").get(MAIL).text
    assert "See you on Thursday 5 November 2026" in page
    assert "Riverside Clinic, 12 Harbor Street" in page, "date and place stand below the words"
    assert send(as_role, MAIL, "reset", 1)[0] == 303
    assert saved(database) == []
    page = as_role("administrator").get(MAIL).text
    assert re.findall("Went back to Sixfold’s own words|See you on {date}", page) == [
        "Went back to Sixfold’s own words",
        "See you on {date}",
    ]


def test_of_two_who_write_the_second_sees_both_and_loses_nothing(
    as_role: SignedIn, database: Database
) -> None:
    send(as_role, MAIL, "save", **GOOD)
    mine = {"subject": "Mine {date}", "body": "Mine too"}
    status, text = send(as_role, MAIL, "save", 0, **mine)
    assert status == 409
    assert "Administrator saved this" in text
    assert "See you on {date}" in text and "Mine {date}" in text
    assert 'name="version" value="1"' in text
    assert send(as_role, MAIL, "save", 1, **mine)[0] == 303
    assert saved(database) == [("Mine {date}", "Mine too", 2)]


def test_words_for_one_protocol_stand_beside_those_for_all(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    send(as_role, f"{MAIL}?protocol={clinic.protocol_version.protocol_id}", "save", **GOOD)
    with database.read() as session:
        row = session.scalars(select(MessageTemplate)).one()
        assert row.protocol_id == clinic.protocol_version.protocol_id
    assert "Words for single protocols" in as_role("administrator").get("/settings/messages").text


def test_the_preview_follows_while_somebody_writes(as_role: SignedIn, clinic: SmallClinic) -> None:
    client = as_role("administrator")
    form = {
        "do": "preview",
        "version": "0",
        "body": "{clinic}: {date}, {time}. {phone}",
        "csrf_token": csrf_token(client),
    }
    answer = client.post(TEXT, data=form, headers={"HX-Request": "true"})
    assert answer.text.lstrip().startswith("<section")
    assert "Riverside Clinic: " in answer.text
    assert re.search(r"\d+ characters of 160: one text message", answer.text)


def test_a_test_comes_to_whoever_asks_and_saves_nothing(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    assert send(as_role, MAIL, "test", **GOOD)[0] == 200
    door = Recorder()
    deliver_due(post(database, door, Clock(NOW)))
    with database.read() as session:
        message = session.scalars(select(Message)).one()
        assert (message.purpose, message.patient_id, message.recipient) == (
            Purpose.TEST, None, clinic.users["administrator"].email,
        )  # fmt: skip
        mail = message_from_bytes(message.body or b"", policy=policy.SMTP)
    assert mail["Subject"] == "See you on Thursday 5 November 2026"
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().splitlines().count(clinic.site.discreet_name) == 1
    assert len(door.sent) == 1
    assert saved(database) == []
