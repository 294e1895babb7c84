"""What other programs are told: once each, in order, signed, and never lost for a crash."""

import base64
import hashlib
import hmac
import json
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler import clock as real_clock
from scheduler.actor import COMMAND, WORKER
from scheduler.channels.webhook import WebhookChannel
from scheduler.config import ROOT
from scheduler.db import Database
from scheduler.errors import ConflictError, RuleError
from scheduler.features.courses.actions.cancel import cancel_visits
from scheduler.features.courses.actions.step import take_step
from scheduler.features.courses.transitions import Step
from scheduler.features.outbox.actions.events import emit
from scheduler.features.outbox.actions.record import Handover, Outcome
from scheduler.features.outbox.actions.webhook_claim import LEASE, claim_parcel
from scheduler.features.outbox.actions.webhook_endpoints import (
    add_endpoint,
    resend_delivery,
    send_test,
    switch_endpoint,
)
from scheduler.features.outbox.actions.webhook_record import record_parcel
from scheduler.features.outbox.events import EVENTS
from scheduler.features.outbox.retries import MAX_ATTEMPTS
from scheduler.models import (
    AuditEvent,
    EndpointState,
    InfusionStatus,
    WebhookDelivery,
    WebhookEndpoint,
)
from scheduler.worker.housekeeping import clean
from scheduler.worker.webhooks import Teller, tell_due
from tests.support.booked import make_course, wall
from tests.support.clinic import NOW, SmallClinic, make_patient
from tests.support.post import Clock
from tests.support.receiver import Mood, Receiver, receiving

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For rules in which the database takes no part."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


def endpoint(database: Database, url: str) -> WebhookEndpoint:
    with database.write() as session:
        return add_endpoint(session, COMMAND, NOW, url, EVENTS, private=True)


def course(database: Database, clinic: SmallClinic, number: int = 1) -> int:
    with database.write() as session:
        person = clinic.patient if number == 1 else make_patient(session, clinic.site, number)
        starts = [wall(clinic, f"2026-11-{day} 09:30") for day in (10, 12)] if number == 1 else []
        made, _visits = make_course(session, clinic, starts, patient=person)
        return made.id


def happen(database: Database, course_id: int, *events: str) -> None:
    with database.write() as session:
        for event in events:
            emit(session, NOW, event, course_id=course_id)


def teller(database: Database, clock: Clock, worker: str = "worker-1", total: float = 1.0) -> Teller:
    door = WebhookChannel(private=True, total=total)
    return Teller(database, door, worker, clock.now, random.Random(7))


def rows(database: Database) -> list[WebhookDelivery]:
    with database.read() as session:
        return list(session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id)))


def states(database: Database) -> list[str]:
    return [row.status.value for row in rows(database)]


def types(receiver: Receiver) -> list[str]:
    return [json.loads(told.body)["type"] for told in receiver.told]


def test_a_change_is_told_with_numbers_alone_and_a_signature_that_holds(
    database: Database, clinic: SmallClinic, receiver: Receiver, clock: Clock
) -> None:
    course_id = course(database, clinic)
    secret = endpoint(database, receiver.url).secret
    with database.write() as session:
        cancel_visits(session, COMMAND, NOW, course_id, [2], "Marta Lindqvist is ill")
    assert tell_due(teller(database, clock)) == 1
    (told,) = receiver.told
    assert json.loads(told.body) == {
        "type": "infusion.cancelled",
        "timestamp": "2026-11-02T15:00:00Z",
        "data": {"course_id": course_id, "infusion_id": 2},
    }
    signed = f"{told.event_id}.{told.headers['webhook-timestamp']}.".encode() + told.body
    mac = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    assert told.headers["webhook-signature"] == "v1," + base64.b64encode(mac).decode()
    assert int(told.headers["webhook-timestamp"]) == int(NOW.timestamp())
    assert states(database) == ["sent"]


def test_a_change_that_is_taken_back_by_an_error_tells_nobody(
    database: Database, clinic: SmallClinic, receiver: Receiver
) -> None:
    course_id = course(database, clinic)
    endpoint(database, receiver.url)

    def both(session: Session) -> None:
        cancel_visits(session, COMMAND, NOW, course_id, [2], "Ill")
        take_step(session, COMMAND, NOW, 1, Step.MISS, seen=InfusionStatus.SCHEDULED)

    with pytest.raises(RuleError):
        database.attempt(both)
    assert rows(database) == []


