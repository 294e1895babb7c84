"""The lock as a state machine: whatever people and pages do, and whenever."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.features.accounts.locking.pin import is_pin, pin_problem
from scheduler.features.accounts.locking.watch import MOST_WRONG, Limits, Stage, Watch
from tests.support.clinic import NOW

MINUTE = timedelta(minutes=1)
LIMITS = Limits(15 * MINUTE, 30 * MINUTE)
BEGUN = Watch(last_seen_at=NOW, ends_at=NOW + timedelta(hours=12))
EVENTS = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from(["use", "lock", "right", "wrong", "wrong", "wrong"])),
    max_size=60,
)


def after(watch: Watch, deed: str, at) -> Watch:  # type: ignore[no-untyped-def]
    """What a deed makes of it."""
    if deed == "use":
        return watch.used(at, LIMITS)
    if deed == "lock":
        return watch.locked(at, LIMITS)
    return watch.tried(at, LIMITS).judged(at, LIMITS, fits=deed == "right")


@settings(max_examples=60)
@given(EVENTS)
def test_only_a_pin_opens_a_lock_and_nothing_opens_what_is_over(events: list[tuple[int, str]]) -> None:
    watch, at = BEGUN, NOW
    opened, by_hand, wrong = NOW, False, 0  # The last use, and what happened since the lock was open last.
    for gap, deed in events:
        at += gap * MINUTE
        before = watch.stage(at, LIMITS)
        watch = after(watch, deed, at)
        now = watch.stage(at, LIMITS)
        if before is Stage.OVER:
            assert now is Stage.OVER
        elif before is Stage.LOCKED:
            wrong += deed == "wrong"
            assert now is (
                Stage.OPEN if deed == "right" else Stage.OVER if wrong == MOST_WRONG else Stage.LOCKED
            )
        else:
            by_hand = deed == "lock"
            assert now is (Stage.LOCKED if by_hand else Stage.OPEN)
        if now is Stage.OPEN and (deed == "use" or before is Stage.LOCKED):
            opened, by_hand, wrong = at, False, 0
        assert (now is Stage.OPEN) is (at - opened < LIMITS.lock and not by_hand and before is not Stage.OVER)
        assert (watch.seconds_left(at, LIMITS) > 0) is (now is Stage.OPEN)


def test_it_locks_after_fifteen_minutes_and_is_over_after_thirty() -> None:
    stages = [BEGUN.stage(NOW + minutes * MINUTE, LIMITS) for minutes in (0, 14, 15, 29, 30)]
    assert stages == [Stage.OPEN, Stage.OPEN, Stage.LOCKED, Stage.LOCKED, Stage.OVER]


def test_the_fifth_wrong_try_is_the_last() -> None:
    at = NOW + 16 * MINUTE
    watch, stages = BEGUN, []
    for _ in range(MOST_WRONG):
        watch = after(watch, "wrong", at)
        stages.append(watch.stage(at, LIMITS))
    assert stages == [Stage.LOCKED] * (MOST_WRONG - 1) + [Stage.OVER]


def test_tries_that_race_are_counted_before_any_is_looked_at() -> None:
    at = NOW + 16 * MINUTE
    watch = BEGUN
    for _ in range(MOST_WRONG + 1):
        watch = watch.tried(at, LIMITS)
    assert watch.judged(at, LIMITS, fits=True).stage(at, LIMITS) is Stage.OVER


@pytest.mark.parametrize(
    "pin", ["123", "123456789", "12a4", "١٢٣٤", "1111", "1212", "2345", "9876", "90123", ""]
)
def test_a_pin_that_anybody_would_try_first_is_refused(pin: str) -> None:
    assert pin_problem(pin)


def test_a_password_is_never_taken_for_a_pin() -> None:
    assert pin_problem("2580") is None and is_pin("2580")
    assert not is_pin("258025802580")
