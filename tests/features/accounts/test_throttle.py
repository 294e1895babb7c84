"""How often one may guess a password."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from scheduler.db import Database
from scheduler.features.accounts.actions.attempts import attempt_succeeded, begin_attempt, forget_attempts
from scheduler.features.accounts.throttle import (
    PER_ACCOUNT,
    PER_ADDRESS,
    WINDOW,
    TooManyTriesError,
    account_key,
    address_key,
)
from scheduler.models import LoginAttempt
from tests.support.clinic import NOW

SECOND = timedelta(seconds=1)


def fail(database: Database, times: int, email: str = "ada@example.org", address: str = "192.0.2.1") -> None:
    """Try so many times without success, a second apart."""
    for number in range(times):
        with database.write() as session:
            begin_attempt(session, NOW + number * SECOND, email, address)


def test_the_eleventh_guess_within_a_quarter_of_an_hour_is_refused(database: Database) -> None:
    fail(database, PER_ACCOUNT)
    with pytest.raises(TooManyTriesError, match="Wait 15 minutes") as refusal, database.write() as session:
        begin_attempt(session, NOW + 10 * SECOND, " ADA@example.org", "192.0.2.99")
    assert refusal.value.extra["seconds"] == WINDOW.total_seconds() - 10
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(LoginAttempt)) == PER_ACCOUNT


def test_waiting_opens_the_door_again(database: Database) -> None:
    fail(database, PER_ACCOUNT)
    with database.write() as session:
        assert begin_attempt(session, NOW + WINDOW, "ada@example.org", "192.0.2.1")


def test_a_success_begins_the_count_of_the_account_anew(database: Database) -> None:
    fail(database, PER_ACCOUNT - 1)
    with database.write() as session:
        number = begin_attempt(session, NOW + 20 * SECOND, "ada@example.org", "192.0.2.1")
        attempt_succeeded(session, number)
    with database.write() as session:
        assert begin_attempt(session, NOW + 21 * SECOND, "ada@example.org", "192.0.2.1")


def test_one_address_cannot_try_everybody(database: Database) -> None:
    for number in range(PER_ADDRESS):
        fail(database, 1, f"person{number}@example.org")
    with pytest.raises(TooManyTriesError), database.write() as session:
        begin_attempt(session, NOW, "another@example.org", "192.0.2.1")
    with database.write() as session:
        assert begin_attempt(session, NOW, "another@example.org", "192.0.2.2")


def test_racing_guesses_count_each_other(database: Database) -> None:
    def guess(_number: int) -> bool:
        try:
            with database.write() as session:
                begin_attempt(session, NOW, "ada@example.org", "192.0.2.1")
        except TooManyTriesError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(guess, range(24))) == PER_ACCOUNT


def test_what_was_typed_as_an_address_is_not_kept(sqlite: Database) -> None:
    fail(sqlite, 1, email="hunter2 typed into the wrong field")
    with sqlite.read() as session:
        assert session.scalars(select(LoginAttempt.account)).one() == account_key(
            "hunter2 typed into the wrong field"
        )


def test_an_ipv6_network_counts_as_one_address() -> None:
    assert address_key("2001:db8::1") == address_key("2001:db8::ffff:1") == "2001:db8::/64"
    assert address_key("2001:db8:0:1::1") != address_key("2001:db8::1")
    assert address_key("::ffff:192.0.2.1") == address_key("192.0.2.1")
    assert address_key("") == ""


def test_tries_that_no_rule_counts_are_forgotten(sqlite: Database) -> None:
    fail(sqlite, 3)
    with sqlite.write() as session:
        forget_attempts(session, NOW + timedelta(days=30) + 2 * SECOND)
    with sqlite.read() as session:
        assert session.scalar(select(func.count()).select_from(LoginAttempt)) == 1