@ON_SQLITE
def test_only_events_that_were_chosen_are_told(
    database: Database, clinic: SmallClinic, receiver: Receiver
) -> None:
    course_id = course(database, clinic)
    with database.write() as session:
        add_endpoint(session, COMMAND, NOW, receiver.url, ["course.held"], private=True)
    happen(database, course_id, "course.booked", "course.held")
    assert [row.event for row in rows(database)] == ["course.held"]


@ON_SQLITE
@pytest.mark.parametrize("mood", [Mood.BREAK, Mood.REDIRECT, Mood.HANG_UP, Mood.SLOW])
def test_an_event_not_taken_now_is_taken_later_under_the_same_number(
    database: Database, clinic: SmallClinic, receiver: Receiver, clock: Clock, mood: Mood
) -> None:
    endpoint(database, receiver.url)
    happen(database, course(database, clinic), "course.booked")
    means = teller(database, clock, total=0.3)
    receiver.mood = mood
    assert [tell_due(means), tell_due(means)] == [1, 0], "not before its time"
    assert states(database) == ["failed"] and rows(database)[0].last_answer
    receiver.mood = Mood.TAKE
    clock.move(minutes=2)
    tell_due(means)
    assert states(database) == ["sent"]
    first, second = receiver.told
    assert (first.event_id, first.body) == (second.event_id, second.body)
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]


def test_events_of_one_course_keep_their_order_and_others_do_not_wait_for_them(
    database: Database, clinic: SmallClinic, receiver: Receiver, clock: Clock
) -> None:
    endpoint(database, receiver.url)
    first, other = course(database, clinic), course(database, clinic, 2)
    happen(database, first, "course.booked", "course.held", "course.resumed")
    means = teller(database, clock)
    receiver.mood = Mood.BREAK
    tell_due(means)
    happen(database, other, "course.entered")
    receiver.mood = Mood.TAKE
    tell_due(means)
    assert types(receiver) == ["course.booked", "course.entered"]
    clock.move(minutes=2)
    tell_due(means)
    assert types(receiver)[2:] == ["course.booked", "course.held", "course.resumed"]


@ON_SQLITE
def test_one_receiver_that_is_away_costs_one_try_a_round_and_no_other_receiver_waits(
    database: Database, clinic: SmallClinic, receiver: Receiver, clock: Clock
) -> None:
    with receiving() as away:
        away.mood = Mood.BREAK
        endpoint(database, away.url)
        endpoint(database, receiver.url)
        for number in (1, 2, 3):
            happen(database, course(database, clinic, number), "course.booked")
        tell_due(teller(database, clock))
        assert (len(away.told), len(receiver.told)) == (1, 3)


@ON_SQLITE
def test_an_event_that_is_never_taken_is_given_up_and_can_be_sent_by_hand(
    database: Database, clinic: SmallClinic, receiver: Receiver, clock: Clock
) -> None:
    endpoint(database, receiver.url)
    stuck, fine = course(database, clinic), course(database, clinic, 2)
    happen(database, stuck, "course.booked")
    means = teller(database, clock)
    for _ in range(MAX_ATTEMPTS + 2):
        receiver.mood = Mood.BREAK
        tell_due(means)
        receiver.mood = Mood.TAKE  # Other events it takes, so it is not away.
        happen(database, fine, "course.held")
        tell_due(means)
        clock.move(hours=5)
    row = rows(database)[0]
    assert (row.status.value, row.tries, row.last_answer) == ("dead", MAX_ATTEMPTS, "It answered 500.")
    with database.write() as session:
        resend_delivery(session, COMMAND, clock.at, row.id)
    tell_due(means)
    assert rows(database)[0].status.value == "sent"
    assert Counter(told.event_id for told in receiver.told)[row.event_id] == MAX_ATTEMPTS + 1


def test_a_receiver_that_takes_nothing_for_a_day_is_paused_and_what_waited_is_told_when_it_is_back(
    database: Database, clinic: SmallClinic, receiver: Receiver, clock: Clock
) -> None:
    made = endpoint(database, receiver.url)
    course_id = course(database, clinic)
    happen(database, course_id, "course.booked")
    means = teller(database, clock)
    receiver.mood = Mood.BREAK
    for _ in range(7):
        clock.move(hours=5)
        tell_due(means)
    with database.read() as session:
        paused = session.get_one(WebhookEndpoint, made.id)
        trail = session.scalars(select(AuditEvent.action).where(AuditEvent.actor == WORKER.label)).all()
    assert paused.state is EndpointState.PAUSED
    assert paused.reason == "It has taken nothing for a day. The last try: It answered 500."
    assert list(trail) == ["webhook.paused"]
    happen(database, course_id, "course.held")
    assert tell_due(means) == 0
    receiver.told.clear()
    receiver.mood = Mood.TAKE
    with database.write() as session:
        switch_endpoint(session, COMMAND, clock.at, made.id, on=True)
    tell_due(means)
    assert types(receiver) == ["course.booked", "course.held"]


