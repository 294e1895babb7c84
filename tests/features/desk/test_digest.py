"""The morning digest: once a day, after seven at the person's site, on open days; figures and links alone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from scheduler.app import create_app
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.desk.actions.digest import write_digests
from scheduler.features.desk.queries.digest import due_digests
from scheduler.features.intake.steps import advance
from scheduler.features.outbox.queries import listing
from scheduler.features.outbox.queries.page import Filters
from scheduler.features.tasks.actions import raise_task
from scheduler.models import Message, MessageStatus, OpeningHours, Purpose, RequestStatus, User
from scheduler.rendering.discreet import find_banned
from scheduler.worker.deliver import deliver_due
from scheduler.worker.tick import Ticker
from tests.features.conftest import clinic
from tests.support.clinic import NOW, TODAY, SmallClinic
from tests.support.post import Clock, Recorder, post
from tests.support.requests import ROSA, make_request
from tests.support.visits import add_six

__all__ = ["clinic"]
BASE = "https://book.example.org"


def at(text: str) -> datetime:
    """A wall time in New York."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("America/New_York")).astimezone(UTC)


def ask(database: Database, clinic: SmallClinic, *roles: str) -> None:
    with database.write() as session:
        for role in roles:
            session.get_one(User, clinic.users[role].id).wants_digest = True
        # Sundays too: both clock changes fall on one.
        session.add(OpeningHours(site_id=clinic.site.id, weekday=6, from_minute=480, to_minute=1080))


def tick(database: Database, now: datetime, worker: str = "w") -> Recorder:
    door = Recorder()
    Ticker(post(database, door, Clock(now), worker)).tick()
    return door


def digests(database: Database) -> list[Message]:
    with database.read() as session:
        found = select(Message).where(Message.purpose == Purpose.DIGEST).order_by(Message.id)
        return list(session.scalars(found))


@pytest.mark.parametrize("day", ["2026-11-05", "2026-03-08", "2026-11-01"])
def test_it_is_written_at_the_first_look_after_seven_and_once_a_day(
    database: Database, clinic: SmallClinic, day: str
) -> None:
    """Also on the day of 23 and on the day of 25 hours."""
    ask(database, clinic, "front_desk")
    for text in ("00:30", "06:59"):
        tick(database, at(f"{day} {text}"))
    assert digests(database) == []
    for text in ("07:00", "07:01", "09:59", "12:00", "23:59"):
        tick(database, at(f"{day} {text}"))
    (one,) = digests(database)
    assert (one.status, one.created_at) == (MessageStatus.SENT, at(f"{day} 07:00"))
    assert one.recipient == "front_desk@riverside.example"


def test_late_in_the_day_none_is_written_and_none_is_sent(database: Database, clinic: SmallClinic) -> None:
    ask(database, clinic, "front_desk")
    tick(database, at("2026-11-05 10:00"))
    assert digests(database) == [], "the worker slept through the morning"
    with database.write() as session:
        write_digests(session, at("2026-11-06 09:59"), due_digests(session, at("2026-11-06 09:59")), BASE)
    door = Recorder()
    deliver_due(post(database, door, Clock(at("2026-11-06 10:00"))))
    assert (door.sent, digests(database)[0].status) == ([], MessageStatus.EXPIRED)


@pytest.mark.parametrize("day", ["2026-11-07", "2026-11-26"])  # A Saturday; Thanksgiving.
def test_a_day_off_brings_none(database: Database, clinic: SmallClinic, day: str) -> None:
    ask(database, clinic, "front_desk")
    tick(database, at(f"{day} 07:30"))
    assert digests(database) == []


def test_two_workers_that_look_at_once_write_one(database: Database, clinic: SmallClinic) -> None:
    ask(database, clinic, "front_desk", "nurse")
    now = at("2026-11-05 07:00")
    with database.read() as session:
        first = due_digests(session, now)
    with database.read() as session:
        second = due_digests(session, now)
    assert len(first) == len(second) == 2
    for seen in (first, second):
        with database.write() as session:
            write_digests(session, now, seen, BASE)
    assert len(digests(database)) == 2, "one for each of the two people"


def test_who_did_not_ask_or_has_left_gets_none(database: Database, clinic: SmallClinic) -> None:
    ask(database, clinic, "front_desk")
    with database.write() as session:
        session.get_one(User, clinic.users["front_desk"].id).disabled_at = NOW
    tick(database, at("2026-11-05 07:30"))
    assert digests(database) == []


def test_it_counts_and_links_and_names_nobody(
    database: Database, clinic: SmallClinic, config: Config
) -> None:
    ask(database, clinic, "front_desk", "administrator")
    day = TODAY + timedelta(days=3)
    with database.write() as session:
        add_six(session, clinic, [day + timedelta(days=days) for days in (0, 1, 4, 6, 8, 11)])
        raise_task(
            session, NOW, kind="unreachable", dedupe_key="x", site_id=clinic.site.id,
            patient_id=clinic.patient.id, facts={"why": "Marta has no phone"},
        )  # fmt: skip
        make_request(session, clinic)
        advance(session, ROSA, NOW, make_request(session, clinic, 2), RequestStatus.CLOSED, "Went elsewhere")
    with database.write() as session:
        now = at(f"{day} 07:05")
        write_digests(session, now, due_digests(session, now), BASE)
    desk, boss = (one.facts for one in digests(database))
    assert f"1 visit today: {BASE}/today" in desk["text"]
    assert f"1 thing in the inbox: {BASE}/inbox\n" in desk["text"]
    assert f"1 request waits for somebody: {BASE}/requests\n" in desk["text"]
    assert f"1 visit of the next open day to confirm: {BASE}/inbox?about=confirm" in desk["text"]
    assert "inbox" not in boss["text"] and "Nothing waits." in boss["text"]
    routes = {rule.rule for rule in create_app(config, database).url_map.iter_rules()}
    for said in (desk, boss):
        words = f"{said['subject']} {said['text']}"
        assert find_banned(words) == [] and "Marta" not in words and "Lindqvist" not in words
        linked = {
            word.removeprefix(BASE).partition("?")[0] for word in words.split() if word.startswith(BASE)
        }
        assert linked <= routes, "every link leads somewhere"
    with database.read() as session:
        shown = listing(session, Filters(purpose=Purpose.DIGEST), clinic.site.id).lines
    assert [line.patient for line in shown] == ["Administrator", "Front Desk"]
