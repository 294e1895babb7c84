"""`read()` and `write()`: the only places where a transaction begins and ends."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from scheduler.db.constraints import CHANGED_MEANWHILE, LOCKED, domain_error, is_transient, unavailable
from scheduler.db.engine import make_engine, read_engine
from scheduler.db.mark import Marker
from scheduler.db.turnstile import TurnTimeoutError, turn
from scheduler.errors import BusyError, ConflictError

TRIES = 5
ONE_STATE = "one_state"
"""What the `info` of a session says that sees one state of the data from its first look to its end."""
T = TypeVar("T")


class Database:
    """One database and its pool of connections, shared by the threads of a process."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine: Engine = make_engine(url)
        self._reader = read_engine(self.engine)
        self._writer: Engine | Connection = self.engine
        self._marker = Marker(self.engine)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"

    def mark(self) -> str | None:
        """A text that stays the same only as long as nothing is committed (`db.mark`); None: nobody knows."""
        return self._marker.mark()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one state of the data and cannot change it.

        What was loaded stays readable afterwards: closing gives the connection back, which rolls back,
        while `rollback()` would empty every row that a page still wants to show.
        """
        session = Session(self._reader, expire_on_commit=False, autoflush=False, info={ONE_STATE: True})
        try:
            yield session
        except DBAPIError as error:
            raise unavailable(error) or error from error
        finally:
            session.close()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that commits when the block ends, and leaves nothing behind when it raises.

        Violations of named constraints come out as domain errors (`db.constraints`), a versioned row
        that somebody else changed meanwhile as ConflictError, a database that can't be written as
        BusyError.
        """
        with self._turn():
            yield from self._written()

    @contextmanager
    def held(self) -> Iterator["Database"]:
        """The same database, all of whose writing goes over one connection until the block ends.

        For whoever writes one small transaction after the other: to take a connection from the pool and ask
        the server whether it is still there costs such a one a good part of its time. One that was lost is
        noticed by the next transaction, which `attempt` then begins again on another.
        """
        try:
            connection = self.engine.connect()
        except DBAPIError as error:
            raise unavailable(error) or error from error
        with connection:
            same = copy(self)
            same._writer = connection
            yield same

    def _written(self) -> Iterator[Session]:
        session = Session(self._writer, expire_on_commit=False)
        try:
            yield session
            session.commit()
        except IntegrityError as error:
            session.rollback()
            raise domain_error(error) or error from error
        except StaleDataError as error:
            session.rollback()
            raise ConflictError(CHANGED_MEANWHILE) from error
        except DBAPIError as error:
            session.rollback()
            if is_transient(error):
                raise
            raise unavailable(error) or error from error
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """The place in the queue of SQLite's writers (`db.turnstile`); PostgreSQL has its own."""
        path = self.engine.url.database if self.is_sqlite else None
        if not path or path == ":memory:":
            yield
            return
        try:
            with turn(Path(path)):
                yield
        except TurnTimeoutError:
            raise BusyError(LOCKED) from None

    def attempt(self, work: Callable[[Session], T]) -> T:
        """Run `work` in `write()`, again where the database asks for it (deadlock, serialization).

        So too where a held connection was lost, perhaps after it had committed: what is attempted on one has
        to bear being done twice.
        """
        for attempt in range(1, TRIES + 1):
            try:
                with self.write() as session:
                    return work(session)
            except (DBAPIError, BusyError) as error:
                if attempt == TRIES or not self._goes_again(error):
                    raise
                time.sleep(random.uniform(0.01, 0.05) * attempt)  # noqa: S311 - spreads racers, hides nothing
        raise AssertionError("unreachable")

    def _goes_again(self, error: Exception) -> bool:
        cause = error if isinstance(error, DBAPIError) else error.__cause__
        if not isinstance(cause, DBAPIError):
            return False
        return is_transient(cause) or (self._writer is not self.engine and cause.connection_invalidated)

    def dispose(self) -> None:
        """Close all connections."""
        self._marker.close()
        self._reader.dispose()
        self.engine.dispose()
