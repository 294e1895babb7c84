"""One PostgreSQL database, used by one test after another, each time as empty as on its first day.

Copying a database and dropping it again makes the server write out all that it holds: half a second for each
test, most of which write ten rows. Here only what the last test wrote goes, with the guards of the tables
asleep meanwhile. A test that did more than write rows, such as one that restores a backup over everything,
is noticed by the catalog that it leaves behind, and the next one gets a new copy.
"""

from typing import Any

import psycopg
from psycopg import Connection, sql

from tests.support.postgres import PostgresServer

# Whatever is made, dropped or altered leaves another count, or a younger row, in one of these.
CATALOG = " UNION ALL ".join(
    f"SELECT count(*), max(xmin::text::bigint) FROM {name}"
    for name in ("pg_class WHERE relkind <> 't'", "pg_trigger", "pg_proc", "pg_constraint", "pg_namespace")
)
OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
COUNT_ANEW = """
    SELECT setval(quote_ident(sequencename)::regclass, 1, false) FROM pg_sequences
    WHERE schemaname = 'public' AND last_value IS NOT NULL
"""
Row = tuple[Any, ...]


class ReusedDatabase:
    """The database `name` of one process of the test run, copied from `template` when it is first taken."""

    def __init__(self, server: PostgresServer, name: str, template: str) -> None:
        self._server, self._name, self._template = server, name, template
        self._catalog: list[Row] | None = None
        self._at_first: dict[str, list[Row]] = {}

    def take(self) -> str:
        """Its address, for SQLAlchemy; nobody is connected, and only what the migrations wrote is in it."""
        if self._catalog is None or not self._emptied():
            self._copy()
        return self._server.url(self._name)

    def _copy(self) -> None:
        self._server.drop_database(self._name)
        self._server.create_database(self._name, template=self._template)
        with self._connected() as connection:
            self._at_first = {name: _rows(connection, name) for name in _filled(connection)}
            self._catalog = connection.execute(CATALOG).fetchall()

    def _emptied(self) -> bool:
        """Remove what the last test wrote; False where it did more than write rows."""
        with self._connected() as connection:
            connection.execute(OTHERS)
            if connection.execute(CATALOG).fetchall() != self._catalog:
                return False
            connection.execute("SET session_replication_role = replica")
            for name in sorted({*_filled(connection), *self._at_first}):
                _put_back(connection, name, self._at_first.get(name, []))
            connection.execute(COUNT_ANEW)
        return True

    def _connected(self) -> Connection[Row]:
        address = self._server.url(self._name).replace("+psycopg", "")
        return psycopg.connect(address, autocommit=True)


def _filled(connection: Connection[Row]) -> list[str]:
    """The tables that hold anything."""
    names = [name for (name,) in connection.execute(TABLES)]
    ask = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})").format(sql.Literal(name), sql.Identifier(name))
        for name in names
    )
    return [name for (name,) in connection.execute(ask)]


def _rows(connection: Connection[Row], name: str) -> list[Row]:
    return connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(name))).fetchall()


def _put_back(connection: Connection[Row], name: str, rows: list[Row]) -> None:
    connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
    for row in rows:
        places = sql.SQL(", ").join(sql.Placeholder() * len(row))
        connection.execute(sql.SQL("INSERT INTO {} VALUES ({})").format(sql.Identifier(name), places), row)
