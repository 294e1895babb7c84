"""Nothing that leaves the building says what a person is treated for, whatever the facts are."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.rendering import ics, mail, text
from scheduler.rendering.discreet import find_banned
from scheduler.rendering.errors import RenderError
from scheduler.rendering.facts import ClinicFacts, EventFacts, Locale, VisitFacts, Words
from scheduler.rendering.language import codes, load
from tests.rendering.facts import CLINIC, CLINICS, LANGUAGES, LOCALES, VISITS, event, visit

AT = datetime(2026, 5, 15, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "said",
    [
        "Ketamine", "your infusion", "Infusions", "IV", "by i.v. line", "Dose:", "a drug", "treatments",
        "therapy", "Course no. 2", "SESSION", "anxiety", "depression", "PTSD", "GAD-7", "phq", "Psychiatry",
        "psychiatric", "mental health", "rating", "scores", "your escort", "fasting", "session_3", "(iv)",
    ],
)  # fmt: skip
def test_a_banned_word_is_found_however_it_is_written(said: str) -> None:
    assert find_banned(said)


@pytest.mark.parametrize(
    "said",
    ["You arrive in private", "River Street", "the monumental stair", "operating", "Gadsden",
     "ornamental garden", "Drummond", "courteous", "Ivy Lane", "possession", "underscored"],
)  # fmt: skip
def test_a_word_that_only_contains_one_is_allowed(said: str) -> None:
    assert find_banned(said) == []


def test_words_of_another_language_are_banned_there() -> None:
    assert find_banned("su sesión de ketamina", load("es").banned) == ["sesión", "ketamina"]
    for code in codes():
        for word in load(code).banned:
            assert find_banned(word.replace("*", "xx"), load(code).banned), word


def _everything(words: Words) -> str:
    return f"{words.subject}\n{words.preheader}\n{words.text}\n{words.html}"


@given(st.lists(VISITS, min_size=1, max_size=6), CLINICS, LOCALES, LANGUAGES)
@settings(max_examples=60, deadline=None)
def test_no_mail_holds_a_banned_word(
    visits: list[VisitFacts], clinic: ClinicFacts, locale: Locale, language: str
) -> None:
    banned = load(language).banned
    for words in (
        text.booking_confirmation(visits, clinic, locale, language),
        text.reminder(visits[0], clinic, locale, language),
        text.visit_moved(visits[-1], visits[0], clinic, locale, language),
        text.visit_cancelled(visits[0], clinic, locale, language),
    ):
        assert find_banned(_everything(words), banned) == []
        made = mail.compose(words, clinic, "ines@mail.example", "<ab12@clinic.example>", AT, language)
        parsed = message_from_bytes(made, policy=policy.SMTP)
        assert find_banned(" ".join(f"{name} {value}" for name, value in parsed.items()), banned) == []


@given(st.lists(VISITS, min_size=1, max_size=6), CLINICS, LOCALES, LANGUAGES)
@settings(max_examples=60, deadline=None)
def test_no_calendar_file_holds_a_banned_word(
    visits: list[VisitFacts], clinic: ClinicFacts, locale: Locale, language: str
) -> None:
    events = [
        EventFacts(f"{number}@sixfold", 0, AT, AT, seen.starts_at, clinic.from_address, seen)
        for number, seen in enumerate(visits)
    ]
    made = ics.calendar_file(events, clinic.discreet_name, locale, language).decode()
    unfolded = made.replace("\r\n ", "")
    assert find_banned(unfolded, load(language).banned) == []
    assert find_banned(f"{ics.file_name(1)} {ics.file_name(6)} {ics.CONTENT_TYPE}") == []


@pytest.mark.parametrize(
    ("clinic", "place"),
    [("Riverside Ketamine Centre", "Riverside"), ("Riverside Clinic", "Infusion Suite 2")],
)
def test_a_name_that_tells_the_reason_stops_the_message_and_says_so(clinic: str, place: str) -> None:
    with pytest.raises(RenderError, match="tells what the clinic treats"):
        text.reminder(visit(AT, place=place), ClinicFacts(clinic, CLINIC.from_address), Locale(), "en")


def test_a_calendar_name_that_tells_the_reason_is_refused() -> None:
    with pytest.raises(RenderError, match="The name of the calendar"):
        ics.calendar_file([event(AT)], "Ketamine", Locale(), "en")
