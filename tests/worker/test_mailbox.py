"""What comes in by mail: a calendar's yes confirms, its no raises a task, and nothing counts twice."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.channels.imap import ImapSettings
from scheduler.db import Database
from scheduler.features.courses.actions.place import Placement, place_visits
from scheduler.features.courses.actions.respond import ask_change
from scheduler.features.reminders.mailbox import take
from scheduler.models import (
    CourseChange,
    InboundMessage,
    Infusion,
    InfusionStatus,
    Mailbox,
    StaffTask,
    TaskKind,
)
from scheduler.worker.mailbox import Reader, look
from tests.support.calendar_mail import EARLY, Said, answer
from tests.support.changes import LATER, MONDAY, ROSA, booked, visits
from tests.support.clinic import SmallClinic
from tests.support.imap_server import ImapServer, imap_server
from tests.support.post import Clock

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For rules in which the database takes no part."""


@pytest.fixture(scope="module")
def running() -> Iterator[ImapServer]:
    with imap_server() as server:
        yield server


@pytest.fixture
def server(running: ImapServer) -> ImapServer:
    running.empty()
    return running


def reader(database: Database, server: ImapServer, worker: str = "worker-1") -> Reader:
    return Reader(database, ImapSettings.from_url(server.url), worker, Clock(LATER + timedelta(hours=1)).now)


def read(database: Database, server: ImapServer, *mails: bytes) -> list[tuple[str, str]]:
    """Let the mails arrive and be read; what was understood and made of each, in order."""
    for mail in mails:
        server.add(mail, LATER)
    look(reader(database, server))
    with database.read() as session:
        rows = session.scalars(select(InboundMessage).order_by(InboundMessage.id))
        return [(row.understood, row.outcome) for row in rows]


def third(database: Database, course: int) -> Infusion:
    with database.read() as session:
        return visits(session, course)[2]


def tasks(session: Session) -> list[tuple[TaskKind, int | None, str]]:
    rows = session.scalars(select(StaffTask).where(StaffTask.done_at.is_(None)).order_by(StaffTask.id))
    return [(row.kind, row.infusion_id, row.facts.get("why", "")) for row in rows]


def move(database: Database, course: int) -> None:
    with database.write() as session:
        row = visits(session, course)[2]
        placement = Placement(3, row.chair_id or 0, MONDAY + timedelta(days=4, minutes=30), row.id)
        place_visits(session, ROSA, LATER, course, [placement], seen={row.id: row.schedule_version})


@pytest.mark.parametrize("program", ["gmail", "outlook", "apple"])
def test_an_accepted_invitation_confirms_its_one_visit(
    database: Database, clinic: SmallClinic, server: ImapServer, program: str
) -> None:
    course = booked(database, clinic)
    visit = third(database, course)
    found = read(database, server, answer(program, Said(visit.ics_uid)))
    assert found == [("accepted", "Visit 3 is confirmed.")]
    with database.read() as session:
        rows = visits(session, course)
    assert [row.confirmation for row in rows] == ["none", "none", "confirmed", "none", "none", "none"]
    assert rows[2].confirmation_source == "calendar"
    assert len(server.seen()) == 1


@pytest.mark.parametrize("program", ["gmail", "outlook", "apple"])
def test_a_declined_invitation_raises_a_task_and_frees_no_chair(
    database: Database, clinic: SmallClinic, server: ImapServer, program: str
) -> None:
    course = booked(database, clinic)
    before = third(database, course)
    said = Said(before.ics_uid, "DECLINED", comment="Abroad that week")
    found = read(database, server, answer(program, said), answer(program, said, "two"))
    assert [word for word, _ in found] == ["declined", "declined"]
    after = third(database, course)
    assert (after.status, after.chair_id, after.starts_at) == (
        InfusionStatus.SCHEDULED, before.chair_id, before.starts_at,
    )  # fmt: skip
    with database.read() as session:
        why = "Abroad that week" if program == "outlook" else ""
        assert tasks(session) == [(TaskKind.DECLINED, before.id, why)]