@ON_SQLITE
def test_an_endpoint_that_is_switched_off_is_told_nothing_but_a_test(
    database: Database, clinic: SmallClinic, receiver: Receiver, clock: Clock
) -> None:
    made = endpoint(database, receiver.url)
    with database.write() as session:
        switch_endpoint(session, COMMAND, NOW, made.id, on=False)
        send_test(session, COMMAND, NOW, made.id)
    happen(database, course(database, clinic), "course.booked")
    receiver.mood = Mood.BREAK
    means = teller(database, clock)
    assert tell_due(means) == 1
    assert types(receiver) == ["test"] and states(database) == ["dead"], "a test is tried once"
    (row,) = rows(database)
    with database.write() as session:
        resend_delivery(session, COMMAND, NOW, row.id)
    with pytest.raises(ConflictError):
        database.attempt(lambda session: resend_delivery(session, COMMAND, NOW, row.id))


def test_a_worker_that_was_frozen_past_its_lease_writes_nothing_over_the_next_one(
    database: Database, clinic: SmallClinic, receiver: Receiver, clock: Clock
) -> None:
    endpoint(database, receiver.url)
    happen(database, course(database, clinic), "course.booked", "course.held")
    frozen = database.attempt(lambda session: claim_parcel(session, clock.at, "worker-0"))
    assert frozen is not None
    means = teller(database, clock)
    assert tell_due(means) == 0, "before the lease ends nobody takes over, nor goes on with the course"
    clock.at += LEASE
    late = Handover(Outcome.TEMPORARY, "It did not answer in time.")
    with database.write() as session:
        taken = claim_parcel(session, clock.at, "worker-1")
        assert taken is not None and taken.event_id == frozen.event_id
        assert not record_parcel(session, clock.at, frozen, late, random.Random(1))
    assert states(database) == ["sending", "queued"]


def test_a_worker_killed_between_telling_and_recording_costs_a_repeat_of_the_same_number(
    database: Database, clinic: SmallClinic, receiver: Receiver
) -> None:
    endpoint(database, receiver.url)
    happen(database, course(database, clinic), "course.booked")
    command = [sys.executable, "-m", "tests.support.webhook_worker", database.url]
    killed = subprocess.run(command, cwd=ROOT, timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert states(database) == ["sending"] and len(receiver.told) == 1
    tell_due(teller(database, Clock(real_clock.now() + LEASE)))
    assert states(database) == ["sent"]
    assert len(receiver.told) == 2 and len({told.event_id for told in receiver.told}) == 1


def test_workers_beside_each_other_tell_each_event_once_and_in_order(
    database: Database, clinic: SmallClinic, receiver: Receiver, clock: Clock
) -> None:
    endpoint(database, receiver.url)
    courses = [course(database, clinic, number) for number in range(1, 6)]
    for event in ("course.booked", "course.held", "course.resumed", "course.discontinued"):
        for course_id in courses:
            happen(database, course_id, event)

    def work(number: int) -> None:
        own = Database(database.url)
        means = teller(own, clock, f"worker-{number}")
        while "queued" in states(own):
            tell_due(means)
        own.dispose()

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(work, range(3)))
    assert states(database) == ["sent"] * 20
    assert len({told.event_id for told in receiver.told}) == len(receiver.told) == 20
    for course_id in courses:
        told = [json.loads(each.body) for each in receiver.told]
        order = [each["type"] for each in told if each["data"]["course_id"] == course_id]
        assert order == ["course.booked", "course.held", "course.resumed", "course.discontinued"]


@ON_SQLITE
def test_old_events_are_forgotten(database: Database, clinic: SmallClinic, receiver: Receiver) -> None:
    endpoint(database, receiver.url)
    happen(database, course(database, clinic), "course.booked")
    for days, left in ((29, 1), (31, 0)):
        with database.write() as session:
            clean(session, NOW + timedelta(days=days))
        assert len(rows(database)) == left
