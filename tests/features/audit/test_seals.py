"""The audit trail is sealed, each seal over the one before: what is changed past the program shows."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from scheduler.actor import COMMAND, Actor
from scheduler.db import Database
from scheduler.features.audit.actions import record
from scheduler.features.audit.sealing import check, seal
from scheduler.features.audit.sealing.check import latest, look, waiting
from scheduler.models import AuditCheck, AuditEvent, AuditSeal
from scheduler.worker.seals import Sealer
from tests.support.clinic import NOW

LIFT = {  # What somebody with the database's own password could do first.
    "sqlite": [
        f"DROP TRIGGER append_only_{table}_{verb}"
        for table in ("audit_events", "audit_seals")
        for verb in ("update", "delete")
    ],
    "postgresql": [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in ("audit_events", "audit_seals")],
}


def note(database: Database, *actions: str) -> None:
    """Write events, each in a transaction of its own."""
    for action in actions:
        with database.write() as session:
            record(session, COMMAND, NOW, action, "course", 1, shown=2, names=["Núñez"])


def sealed(database: Database) -> list[int]:
    """How many events each seal holds."""
    with database.read() as session:
        return list(session.scalars(select(AuditSeal.events).order_by(AuditSeal.id)))


def problem(database: Database, head: str | None = None) -> str:
    """What a look finds."""
    with database.read() as session:
        return look(session, head).problem


def lifted(session: Session) -> None:
    """Take the guards away."""
    for statement in LIFT[session.get_bind().dialect.name]:
        session.execute(text(statement))


@pytest.fixture
def sealer(database: Database) -> Sealer:
    """The worker's part, at a time that stands still."""
    return Sealer(database, lambda: NOW)


@pytest.fixture
def trail(database: Database, sealer: Sealer, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Five events under three seals, and one that waits."""
    for module in ("scheduler.features.audit.sealing.seal", "scheduler.worker.seals"):
        monkeypatch.setattr(f"{module}.PIECE", 2)
    note(database, *(f"course.step_{number}" for number in range(5)))
    sealer.look()
    note(database, "course.moved")
    return database


def test_events_are_sealed_in_pieces_and_each_only_once(trail: Database, sealer: Sealer) -> None:
    assert sealed(trail) == [2, 2, 1]
    assert problem(trail) == ""
    sealer.look()
    sealer.look()
    assert sealed(trail) == [2, 2, 1, 1]
    with trail.read() as session:
        found = look(session)
    assert (found.events, found.seals, found.waiting) == (6, 4, 0)


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        (update(AuditEvent).where(AuditEvent.id == 3).values(actor="somebody else"), "was changed"),
        (update(AuditEvent).where(AuditEvent.id == 3).values(detail={"shown": 3}), "was changed"),
        (delete(AuditEvent).where(AuditEvent.id == 4), "taken away or added"),
        (delete(AuditSeal).where(AuditSeal.id == 2), "a seal is missing"),
    ],
)
def test_what_is_changed_past_the_guards_is_found(trail: Database, deed: object, said: str) -> None:
    with trail.write() as session:
        lifted(session)
        session.execute(deed)  # type: ignore[call-overload]
    assert said in problem(trail)


def test_a_trail_that_was_cut_off_with_its_seals_is_found_by_a_digest_noted_before(trail: Database) -> None:
    with trail.read() as session:
        head = look(session).head
    with trail.write() as session:
        lifted(session)
        session.execute(delete(AuditEvent).where(AuditEvent.id > 2))
        session.execute(delete(AuditSeal).where(AuditSeal.last_event_id > 2))
    assert problem(trail) == ""
    assert "seals were taken away" in problem(trail, head)


def test_a_seal_is_never_changed_nor_taken_away(trail: Database) -> None:
    for change in (update(AuditSeal).values(digest="0"), delete(AuditSeal)):
        with pytest.raises(IntegrityError, match="append_only_audit_seals"), trail.write() as session:
            session.execute(change)


def test_of_two_sealers_at_once_one_writes_the_seal(trail: Database) -> None:
    with trail.read() as session:
        first = session.scalars(select(AuditSeal).where(AuditSeal.id == 1)).one()
    twin = AuditSeal(
        first_event_id=6, last_event_id=6, events=1, previous=first.previous, digest="d", sealed_at=NOW
    )
    with pytest.raises(IntegrityError, match="previous"), trail.write() as session:
        session.add(twin)


def test_an_event_of_a_transaction_that_is_still_open_is_waited_for(postgres_url: str) -> None:
    database = Database(postgres_url)
    sealer = Sealer(database, lambda: NOW)
    with database.write() as slow:
        record(slow, COMMAND, NOW, "course.booked", "course", 1)
        slow.flush()
        note(database, "course.moved")
        sealer.look()
        assert sealed(database) == []
    note(database, "course.cancelled")
    sealer.look()
    sealer.look()
    assert sum(sealed(database)) == 3
    assert problem(database) == ""
    database.dispose()


def test_the_worker_looks_once_a_day_and_whenever_somebody_asks(sqlite: Database) -> None:
    times = [NOW]
    sealer = Sealer(sqlite, lambda: times[0])

    def looks() -> int:
        sealer.look()
        with sqlite.read() as session:
            return session.query(AuditCheck).count()

    assert [looks(), looks()] == [1, 1]
    times[0] += timedelta(hours=1)
    for _ in range(2):
        with sqlite.write() as session:
            check.ask(session, Actor(None, "Ada"), times[0])
    assert [looks(), looks()] == [2, 2]
    times[0] += timedelta(hours=24)
    assert looks() == 3
    with sqlite.read() as session:
        last = latest(session)
        assert waiting(session) is None and last is not None and last.problem == ""


def test_a_broken_chain_is_kept_with_what_is_wrong(trail: Database, sealer: Sealer) -> None:
    with trail.write() as session:
        lifted(session)
        session.execute(update(AuditEvent).where(AuditEvent.id == 1).values(action="nothing"))
        check.ask(session, COMMAND, NOW)
    sealer.look()
    with trail.read() as session:
        last = latest(session)
    assert last is not None and "was changed" in last.problem


def test_without_anything_new_there_is_nothing_to_seal(sqlite: Database) -> None:
    with sqlite.write() as session:
        assert seal.seal(session, NOW, 10) == 0
    assert sealed(sqlite) == []
