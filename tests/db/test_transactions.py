"""What `read()` and `write()` promise, on both databases."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from scheduler.db import Database
from scheduler.db.locks import lock_words
from scheduler.errors import BusyError, ConflictError
from scheduler.models import Patient, Site
from tests.support.clinic import SmallClinic, make_patient, small_clinic

ROOT = Path(__file__).resolve().parents[2]
COUNTER = """
import sys
from scheduler.db import Database
from scheduler.db.locks import lock_words
from scheduler.models import Site
database = Database(sys.argv[1])
for _ in range(int(sys.argv[2])):
    with database.write() as session:
        lock_words(session, "counter")
        site = session.get_one(Site, 1)
        site.phone = str(int(site.phone) + 1)
"""

OTHERS_END = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture
def clinic(database: Database) -> SmallClinic:
    """The small clinic, with a site whose phone serves as a counter."""
    with database.write() as session:
        found = small_clinic(session)
        found.site.phone = "0"
    return found


def counted(database: Database) -> int:
    """How far the counter got."""
    with database.read() as session:
        return int(session.get_one(Site, 1).phone)


def count_once(database: Database) -> None:
    """Read, add one, write: what loses updates where two may read before either writes."""
    with database.write() as session:
        lock_words(session, "counter")
        site = session.get_one(Site, 1)
        site.phone = str(int(site.phone) + 1)


def test_threads_that_read_before_they_write_lose_nothing(database: Database, clinic: SmallClinic) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: count_once(database), range(80)))
    assert counted(database) == 80


def test_neither_do_processes(database: Database, clinic: SmallClinic) -> None:
    command = [sys.executable, "-c", COUNTER, database.engine.url.render_as_string(hide_password=False), "20"]
    racers = [subprocess.Popen(command, cwd=ROOT) for _ in range(4)]
    assert [racer.wait(120) for racer in racers] == [0, 0, 0, 0]
    assert counted(database) == 80


def test_two_edits_of_one_patient_cannot_both_pass_unseen(database: Database, clinic: SmallClinic) -> None:
    both_have_read = threading.Barrier(2)

    def rename(name: str) -> str:
        with database.read() as session:
            patient = session.get_one(Patient, clinic.patient.id)
        both_have_read.wait(10)
        try:
            with database.write() as session:
                patient = session.merge(patient, load=False)
                patient.given_name = name
        except ConflictError as error:
            return error.sentence
        return name

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(rename, ["Ana", "Bea"]))
    assert results[0] in {"Ana", "Bea"}
    assert "Somebody else changed this" in results[1]
    with database.read() as session:
        assert session.get_one(Patient, clinic.patient.id).given_name == results[0]


def test_a_reader_cannot_change_anything(database: Database, clinic: SmallClinic) -> None:
    with pytest.raises(BusyError, match="can't be written"), database.read() as session:
        session.execute(update(Site).values(name="Elsewhere"))
    with database.read() as session:
        site = session.get_one(Site, 1)
        site.name = "Elsewhere"
    with database.read() as session:
        assert session.get_one(Site, 1).name == "Riverside"


def test_a_connection_that_only_read_may_write_the_next_time(database: Database, clinic: SmallClinic) -> None:
    for number in range(1, 4):
        counted(database)
        count_once(database)
        assert counted(database) == number


def test_a_reader_sees_one_state_from_its_first_look_to_the_end(
    database: Database, clinic: SmallClinic
) -> None:
    if database.is_sqlite and not is_wal(database):
        pytest.fail("this machine's SQLite has no safe WAL; DEPENDENCIES.md names a wheel that has")
    with database.read() as session:
        before = session.scalars(select(Site.phone)).one()
        count_once(database)
        assert session.scalars(select(Site.phone)).one() == before
    assert counted(database) == 1


def is_wal(database: Database) -> bool:
    """Whether readers and a writer may be at work at the same time."""
    with database.read() as session:
        return session.execute(text("PRAGMA journal_mode")).scalar() == "wal"


def test_what_was_read_stays_readable_afterwards(database: Database, clinic: SmallClinic) -> None:
    with database.read() as session:
        site = session.get_one(Site, 1)
    assert site.name == "Riverside"


def test_a_block_that_raises_leaves_nothing_behind(database: Database, clinic: SmallClinic) -> None:
    def change_and_fail(session: Session) -> None:
        session.execute(update(Site).values(name="Elsewhere"))
        session.add(Patient())
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), database.write() as session:
        change_and_fail(session)
    with database.read() as session:
        assert session.get_one(Site, 1).name == "Riverside"


def test_a_second_writer_waits_and_sees_what_the_first_one_did(
    database: Database, clinic: SmallClinic
) -> None:
    started = threading.Event()

    def second() -> None:
        started.set()
        count_once(database)

    with ThreadPoolExecutor(1) as pool:
        with database.write() as session:
            lock_words(session, "counter")
            site = session.get_one(Site, 1)
            racer = pool.submit(second)
            assert started.wait(10)
            site.phone = "40"
        racer.result(30)
    assert counted(database) == 41


def test_writers_that_lock_each_other_out_both_get_through(postgres_url: str) -> None:
    database = Database(postgres_url)
    with database.write() as session:
        clinic = small_clinic(session)
        people = [clinic.patient.id, make_patient(session, clinic.site, 2).id]
    both_hold_one, tries = threading.Barrier(2), []
    touch = text("UPDATE patients SET version = version + 1 WHERE id = :id")

    def change(order: list[int]) -> None:
        def work(session: Session) -> None:
            tries.append(order)
            session.execute(touch, {"id": order[0]})
            if len(tries) <= 2:
                both_hold_one.wait(10)
            session.execute(touch, {"id": order[1]})

        database.attempt(work)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(change, [people, people[::-1]]))
    assert len(tries) == 3
    with database.read() as session:
        assert session.scalars(select(Patient.version).order_by(Patient.id)).all() == [3, 3]
    database.dispose()


def test_after_five_tries_the_trouble_is_told(sqlite: Database) -> None:
    tries = []

    def work(_session: Session) -> None:
        tries.append(1)
        raise OperationalError(
            "SELECT 1", None, psycopg.errors.SerializationFailure("could not serialize access")
        )

    with pytest.raises(OperationalError):
        sqlite.attempt(work)
    assert len(tries) == 5


def test_a_mistake_is_not_tried_again(sqlite: Database) -> None:
    tries = []

    def work(_session: Session) -> None:
        tries.append(1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        sqlite.attempt(work)
    assert len(tries) == 1


def test_whoever_holds_a_connection_writes_all_over_that_one(database: Database, clinic: SmallClinic) -> None:
    taken: list[object] = []
    event.listen(database.engine, "checkout", lambda *_: taken.append(None))
    with database.held() as held:
        for _ in range(3):
            count_once(held)
    assert len(taken) == 1
    assert counted(database) == 3


def test_what_sqlite_prepared_stays_prepared(sqlite: Database) -> None:
    """A PRAGMA said within a transaction would make it forget all statements of the connection."""
    with sqlite.write() as session:
        small_clinic(session).site.phone = "0"
    said: list[str] = []
    event.listen(sqlite.engine, "before_cursor_execute", lambda *about: said.append(about[2]))
    counted(sqlite)
    count_once(sqlite)
    assert "BEGIN" in said and "BEGIN IMMEDIATE" in said
    assert not [statement for statement in said if statement.startswith("PRAGMA")]


def test_a_held_connection_that_was_lost_is_replaced(postgres_url: str) -> None:
    database = Database(postgres_url)
    with database.write() as session:
        small_clinic(session).site.phone = "0"
    with database.held() as held:
        count_once(held)
        with database.engine.connect() as other:
            other.execute(OTHERS_END)
        held.attempt(lambda session: setattr(session.get_one(Site, 1), "phone", "7"))
    assert counted(database) == 7
    database.dispose()
