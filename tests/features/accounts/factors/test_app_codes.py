"""The codes of an app, against the published ones."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler.features.accounts.factors.app_codes import fitting_step, qr_code, secret_from, step_of
from scheduler.features.accounts.factors.sealing import opened, sealed

SECRET = secret_from(b"12345678901234567890")
"""The secret of RFC 6238, appendix B."""


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")]
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert fitting_step(SECRET, code, at) == seconds // 30


def test_a_clock_may_be_half_a_minute_off_and_no_more() -> None:
    at = datetime.fromtimestamp(1111111109, UTC)
    fits = [
        fitting_step(SECRET, "081804", at + timedelta(seconds=30 * off)) is not None for off in range(-2, 3)
    ]
    assert fits == [False, True, True, True, False]


def test_a_code_is_taken_once_and_none_before_it_either() -> None:
    at = datetime.fromtimestamp(1111111109, UTC)
    assert fitting_step(SECRET, "081804", at, step_of(at) - 1) == step_of(at)
    assert fitting_step(SECRET, "081804", at, step_of(at)) is None
    assert fitting_step(SECRET, "081804", at, step_of(at) + 1) is None


def test_the_picture_needs_nobody_else_s_server() -> None:
    assert qr_code(SECRET, "ada@example.org", "Sixfold").startswith("data:image/svg+xml")


def test_a_stored_secret_opens_for_its_person_under_our_key_alone() -> None:
    body = sealed(SECRET, 7, "our key")
    assert SECRET.encode() not in body
    assert opened(body, 7, "our key") == SECRET
    assert opened(body, 8, "our key") is None
    assert opened(body, 7, "another key") is None
