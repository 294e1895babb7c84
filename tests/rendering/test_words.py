"""The clinic's own words: named places are filled, nothing is run, the date stands whatever is written."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.rendering import short, text
from scheduler.rendering.errors import RenderError
from scheduler.rendering.facts import Locale
from scheduler.rendering.language import load
from scheduler.rendering.sms import fits
from scheduler.rendering.words import PLACES, Own, facts_of, fill_places, unknown_places
from tests.rendering.facts import CLINIC, CLINICS, LANGUAGES, LOCALES, VISITS, visit

MAY = datetime(2026, 5, 15, 7, 30, tzinfo=UTC)


def test_every_place_is_filled_with_what_is_true_of_the_visit() -> None:
    facts = facts_of(visit(MAY), CLINIC, Locale(), load("en"))
    told = fill_places("|".join("{" + name + "}" for name in PLACES), facts).split("|")
    assert told[:5] == ["Riverside Clinic", "Friday 15 May 2026", "09:30", "CEST", "Riverside"]
    assert told[5:] == ["12 River Street, 10115 Berlin", "+49 30 1234567", ""]


@pytest.mark.parametrize(
    "wrong", ["{name}", "{date.year}", "{clinic!r}", "{}", "{{clinic}}", "{date", "a } b"]
)
def test_a_place_that_there_is_none_of_is_refused(wrong: str) -> None:
    assert unknown_places(wrong)
    with pytest.raises(RenderError):
        fill_places(wrong, dict.fromkeys(PLACES, ""))


def test_what_is_filled_in_is_never_filled_again() -> None:
    facts = {**dict.fromkeys(PLACES, "x"), "place": "{phone} {{ 7 * 7 }}"}
    assert fill_places("At {place}", facts) == "At {phone} {{ 7 * 7 }}"


@settings(max_examples=30)
@given(
    st.text(max_size=60).filter(lambda words: not set(words) & set("{}")), VISITS, CLINICS, LOCALES, LANGUAGES
)
def test_date_place_and_phone_stand_in_a_mail_whatever_somebody_wrote(
    body: str, one: object, clinic: object, locale: Locale, code: str
) -> None:
    words = text.reminder(one, clinic, locale, code, Own(body, "Soon: {date}"))  # type: ignore[arg-type]
    facts = facts_of(one, clinic, locale, load(code))  # type: ignore[arg-type]
    assert words.subject == f"Soon: {facts['date']}"
    for place in ("date", "time", "zone", "place", "address", "phone"):
        assert facts[place] in words.text


def test_own_words_of_a_mail_are_paragraphs_and_never_markup() -> None:
    words = text.reminder(visit(MAY), CLINIC, Locale(), "en", Own("Dear <b>you</b>,\n\nsee {clinic}."))
    assert "Dear &lt;b&gt;you&lt;/b&gt;,</p>" in words.html
    assert ">see Riverside Clinic.</p>" in words.html
    assert words.subject == "Reminder: appointment on Friday 15 May 2026, 09:30 (CEST)"


def test_own_words_of_a_text_that_no_longer_fit_give_way_to_those_that_ship() -> None:
    brief = short.about(
        "reminder", visit(MAY), CLINIC, Locale(), "en", Own("{clinic}: {date} {time}. {phone}")
    )
    assert brief == "Riverside Clinic: Fri 15 May 09:30. +49 30 1234567"
    long = short.about("reminder", visit(MAY), CLINIC, Locale(), "en", Own("{phone} " + "x" * 150))
    assert long.startswith("Riverside Clinic: appointment")
    assert fits(long).is_one
