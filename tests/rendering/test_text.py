"""What a patient reads: every date, the time as it is there, the place and the phone."""

from datetime import UTC, date, datetime, timedelta

import pytest

from scheduler.rendering import dates, text
from scheduler.rendering.errors import RenderError
from scheduler.rendering.facts import ClinicFacts, DateOrder, Locale
from scheduler.rendering.language import Language, codes, load
from scheduler.rendering.phones import readable
from tests.rendering.facts import CLINIC, ZONES, visit

MAY = datetime(2026, 5, 15, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        (Locale("dmy", True), "Friday 15 May 2026, 09:30 (CEST)"),
        (Locale("mdy", False), "Friday, May 15, 2026, 9:30 am (CEST)"),
        (Locale("ymd", True), "Friday 2026-05-15, 09:30 (CEST)"),
    ],
)
def test_a_date_is_written_as_the_site_writes_dates(locale: Locale, written: str) -> None:
    assert dates.visit_moment(visit(MAY), locale, load("en")) == written


@pytest.mark.parametrize("order", ["dmy", "mdy"])
def test_spanish_names_the_day_before_the_month_wherever_the_site_is(order: DateOrder) -> None:
    assert dates.day(date(2026, 5, 15), Locale(order, True), load("es")) == "viernes, 15 de mayo de 2026"


@pytest.mark.parametrize(
    ("hour", "written"), [(0, "12:30 am"), (11, "11:30 am"), (12, "12:30 pm"), (23, "11:30 pm")]
)
def test_noon_and_midnight_are_told_apart_on_a_12_hour_clock(hour: int, written: str) -> None:
    assert (
        dates.clock(datetime(2026, 5, 15, hour, 30, tzinfo=UTC), Locale(clock24=False), load("en")) == written
    )


def test_the_hour_that_comes_twice_is_told_apart_by_the_zones_name() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    told = [dates.visit_moment(visit(at), Locale(), load("en")) for at in (first, first + timedelta(hours=1))]
    assert told == ["Sunday 25 October 2026, 02:30 (CEST)", "Sunday 25 October 2026, 02:30 (CET)"]


def test_a_zone_without_a_name_is_told_by_its_offset() -> None:
    assert dates.visit_moment(visit(MAY, "America/Sao_Paulo"), Locale(), load("en")).endswith(
        "04:30 (UTC-03)"
    )


@pytest.mark.parametrize("tz", ZONES)
def test_a_wall_time_survives_both_clock_changes(tz: str) -> None:
    written = [
        dates.visit_moment(visit(MAY.replace(month=month), tz), Locale(), load("en")) for month in (1, 7)
    ]
    assert all(", " in moment and moment.endswith(")") for moment in written)


def test_a_confirmation_lists_every_date_once_and_the_place_once() -> None:
    visits = [visit(MAY + timedelta(days=2 * number)) for number in (2, 0, 1)]
    words = text.booking_confirmation(visits, CLINIC, Locale(), "en")
    assert words.subject == "Your 3 appointments, from Friday 15 May 2026"
    assert [words.text.index(f"{day} May 2026") for day in (15, 17, 19)] == sorted(
        words.text.index(f"{day} May 2026") for day in (15, 17, 19)
    )
    assert words.text.count("12 River Street") == 1
    assert words.text.count("+49 30 1234567") == 2
    for day in (15, 17, 19):
        assert f"{day} May 2026, 09:30 (CEST)" in words.html


def test_visits_at_two_places_name_the_place_at_each_date() -> None:
    visits = [visit(MAY), visit(MAY + timedelta(days=2), place="Hillside")]
    body = text.booking_confirmation(visits, CLINIC, Locale(), "en").text
    assert (
        body.index("15 May") < body.index("Riverside, 12") < body.index("17 May") < body.index("Hillside, 12")
    )


def test_one_appointment_is_spoken_of_as_one() -> None:
    words = text.booking_confirmation([visit(MAY)], CLINIC, Locale(), "en")
    assert words.subject == "Your appointment on Friday 15 May 2026"
    assert "This appointment" in words.text


def test_a_reminder_says_when_where_and_whom_to_call() -> None:
    words = text.reminder(visit(MAY), CLINIC, Locale(), "en")
    assert words.subject == "Reminder: appointment on Friday 15 May 2026, 09:30 (CEST)"
    for body in (words.text, words.html):
        for fact in ("Friday 15 May 2026, 09:30 (CEST)", "Riverside, 12 River Street", "+49 30 1234567"):
            assert fact in body


def test_a_spanish_patient_reads_spanish() -> None:
    words = text.reminder(visit(MAY), CLINIC, Locale(), "es")
    assert words.subject == "Recordatorio: cita el viernes, 15 de mayo de 2026, 09:30 (CEST)"
    assert 'lang="es"' in words.html
    assert "Hola:" in words.text


def test_every_language_says_everything() -> None:
    def keys(phrases: object) -> object:
        return {key: keys(value) for key, value in phrases.items()} if isinstance(phrases, dict) else str

    def shape(language: Language) -> object:
        return keys(dict(language.phrases)), set(language.dates), len(language.weekdays), len(language.months)

    assert {code: shape(load(code)) == shape(load("en")) for code in codes()} == dict.fromkeys(codes(), True)


def test_a_language_without_texts_is_refused_by_name() -> None:
    with pytest.raises(RenderError, match="language xx"):
        text.reminder(visit(MAY), CLINIC, Locale(), "xx")


def test_names_are_escaped_in_html_and_plain_in_text() -> None:
    words = text.reminder(
        visit(MAY, place="A & B <b>"), ClinicFacts("O'Hara & Sons", CLINIC.from_address), Locale(), "en"
    )
    assert "A &amp; B &lt;b&gt;" in words.html and "<b>" not in words.html
    assert "A & B <b>" in words.text and "O'Hara & Sons" in words.text


def test_nothing_is_confirmed_without_a_visit() -> None:
    with pytest.raises(RenderError):
        text.booking_confirmation([], CLINIC, Locale(), "en")


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("+12125550100", "+1 212-555-0100"),
        ("+4930123456", "+49 30 123456"),
        ("ask at the desk", "ask at the desk"),
    ],
)
def test_a_phone_number_is_written_in_groups(stored: str, read: str) -> None:
    assert readable(stored) == read


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("on Friday 15 May 2026, 09:30 (CEST) has a new time", "Sunday 17 May 2026, 09:30 (CEST)")),
     ("es", ("del viernes, 15 de mayo de 2026", "tiene una nueva hora"))],
)  # fmt: skip
def test_an_update_says_the_old_time_and_the_new_one(language: str, words: tuple[str, str]) -> None:
    moved = text.visit_moved(visit(MAY + timedelta(days=2)), visit(MAY), CLINIC, Locale(), language)
    assert all(each in moved.text for each in words)
    assert "+49 30 1234567" in moved.text


@pytest.mark.parametrize(
    ("language", "subject"),
    [("en", "Cancelled: appointment on Friday 15 May"), ("es", "Cancelada: cita el viernes")],
)
def test_a_cancellation_names_the_time_that_the_patient_knows(language: str, subject: str) -> None:
    assert text.visit_cancelled(visit(MAY), CLINIC, Locale(), language).subject.startswith(subject)
