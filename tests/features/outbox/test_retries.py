"""How long a message waits before it is tried again, and when it is given up."""

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler.features.outbox.retries import LONGEST, MAX_ATTEMPTS, next_try

AT = datetime(2026, 5, 15, 9, 0, tzinfo=UTC)


@given(st.integers(1, MAX_ATTEMPTS - 1), st.integers())
def test_the_wait_doubles_within_its_bounds(attempts: int, seed: int) -> None:
    again = next_try(AT, attempts, None, random.Random(seed))
    assert again is not None
    plain = min(timedelta(minutes=2 ** (attempts - 1)), LONGEST)
    assert plain * 0.75 <= again - AT <= plain * 1.25


def test_messages_that_failed_together_do_not_come_back_together() -> None:
    chance = random.Random(1)
    assert len({next_try(AT, 5, None, chance) for _ in range(20)}) == 20


def test_what_the_server_asks_for_is_the_least_wait_and_a_day_the_most() -> None:
    assert next_try(AT, 1, 3600, random.Random(1)) == AT + timedelta(hours=1)
    assert next_try(AT, 1, 10**9, random.Random(1)) == AT + timedelta(days=1)
    patient = next_try(AT, 10, 1, random.Random(1))
    assert patient is not None and patient > AT + timedelta(hours=2)


def test_a_message_is_given_up_after_about_a_day_and_a_half() -> None:
    at, tries = AT, 1
    while (again := next_try(at, tries, None, random.Random(3))) is not None:
        at, tries = again, tries + 1
    assert tries == MAX_ATTEMPTS
    assert timedelta(hours=24) < at - AT < timedelta(hours=60)
