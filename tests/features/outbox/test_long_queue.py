"""However many messages wait, a claim begins with the first of them and looks at no other."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, event, insert, text

from scheduler.db import Database
from scheduler.features.outbox.actions import claim_next
from scheduler.models import Channel, Message, MessageStatus, Purpose
from tests.support.clinic import NOW, small_clinic


def test_a_claim_walks_the_queue_in_its_order_and_sorts_nothing(database: Database) -> None:
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        seen.append((statement, values))

    with database.write() as session:
        patient = small_clinic(session).patient.id
        session.execute(insert(Message), [_waiting(patient, number) for number in range(500)])
        connection = session.connection()
        if not database.is_sqlite:  # It plans by what it counted last; in a short table everything is cheap.
            connection.execute(text("ANALYZE messages"))
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            connection.execute(text("SET LOCAL enable_sort = off"))
        event.listen(connection, "before_cursor_execute", note)
        claim_next(session, NOW, "a")
        event.remove(connection, "before_cursor_execute", note)
        plan = _plan(database, connection, *seen[-1])
    assert "ix_messages_queue" in plan
    assert "ix_messages_order" in plan
    assert "SORT" not in plan.upper().replace("ENABLE_SORT", "")
    assert "TEMP B-TREE" not in plan


def _waiting(patient: int, number: int) -> dict[str, Any]:
    return {
        "dedupe_key": f"waiting {number}",
        "message_id": f"<{number}@riverside.example>",
        "purpose": Purpose.REMINDER,
        "channel": Channel.EMAIL,
        "status": MessageStatus.QUEUED,
        "patient_id": patient,
        "language": "en",
        "created_at": NOW,
        "due_at": NOW,
        "next_attempt_at": NOW + timedelta(seconds=number),
    }


def _plan(database: Database, connection: Connection, statement: str, values: Any) -> str:
    word = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
    return "\n".join(str(tuple(row)) for row in connection.exec_driver_sql(f"{word} {statement}", values))