@ON_SQLITE
def test_perhaps_is_noted_and_another_time_is_asked_of_the_desk(
    database: Database, clinic: SmallClinic, server: ImapServer
) -> None:
    visit = third(database, booked(database, clinic))
    said = Said(visit.ics_uid, "TENTATIVE")
    assert read(database, server, answer("apple", said))[0][0] == "tentative"
    with database.read() as session:
        assert tasks(session) == []
    counter = Said(visit.ics_uid, "TENTATIVE", method="COUNTER", comment="Later in the day?")
    assert read(database, server, answer("outlook", counter))[1][0] == "counter"
    with database.read() as session:
        why = "Proposes Monday 30 November 2026 at 09:30. Later in the day?"
        assert tasks(session) == [(TaskKind.CHANGE_ASKED, visit.id, why)]


def test_an_answer_to_the_time_before_the_move_confirms_nothing(
    database: Database, clinic: SmallClinic, server: ImapServer
) -> None:
    course = booked(database, clinic)
    uid = third(database, course).ics_uid
    move(database, course)
    old, ahead = answer("gmail", Said(uid), "old"), answer("gmail", Said(uid, sequence=2), "ahead")
    assert [word for word, _ in read(database, server, old, ahead)] == ["out of date", "out of date"]
    assert third(database, course).confirmation == "none"
    assert read(database, server, answer("gmail", Said(uid, sequence=1), "new"))[2][0] == "accepted"
    assert third(database, course).confirmation == "confirmed"


@ON_SQLITE
@pytest.mark.parametrize("forged", [
    {"attendee": "someone@else.example"},
    {"sender": "someone@else.example"},
    {"sender": ""},
    {"attendee": "someone@else.example", "sender": "marta1@example.org"},
])  # fmt: skip
def test_nobody_answers_who_was_not_invited(
    database: Database, clinic: SmallClinic, server: ImapServer, forged: dict[str, str]
) -> None:
    course = booked(database, clinic)
    for number, said in enumerate(("ACCEPTED", "DECLINED")):
        read(
            database,
            server,
            answer("gmail", Said(third(database, course).ics_uid, said, **forged), f"{number}"),
        )
    with database.read() as session:
        rows = session.scalars(select(InboundMessage)).all()
        assert [row.understood for row in rows] == ["not invited", "not invited"]
        assert tasks(session) == []
    assert third(database, course).confirmation == "none"


@ON_SQLITE
def test_a_secretary_answers_for_who_was_invited(
    database: Database, clinic: SmallClinic, server: ImapServer
) -> None:
    course = booked(database, clinic)
    said = Said(third(database, course).ics_uid, attendee="Marta1@Example.org", sender="aide@x.example",
                sent_by="aide@x.example")  # fmt: skip
    assert read(database, server, answer("outlook", said))[0][0] == "accepted"


@ON_SQLITE
def test_an_entry_that_nobody_knows_is_noted(
    database: Database, clinic: SmallClinic, server: ImapServer
) -> None:
    booked(database, clinic)
    assert read(database, server, answer("apple", Said("nothing@sixfold")))[0][0] == "no visit"


def test_of_two_answers_the_one_given_later_holds_whichever_comes_first(
    database: Database, clinic: SmallClinic, server: ImapServer
) -> None:
    course = booked(database, clinic)
    uid = third(database, course).ics_uid
    no = answer("gmail", Said(uid, "DECLINED", at=EARLY + timedelta(minutes=5)), "no")
    yes = answer("gmail", Said(uid, at=EARLY), "yes")
    found = read(database, server, no, yes)
    assert [word for word, _ in found] == ["declined", "accepted"]
    assert "later answer" in found[1][1]
    assert third(database, course).confirmation == "change_asked"


@ON_SQLITE
def test_a_yes_from_before_does_not_take_back_what_was_asked_on_the_page(
    database: Database, clinic: SmallClinic, server: ImapServer
) -> None:
    course = booked(database, clinic)
    visit = third(database, course)
    with database.write() as session:
        ask_change(session, Actor(None, "patient"), LATER, visit.id, "page", seen_version=1)
    read(database, server, answer("apple", Said(visit.ics_uid, at=LATER - timedelta(minutes=5))))
    assert third(database, course).confirmation == "change_asked"
    read(database, server, answer("apple", Said(visit.ics_uid, at=LATER + timedelta(minutes=5)), "two"))
    assert third(database, course).confirmation == "confirmed"


