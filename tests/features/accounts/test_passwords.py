"""Passwords: how they are kept, and which are taken."""

import argon2
import pytest

from scheduler.features.accounts.passwords import STRONG, Hasher, password_problem
from tests.support.sign_in import CHEAP


def test_passwords_are_kept_as_argon2id_with_64_mebibytes() -> None:
    parameters = argon2.extract_parameters(STRONG.hash("x"))
    assert parameters.type is argon2.Type.ID
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (65_536, 3, 4)


def test_the_same_password_is_kept_differently_each_time() -> None:
    assert CHEAP.hash("a good one") != CHEAP.hash("a good one")


def test_a_wrong_password_does_not_fit() -> None:
    assert not CHEAP.check(CHEAP.hash("right"), "wrong").fits


def test_what_is_no_hash_at_all_fits_nothing() -> None:
    assert not CHEAP.check("!", "").fits


def test_an_unknown_person_costs_one_look_at_a_hash_of_the_same_strength(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_at: list[str] = []
    real = argon2.PasswordHasher.verify

    def verify(self: argon2.PasswordHasher, stored: str, password: str) -> bool:
        looked_at.append(stored)
        return real(self, stored, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", verify)
    known = CHEAP.hash("right")
    assert not CHEAP.check(known, "wrong").fits
    assert not CHEAP.check(None, "wrong").fits
    assert len(looked_at) == 2
    assert argon2.extract_parameters(looked_at[0]) == argon2.extract_parameters(looked_at[1])


def test_nobody_signs_in_with_the_dummy_password() -> None:
    assert not CHEAP.check(None, "nobody has this password").fits


def test_a_hash_of_other_parameters_is_made_anew_once_the_password_fits() -> None:
    stronger = Hasher(memory_kib=128, passes=1, lanes=1)
    checked = stronger.check(CHEAP.hash("right"), "right")
    assert checked.new_hash is not None
    assert stronger.check(checked.new_hash, "right").new_hash is None
    assert stronger.check(CHEAP.hash("right"), "wrong").new_hash is None


def test_what_two_keyboards_send_for_one_letter_is_one_password() -> None:
    assert CHEAP.check(CHEAP.hash("cafe\u0301 for everybody"), "caf\u00e9 for everybody").fits


@pytest.mark.parametrize(
    "password", ["four unlikely harbour words", "xkvqzhtwpmrd", "Übung macht den Meister, ja"]
)
def test_long_passwords_are_taken_whatever_they_are_made_of(password: str) -> None:
    assert password_problem(password) is None


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("Tr0ub4dor&3", "at least 12"),
        ("passwordpassword", "easy to guess"),
        ("qwertyuiop1234", "easy to guess"),
        ("aaaaaaaaaaaaaaaa", "easy to guess"),
        ("sixfoldclinic", "easy to guess"),
        ("infusionnurse1", "easy to guess"),
        ("x" * 257, "at most 256"),
    ],
)
def test_short_common_and_clinic_passwords_are_refused_with_what_to_do(password: str, says: str) -> None:
    assert says in (password_problem(password) or "")


def test_a_password_made_of_the_persons_own_name_is_refused() -> None:
    assert password_problem("adabyronlovelace", ("ada.byron@example.org", "Ada Byron Lovelace")) is not None


def test_a_long_sentence_is_judged_by_its_beginning_and_kept_whole() -> None:
    sentence = "the tide that turned at noon left eleven grey stones behind the pier " * 3
    assert password_problem(sentence) is None
    assert not CHEAP.check(CHEAP.hash(sentence), sentence[:72]).fits
