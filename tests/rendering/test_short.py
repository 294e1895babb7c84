"""A text message is one text, discreet, and says when, where and whom to call, in every language."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.rendering import short
from scheduler.rendering.discreet import find_banned
from scheduler.rendering.errors import RenderError
from scheduler.rendering.facts import ClinicFacts, Locale, VisitFacts
from scheduler.rendering.language import codes, load
from scheduler.rendering.sms import fits
from tests.rendering.facts import CLINIC, LOCALES, ZONES, visit

LINK = "https://book.example.org/v/" + "k" * 43
MAY = visit(datetime(2026, 5, 15, 7, 30, tzinfo=UTC))
LONG = ClinicFacts("Riverside and Harbor Valley Centre for Patients and Families", "desk@riverside.example")
ABOUT = ("reminder", "visit_moved", "visit_cancelled", "confirmed", "change_asked")
ANSWERS = ("stopped", "started", "help", "unclear")


def test_a_reminder_says_clinic_time_zone_place_and_phone() -> None:
    told = short.about("reminder", MAY, CLINIC, Locale(), "en")
    assert told == (
        "Riverside Clinic: appointment Fri 15 May, 09:30 CEST, 12 River Street, 10115 Berlin. "
        "Reply C to confirm, R to change. +49 30 1234567"
    )


def test_a_long_address_is_left_out_before_the_link_and_the_link_before_the_phone() -> None:
    with_link = replace(MAY, link=LINK)
    told = short.about("reminder", with_link, CLINIC, Locale(), "en")
    assert told == (
        "Riverside Clinic: appointment Fri 15 May, 09:30 CEST. C confirms. +49 30 1234567 " + LINK
    )
    told = short.about("reminder", with_link, LONG, Locale(), "en")
    assert LINK not in told
    far = replace(
        MAY, address="The old harbor master's house, second floor, 1200 Harbor Street, Riverside, NY"
    )
    assert "harbor" not in short.about("reminder", far, CLINIC, Locale(), "en").lower()


def test_spanish_comes_without_the_accents_that_would_double_its_price() -> None:
    told = short.about("reminder", visit(datetime(2026, 5, 16, 7, 30, tzinfo=UTC)), CLINIC, Locale(), "es")
    assert told.startswith("Riverside Clinic: cita el sab 16 may, 09:30 CEST, ")


@settings(max_examples=60)
@given(
    st.sampled_from((CLINIC, LONG)),
    st.sampled_from(ABOUT),
    st.sampled_from(codes()),
    LOCALES,
    st.sampled_from(ZONES),
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.booleans(),
)
def test_every_text_about_a_visit_is_one_text_and_discreet(
    clinic: ClinicFacts,
    purpose: str,
    language: str,
    locale: Locale,
    tz: str,
    starts_at: datetime,
    linked: bool,
) -> None:
    one = VisitFacts(
        starts_at, tz, "Riverside", "12 River Street", "+54 9 11 2345-6789", LINK if linked else ""
    )
    for told in (
        short.about(purpose, one, clinic, locale, language),
        short.booked([one, one], clinic, locale, language),
    ):
        assert fits(told).is_one
        assert clinic.discreet_name in told
        assert "+54 9 11 2345-6789" in told
        assert not find_banned(told, load(language).banned)


@pytest.mark.parametrize("language", codes())
def test_every_answer_is_one_text_and_discreet(language: str) -> None:
    told = [short.answer(one, LONG, "+54 9 11 2345-6789", language) for one in ANSWERS]
    told.append(short.answer("change_link", CLINIC, "+54 9 11 2345-6789", language, LINK))
    for text in told:
        assert fits(text).is_one
        assert not find_banned(text, load(language).banned)
        assert "+54 9 11 2345-6789" in text


def test_a_clinic_whose_name_tells_the_treatment_sends_no_text() -> None:
    with pytest.raises(RenderError, match="Ketamine"):
        short.about("reminder", MAY, replace(CLINIC, discreet_name="Ketamine House"), Locale(), "en")