def test_a_mail_counts_once_though_the_mailbox_is_numbered_anew(
    database: Database, clinic: SmallClinic, server: ImapServer
) -> None:
    course = booked(database, clinic)
    uid = third(database, course).ics_uid
    read(
        database, server, answer("gmail", Said(uid, "DECLINED")), answer("gmail", Said(uid, at=LATER), "two")
    )
    server.renumber()
    assert len(read(database, server)) == 2
    with database.read() as session:
        assert session.scalar(select(func.count()).where(CourseChange.kind == "change_asked")) == 1
        assert session.scalars(select(Mailbox.uid_validity)).one() == server.validity


def test_two_workers_at_one_mailbox_act_once_on_each_mail(
    database: Database, clinic: SmallClinic, server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "scheduler.features.reminders.mailbox.place.LEASE", timedelta(0)
    )  # as if it had run out
    course = booked(database, clinic)
    with database.read() as session:
        uids = [row.ics_uid for row in visits(session, course)]
    for uid in uids:
        server.add(answer("outlook", Said(uid, "DECLINED"), uid[:12]), LATER)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(look, [reader(database, server, name) for name in ("worker-1", "worker-2")]))
    with database.read() as session:
        assert [row.understood for row in session.scalars(select(InboundMessage))] == ["declined"] * 6
        assert len(tasks(session)) == 6
        assert session.scalar(select(func.count()).where(CourseChange.kind == "change_asked")) == 6


@ON_SQLITE
def test_a_connection_that_drops_in_the_middle_loses_no_mail(
    database: Database, clinic: SmallClinic, server: ImapServer
) -> None:
    course = booked(database, clinic)
    with database.read() as session:
        uids = [row.ics_uid for row in visits(session, course)]
    server.hang_up_after = server.served + 2
    assert len(read(database, server, *(answer("gmail", Said(uid), uid[:12]) for uid in uids))) == 2
    with database.read() as session:
        box = session.scalars(select(Mailbox)).one()
        assert (box.read_at, box.lease_until) == (None, None)
        assert "read next time" in (box.error or "")
    server.hang_up_after = None
    soon = reader(database, server)
    look(soon)  # a failure is not repeated each minute
    with database.read() as session:
        assert session.scalar(select(func.count(InboundMessage.id))) == 2
    later = Reader(database, soon.settings, "worker-2", Clock(soon.now() + timedelta(minutes=6)).now)
    look(later)
    with database.read() as session:
        assert [row.confirmation for row in visits(session, course)] == ["confirmed"] * 6
        assert session.scalars(select(Mailbox)).one().error is None


@ON_SQLITE
def test_a_mail_that_breaks_or_is_huge_never_stops_the_next(
    database: Database, clinic: SmallClinic, server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = booked(database, clinic)
    uid = third(database, course).ics_uid
    whole = take.take_answer

    def breaks(session: Session, at: object, row_id: int, sender: str, said: object) -> object:
        if row_id == 3:
            raise RuntimeError("something nobody thought of")
        return whole(session, at, row_id, sender, said)  # type: ignore[arg-type]

    monkeypatch.setattr(take, "take_answer", breaks)
    huge = answer("gmail", Said(uid, "DECLINED"), "huge") + b"x" * 2_000_000
    found = read(
        database, server, b"\xff\x00 no mail at all", huge, answer("apple", Said(uid, "DECLINED"), "breaks"),
        answer("apple", Said(uid), "good"),
    )  # fmt: skip
    assert [word for word, _ in found] == ["mail", "too large", "broken", "accepted"]
    assert len(server.seen()) == 1  # what a person must look at stays unread


@ON_SQLITE
def test_what_people_and_programs_write_besides_is_told_apart(
    database: Database, clinic: SmallClinic, server: ImapServer
) -> None:
    booked(database, clinic)
    head = "From: Marta <marta1@example.org>\r\nMessage-ID: <{}@mail.example>\r\n{}\r\nI am away.\r\n"
    away = head.format("away", "Auto-Submitted: auto-replied\r\n").encode()
    person = head.format("person", "").encode()
    stranger = head.format("stranger", "").replace("marta1@", "who@").encode()
    found = read(database, server, away, person, stranger)
    assert [word for word, _ in found] == ["automatic", "mail", "mail"]
    with database.read() as session:
        rows = session.scalars(select(InboundMessage).order_by(InboundMessage.id)).all()
        assert [(row.patient_id, row.body) for row in rows] == [
            (None, None), (clinic.patient.id, "I am away."), (None, None),
        ]  # fmt: skip
    assert len(server.seen()) == 1
