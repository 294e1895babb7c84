"""The question that a passkey answers at the door, without a password."""

import json
from dataclasses import replace
from datetime import timedelta

from webauthn import base64url_to_bytes

from scheduler.config import Config
from scheduler.features.accounts.factors.door import HOLDS, asked_at, door_question
from tests.support.clinic import NOW


def test_only_our_own_question_is_taken_and_for_a_quarter_of_an_hour(config: Config) -> None:
    named = replace(config, base_url="https://book.example.org")
    challenge = base64url_to_bytes(json.loads(door_question(NOW, named))["challenge"])
    assert asked_at(challenge, NOW, named) == NOW
    assert asked_at(challenge, NOW + HOLDS, named) is None
    assert asked_at(challenge, NOW - timedelta(seconds=1), named) is None
    assert asked_at(challenge, NOW, replace(named, secret_key="another key")) is None
    later = (int.from_bytes(challenge[:8], "big") + 1).to_bytes(8, "big") + challenge[8:]
    assert asked_at(later, NOW, named) is None
    assert asked_at(b"", NOW, named) is None and asked_at(None, NOW, named) is None


def test_an_address_that_is_a_number_asks_nothing(config: Config) -> None:
    assert door_question(NOW, config) == ""
    assert door_question(NOW, replace(config, base_url="http://book.example.org")) == ""
