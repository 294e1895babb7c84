"""Answers of calendars are read as each program writes them, and damaged ones are none."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scheduler.features.reminders.replies.calendar import Voice, read_answer
from tests.support.calendar_mail import EARLY, SHAPES, Said, raw

UID = "7c9a1f0be2@sixfold"


@pytest.mark.parametrize("program", SHAPES)
@pytest.mark.parametrize("said", ["ACCEPTED", "DECLINED", "TENTATIVE"])
def test_each_program_says_which_entry_and_revision_who_and_what(program: str, said: str) -> None:
    found = read_answer(raw(program, Said(UID, said, sequence=2)))
    assert found is not None
    assert (found.method, found.uid, found.sequence, found.said_at) == ("REPLY", UID, 2, EARLY)
    assert found.voices == (Voice("marta1@example.org", "", said),)


def test_who_has_it_written_by_somebody_else_is_still_the_attendee() -> None:
    found = read_answer(
        raw("outlook", Said(UID, attendee="Marta1@Example.org", sent_by="Aide@office.example"))
    )
    assert found is not None
    assert found.voices == (Voice("marta1@example.org", "aide@office.example", "ACCEPTED"),)


def test_another_time_is_read_in_the_zone_that_outlook_names() -> None:
    said = Said(UID, "TENTATIVE", method="COUNTER", comment="Could we\\, please?")
    found = read_answer(raw("outlook", said))
    assert found is not None and found.proposed is not None
    assert found.proposed.astimezone(UTC) == datetime(2026, 11, 30, 14, 30, tzinfo=UTC)
    assert found.comment == "Could we, please?"


@pytest.mark.parametrize("wrong", [
    ("METHOD:REPLY", "METHOD:REQUEST"), ("METHOD:REPLY", "X-METHOD:REPLY"),
    ("UID:7c9a1f0be2@sixfold", "UID:"),
    ("ATTENDEE;", "CONTACT;"), ("BEGIN:VEVENT", "BEGIN:VTODO"), ("SEQUENCE:0", "SEQUENCE:two"),
])  # fmt: skip
def test_what_lacks_a_part_of_an_answer_is_none(wrong: tuple[str, str]) -> None:
    content = raw("gmail", Said(UID)).decode()
    assert wrong[0] in content
    assert read_answer(content.replace(*wrong).encode()) is None


@settings(max_examples=60)
@given(st.binary(max_size=400), st.integers(0, 900), st.sampled_from(["utf-8", "utf-16", "no-such-charset"]))
@example(b"\x00", 300, "utf-8")
@example(b"", 0, "utf-8")
def test_no_bytes_break_it(damage: bytes, at: int, charset: str) -> None:
    whole = raw("apple", Said(UID))
    for content in (damage, whole[:at] + damage, whole[:at] + damage + whole[at:]):
        found = read_answer(content, charset)
        assert found is None or "\x00" not in found.uid + found.comment + found.voices[0].address
