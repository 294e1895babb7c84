"""However many messages wait, a claim begins with the first of them and looks at no other."""

from typing import Any

from sqlalchemy import Connection, event, text

from scheduler.db import Database
from scheduler.features.outbox.actions import claim_next
from tests.support.clinic import NOW


def test_a_claim_walks_the_queue_in_its_order_and_sorts_nothing(database: Database) -> None:
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        seen.append((statement, values))

    with database.write() as session:
        connection = session.connection()
        if not database.is_sqlite:  # In an empty table everything is cheap: ask for the plan of a full one.
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


def _plan(database: Database, connection: Connection, statement: str, values: Any) -> str:
    word = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
    return "\n".join(str(tuple(row)) for row in connection.exec_driver_sql(f"{word} {statement}", values))
