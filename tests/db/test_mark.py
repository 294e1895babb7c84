"""The mark of the database: the same while nothing is committed, another one after each commit."""

from sqlalchemy import text

from scheduler.db import Database


def test_the_mark_changes_with_every_commit_and_with_nothing_else(quiet_database: Database) -> None:
    database = quiet_database
    first = database.mark()
    with database.read() as session:
        session.execute(text("SELECT version FROM capacity_stamp"))
    assert first is not None and database.mark() == first
    seen = {first}
    for _ in range(3):
        with database.write() as session:
            session.execute(text("UPDATE capacity_stamp SET version = version + 1"))
            assert database.mark() in seen or not database.is_sqlite
        seen.add(database.mark())
    assert len(seen) == 4
    other = Database(database.url)
    with other.write() as session:
        session.execute(text("UPDATE capacity_stamp SET version = version + 1"))
    other.dispose()
    assert database.mark() not in seen
    database.dispose()
    assert database.mark() not in seen, "a new connection counts from its own beginning"
