"""Whatever bytes lie in the mailbox, they are sorted, and can be written down."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.features.reminders.mailbox.mail import sort_mail
from tests.support.calendar_mail import Said, answer, bounce

MAILS = (
    answer("gmail", Said("uid@sixfold")),
    answer("outlook", Said("uid@sixfold")),
    bounce("marta1@example.org", "<one@x.example>"),
)


@settings(max_examples=60)
@given(st.sampled_from(MAILS), st.binary(max_size=60), st.integers(0, 2500))
def test_no_mail_breaks_the_sorting(whole: bytes, damage: bytes, at: int) -> None:
    for content in (damage, whole[:at] + damage, whole[:at] + damage + whole[at:]):
        found = sort_mail(content)
        for words in (found.message_id, found.sender, found.text):
            words.encode("utf-8")
            assert "\x00" not in words
        assert 0 < len(found.message_id) <= 260
        assert sort_mail(content) == found


@pytest.mark.parametrize("number", ["", "Message-ID: none\r\n", f"Message-ID: <{'a' * 400}@x>\r\n"])
def test_a_mail_without_a_good_number_is_known_by_its_bytes(number: str) -> None:
    mails = [f"{number}From: a@x.example\r\n\r\n{text}".encode() for text in ("one", "one", "two")]
    first, again, other = (sort_mail(mail).message_id for mail in mails)
    assert first == again != other
    assert first.startswith("sha256:")
