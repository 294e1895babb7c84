"""A text goes out once: what may have gone out is asked about and held, never sent again by itself."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from scheduler.actor import COMMAND, Actor
from scheduler.channels.sms import GatewaySettings, SmsGateway
from scheduler.db import Database
from scheduler.features.outbox.actions import claim_next, enqueue, prepare
from scheduler.features.outbox.actions.receipt import Receipt, take_receipt
from scheduler.features.outbox.contact.actions import choose
from scheduler.models import (
    Channel,
    Infusion,
    Message,
    MessageStatus,
    Purpose,
    StaffTask,
    StoppedAddress,
    TaskKind,
    Topic,
)
from scheduler.rendering.sms import fits
from scheduler.worker.deliver import Post, deliver_due
from scheduler.worker.texts import Asker
from scheduler.worker.transports import Doors, FileTransport, GatewayTransport
from tests.support.booked import make_course, wall
from tests.support.clinic import NOW, SmallClinic, small_clinic
from tests.support.post import BASE, Clock, Recorder, post
from tests.support.sms_gateway import OPTED_OUT, Gateway, sms_gateway

GATEWAY = Actor(None, "text gateway")


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with sms_gateway() as running:
        yield running


@pytest.fixture
def door(gateway: Gateway) -> Iterator[SmsGateway]:
    found = SmsGateway(GatewaySettings.from_url(gateway.url), timeout=1.0)
    yield found
    found.close()


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


def means(database: Database, door: SmsGateway, clock: Clock, worker: str = "worker-1") -> Post:
    return post(database, Doors(Recorder(), GatewayTransport(door, BASE), door), clock, worker)


def agree(database: Database, clinic: SmallClinic, topic: Topic = Topic.SMS) -> None:
    with database.write() as session:
        choose(session, COMMAND, NOW, clinic.patient.id, topic, True, "desk", "asked")


def remind(database: Database, clinic: SmallClinic, starts: str = "2026-11-10 09:30", days: int = 3) -> int:
    """Write a reminder by text of one visit; gives the message."""
    with database.write() as session:
        visit = session.scalars(select(Infusion).order_by(Infusion.id)).first()
        if visit is None:
            _, (visit,) = make_course(session, clinic, [wall(clinic, starts)])
        return enqueue(
            session,
            NOW,
            purpose=Purpose.REMINDER,
            patient_id=clinic.patient.id,
            language="en",
            dedupe_key=f"reminder:infusion:{visit.id}:v1:{days}d:sms",
            facts={"days_before": days},
            infusion_id=visit.id,
            schedule_version=1,
            channel=Channel.SMS,
        ).id


def row(database: Database, message_id: int) -> Message:
    with database.read() as session:
        return session.get_one(Message, message_id)


def test_a_reminder_goes_out_as_one_text_with_its_number_at_the_gateway(
    database: Database, clinic: SmallClinic, gateway: Gateway, door: SmsGateway, clock: Clock
) -> None:
    agree(database, clinic)
    sent = remind(database, clinic)
    assert [deliver_due(means(database, door, clock)), deliver_due(means(database, door, clock))] == [1, 0]
    (taken,) = gateway.taken
    assert taken["Body"].startswith("Riverside Clinic: appointment Tue 10 Nov, 09:30 EST")
    assert fits(taken["Body"]).is_one
    assert (taken["To"], taken["StatusCallback"]) == (
        clinic.patient.phone,
        f"{BASE}/hooks/sms/status?message={sent}",
    )
    found = row(database, sent)
    assert (found.status, found.segments, found.provider_id) == (MessageStatus.SENT, 1, f"SM{1:032d}")


def test_nobody_gets_a_text_who_has_not_agreed(
    database: Database, clinic: SmallClinic, gateway: Gateway, door: SmsGateway, clock: Clock
) -> None:
    held = remind(database, clinic)
    deliver_due(means(database, door, clock))
    found = row(database, held)
    assert (found.status, found.reason, gateway.taken) == (
        MessageStatus.SUPPRESSED,
        "The patient has not agreed to texts.",
        [],
    )


def test_without_a_gateway_texts_become_files(sqlite: Database, tmp_path: Path, clock: Clock) -> None:
    with sqlite.write() as session:
        clinic = small_clinic(session)
    agree(sqlite, clinic)
    remind(sqlite, clinic)
    deliver_due(post(sqlite, FileTransport(tmp_path), clock))
    (written,) = tmp_path.glob("*.txt")
    assert written.read_text().startswith(f"To: {clinic.patient.phone}\n\nRiverside Clinic: appointment ")


def test_a_gateway_that_asks_to_wait_gets_the_text_later_and_once(
    database: Database, clinic: SmallClinic, gateway: Gateway, door: SmsGateway, clock: Clock
) -> None:
    agree(database, clinic)
    sent = remind(database, clinic)
    gateway.moods, gateway.headers = [429], {"Retry-After": "600"}
    deliver_due(means(database, door, clock))
    assert row(database, sent).next_attempt_at == NOW + timedelta(minutes=10)
    clock.move(minutes=10)
    deliver_due(means(database, door, clock))
    assert (row(database, sent).status, len(gateway.taken)) == (MessageStatus.SENT, 1)


@pytest.mark.parametrize("mood", [500, "reset", "hang"])
def test_a_text_that_may_have_gone_out_is_found_at_the_gateway_and_not_sent_again(
    database: Database,
    clinic: SmallClinic,
    gateway: Gateway,
    door: SmsGateway,
    clock: Clock,
    mood: int | str,
) -> None:
    agree(database, clinic)
    sent = remind(database, clinic)
    gateway.moods = [mood]
    worker = means(database, door, clock)
    deliver_due(worker)
    assert row(database, sent).status is MessageStatus.UNKNOWN
    clock.move(minutes=1)
    assert deliver_due(worker) == 0
    assert [Asker(worker, door).look(), Asker(worker, door).look()] == [1, 0]
    found = row(database, sent)
    assert (found.status, found.provider_id, len(gateway.taken)) == (
        MessageStatus.SENT,
        f"SM{1:032d}",
        1,
    )


def test_a_text_that_the_gateway_does_not_list_is_held_for_staff_after_three_looks(
    database: Database, clinic: SmallClinic, gateway: Gateway, door: SmsGateway, clock: Clock
) -> None:
    agree(database, clinic)
    sent = remind(database, clinic)
    gateway.moods = [500]
    worker = means(database, door, clock)
    deliver_due(worker)
    gateway.taken.clear()
    looked = []
    for minutes in (1, 10, 60, 60, 600):
        clock.move(minutes=minutes)
        looked.append(Asker(worker, door).look())
        deliver_due(worker)
    assert looked == [1, 1, 1, 0, 0]
    found = row(database, sent)
    assert (found.status, gateway.taken) == (MessageStatus.UNKNOWN, [])
    assert "asked 3 times" in (found.reason or "")


def test_a_worker_killed_between_call_and_record_leaves_the_text_unknown_and_nobody_sends_it_again(
    database: Database, clinic: SmallClinic, gateway: Gateway, door: SmsGateway, clock: Clock
) -> None:
    agree(database, clinic)
    sent = remind(database, clinic)
    dead, alive = (means(database, door, clock, name) for name in ("dead", "alive"))
    with database.write() as session:
        claim = claim_next(session, clock.at, "dead")
    assert claim is not None
    with database.write() as session:
        ready = prepare(session, clock.at, "dead", claim, BASE)
    assert row(database, sent).status is MessageStatus.SENDING, "committed before the call"
    dead.transport.send(ready)  # type: ignore[arg-type]
    clock.move(minutes=2)
    deliver_due(alive)
    assert row(database, sent).status is MessageStatus.UNKNOWN
    Asker(alive, door).look()
    assert (row(database, sent).status, len(gateway.taken)) == (MessageStatus.SENT, 1)


def test_a_gateway_that_is_down_holds_up_no_mail(
    database: Database, clinic: SmallClinic, gateway: Gateway, door: SmsGateway, clock: Clock
) -> None:
    agree(database, clinic)
    by_text = remind(database, clinic)
    gateway.moods = [401]
    with database.write() as session:
        visit = session.scalars(select(Infusion)).one()
        by_mail = enqueue(
            session, NOW, purpose=Purpose.REMINDER, patient_id=clinic.patient.id, language="en",
            dedupe_key="by mail", facts={"days_before": 3}, infusion_id=visit.id, schedule_version=1,
        ).id  # fmt: skip
    assert deliver_due(means(database, door, clock)) == 2
    assert [row(database, each).status.value for each in (by_text, by_mail)] == ["queued", "sent"]


def test_one_text_a_day_and_three_in_seven_days_unless_the_patient_agreed_to_more(
    database: Database, clinic: SmallClinic, gateway: Gateway, door: SmsGateway, clock: Clock
) -> None:
    agree(database, clinic)
    worker = means(database, door, clock)
    stands = []
    with database.write() as session:
        make_course(session, clinic, [wall(clinic, "2026-11-20 09:30")])
    # Two on Monday, one on each day to Thursday, one on the Monday after: local days of New York.
    for number, day in enumerate((2, 2, 3, 4, 5, 9)):
        clock.at = wall(clinic, f"2026-11-{day:02d} {10 + number}:00")
        sent = remind(database, clinic, days=number)
        deliver_due(worker)
        stands.append(row(database, sent).status.value)
    assert stands == ["sent", "suppressed", "sent", "sent", "suppressed", "sent"]
    assert "Three texts a week" in (row(database, 5).reason or "")
    agree(database, clinic, Topic.MORE_TEXTS)
    more = remind(database, clinic, days=9)
    deliver_due(worker)
    assert row(database, more).status is MessageStatus.SENT


def test_receipts_say_where_a_text_stands_whatever_their_order(
    database: Database, clinic: SmallClinic, gateway: Gateway, door: SmsGateway, clock: Clock
) -> None:
    agree(database, clinic)
    sent = remind(database, clinic)
    gateway.moods = ["reset"]
    deliver_due(means(database, door, clock))

    def receive(status: str, sid: str = "SM1", error: str = "") -> bool:
        with database.write() as session:
            return take_receipt(session, GATEWAY, clock.at, Receipt(sid, sent, status, error))

    assert [receive("sent"), receive("queued"), receive("sent"), receive("sent", "SM2")] == [
        True,
        False,
        False,
        False,
    ]
    assert row(database, sent).status is MessageStatus.SENT, "known from its receipt alone"
    assert [receive("undelivered", error="30003"), receive("delivered"), receive("nonsense")] == [
        True,
        False,
        False,
    ]
    found = row(database, sent)
    assert (found.status, found.receipt) == (MessageStatus.DEAD, "undelivered 30003")
    assert found.reason == "The network did not deliver it: the phone was off or out of reach (error 30003)."


def test_a_receipt_that_is_faster_than_the_answer_holds(
    database: Database, clinic: SmallClinic, gateway: Gateway, door: SmsGateway, clock: Clock
) -> None:
    agree(database, clinic)
    sent = remind(database, clinic)

    class Early(GatewayTransport):
        def send(self, ready):  # type: ignore[no-untyped-def]
            result = super().send(ready)
            with database.write() as session:
                take_receipt(
                    session, GATEWAY, clock.at, Receipt(result.provider_id or "", sent, "failed", "30007")
                )
            return result

    deliver_due(post(database, Early(door, BASE), clock))
    assert (row(database, sent).status, row(database, sent).receipt) == (MessageStatus.DEAD, "failed 30007")


def test_a_number_that_the_network_was_told_to_stop_gets_no_more_texts_and_somebody_calls(
    database: Database, clinic: SmallClinic, gateway: Gateway, door: SmsGateway, clock: Clock
) -> None:
    agree(database, clinic)
    first = remind(database, clinic)
    gateway.moods, gateway.refusal = [400], dict(OPTED_OUT)
    deliver_due(means(database, door, clock))
    held = remind(database, clinic, days=1)
    deliver_due(means(database, door, clock))
    with database.read() as session:
        (stop,) = session.scalars(select(StoppedAddress))
        (task,) = session.scalars(select(StaffTask))
    assert (stop.channel, stop.address, stop.reason) == (Channel.SMS, clinic.patient.phone, "carrier")
    assert (task.kind, task.patient_id) == (TaskKind.TEXTS_STOPPED, clinic.patient.id)
    assert (row(database, first).status, row(database, held).status) == (
        MessageStatus.DEAD,
        MessageStatus.SUPPRESSED,
    )
    assert "phone network refuses" in (row(database, held).reason or "")
    assert gateway.taken == []


def test_a_text_found_to_be_refused_for_a_number_that_was_stopped_ends_texts_to_it_as_a_receipt_does(
    database: Database, clinic: SmallClinic, gateway: Gateway, door: SmsGateway, clock: Clock
) -> None:
    agree(database, clinic)
    sent = remind(database, clinic)
    gateway.moods = ["reset"]
    worker = means(database, door, clock)
    deliver_due(worker)
    gateway.stand = {"status": "undelivered", "error_code": 21610}
    clock.move(minutes=2)
    assert Asker(worker, door).look() == 1
    with database.read() as session:
        (stop,) = session.scalars(select(StoppedAddress))
        (task,) = session.scalars(select(StaffTask))
    assert row(database, sent).status is MessageStatus.DEAD
    assert (stop.address, stop.reason) == (clinic.patient.phone, "carrier")
    assert (task.kind, task.patient_id) == (TaskKind.TEXTS_STOPPED, clinic.patient.id)
