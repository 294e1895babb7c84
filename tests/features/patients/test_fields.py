"""What each field takes, and the sentence that says what to write instead."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.features.patients.fields import (
    read_birth_date,
    read_date,
    read_email,
    read_minutes,
    read_name,
    read_record_number,
    read_time_zone,
)
from scheduler.features.patients.folding import fold, name_words
from scheduler.features.patients.phones import read_phone, show_phone
from scheduler.features.patients.refused import Refused
from scheduler.features.patients.search_terms import terms
from scheduler.web.filters import day_year

TODAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("typed", "order", "day"),
    [
        ("14.3.1986", "mdy", date(1986, 3, 14)),
        ("3/4/1986", "mdy", date(1986, 3, 4)),
        ("3/4/1986", "dmy", date(1986, 4, 3)),
        ("14/3/1986", "mdy", date(1986, 3, 14)),
        ("3-14-1986", "dmy", date(1986, 3, 14)),
        ("1986-03-14", "mdy", date(1986, 3, 14)),
        ("14 mar 1986", "ymd", date(1986, 3, 14)),
        ("March 14th, 1986", "dmy", date(1986, 3, 14)),
        (" 14 . 3 . 1986 ", "dmy", date(1986, 3, 14)),
        ("29.2.2024", "dmy", date(2024, 2, 29)),
    ],
)
def test_a_birth_date_is_read_as_people_write_it(typed: str, order: str, day: date) -> None:
    assert read_birth_date(typed, order, TODAY) == day


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Write the birth date, such as 14.3.1986"),
        ("31.4.1986", "The calendar has no “31.4.1986”"),
        ("29.2.2025", "The calendar has no"),
        ("99999999999999999999.1.1986", "The calendar has no"),
        ("14.3.86", "four digits"),
        ("yesterday", "four digits"),
        ("3.11.2026", "in the future"),
        ("31.12.1899", "before 1900"),
        ("0.3.1986", "four digits"),
    ],
)
def test_an_impossible_birth_date_is_refused_in_one_sentence(typed: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        read_birth_date(typed, "dmy", TODAY)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.sampled_from(["dmy", "mdy", "ymd"]))
def test_every_date_is_read_back_as_the_form_shows_it(day: date, order: str) -> None:
    assert read_date(day_year(day), order) == day
    assert read_date(day.isoformat(), order) == day


@given(st.text(max_size=60), st.sampled_from(["dmy", "mdy", "ymd"]))
def test_any_text_in_any_field_is_read_or_refused(text: str, order: str) -> None:
    sentences: list[str] = []
    for read in (
        lambda: read_birth_date(text, order, TODAY),
        lambda: read_name(text, "given name"),
        lambda: read_phone(text, "US"),
        lambda: read_email(text),
        lambda: read_record_number(text),
        lambda: read_minutes(text),
        lambda: read_time_zone(text),
    ):
        try:
            read()
        except Refused as refused:
            sentences.append(refused.sentence)
    assert all(sentence.endswith(".") for sentence in sentences)
    assert len(terms(text).groups) <= 6


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once_for_every_word_that_is_looked_for(text: str) -> None:
    assert all(fold(word) == word for word in name_words(text))


@pytest.mark.parametrize(
    ("typed", "country", "stored"),
    [
        ("(212) 555-0123", "US", "+12125550123"),
        ("212.555.0123", "US", "+12125550123"),
        ("+44 20 7946 0018", "US", "+442079460018"),
        ("0044 20 7946 0018", "US", "+442079460018"),
        ("030 1234567", "DE", "+49301234567"),
        ("", "US", None),
    ],
)
def test_a_phone_number_is_kept_in_one_form(typed: str, country: str, stored: str | None) -> None:
    assert read_phone(typed, country) == stored


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("555 010", "too few digits"),
        ("555 0123", "area code"),
        ("212 555 01234567", "too many digits"),
        ("hello", "Write the number in digits"),
        ("+999 123456", "Write the number in digits"),
        ("212 555 0123 x9", "extension"),
        ("2" * 41, "40 characters"),
    ],
)
def test_a_number_that_no_phone_has_is_refused(typed: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        read_phone(typed, "US")


def test_a_number_is_shown_without_its_prefix_at_home_and_with_it_abroad() -> None:
    assert show_phone("+12125550123", "US") == "(212) 555-0123"
    assert show_phone("+12125550123", "DE") == "+1 212-555-0123"
    assert show_phone(None, "DE") == ""


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" Ana@Example.ORG ", "Ana@example.org"),
        ("ana@münchen.example", "ana@xn--mnchen-3ya.example"),
        ("", None),
    ],
)
def test_an_address_is_kept_in_one_form(typed: str, stored: str | None) -> None:
    assert read_email(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "a@x.org, b@x.org",
        "a@x.org;b@x.org",
        "a, b",
        "Ana <a@x.org>",
        "a@b",
        "a b@x.org",
        "ñ@x.org",
        "a@x..org",
    ],
)
def test_two_addresses_or_half_an_address_are_refused(typed: str) -> None:
    with pytest.raises(Refused, match=r"such as ana@example\.org"):
        read_email(typed)


@pytest.mark.parametrize(
    ("typed", "stored"), [("  Anna   Maria ", "Anna Maria"), ("李明", "李明"), ("O'Brien-Øst", "O'Brien-Øst")]
)
def test_a_name_is_taken_in_any_script(typed: str, stored: str) -> None:
    assert read_name(typed, "given name") == stored


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Write the given name"), ("x" * 121, "120"), ("a\x00b", "can't be seen"),
        ("a\u202eb", "can't be seen"), ("1234", "no letter"), ("?", "no letter"),
    ],
)  # fmt: skip
def test_a_name_without_letters_or_with_unseen_characters_is_refused(typed: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        read_name(typed, "given name")


@pytest.mark.parametrize(("typed", "stored"), [("rv-10731", "RV-10731"), (" 77 ", "77"), ("", None)])
def test_a_record_number_is_kept_in_capitals(typed: str, stored: str | None) -> None:
    assert read_record_number(typed) == stored


@pytest.mark.parametrize("typed", ["abc", "RV 1", "-1", "x1" * 11])
def test_a_record_number_needs_a_digit_and_no_spaces(typed: str) -> None:
    with pytest.raises(Refused):
        read_record_number(typed)


def test_midnight_may_end_a_time_and_not_begin_one() -> None:
    assert read_minutes("00:00") == 0
    assert read_minutes("00:00", is_end=True) == 1440
    assert read_minutes("24:00", is_end=True) == 1440
    with pytest.raises(Refused):
        read_minutes("24:00")
