"""Which replies are understood, and which are left to a person."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.features.reminders.replies.words import Word, understand

SAID = {
    Word.CONFIRM: ("C", "c", " c. ", "CONFIRM", "Confirm!", "\u201cC\u201d", "\uff23", "👍 C"),
    Word.CHANGE: ("R", "r", "r ."),
    Word.STOP: (
        "STOP", "stop.", "STOPALL", "QUIT", "END", "REVOKE", "OPTOUT", "OPT OUT", "opt-out", "Opt  out",
        "UNSUBSCRIBE",
    ),
    Word.CANCEL: ("CANCEL", "cancel"),
    Word.START: ("START", "Start"),
    Word.HELP: ("HELP", "help?"),
    Word.UNCLEAR: (
        "YES", "Y", "yes", "Sí", "No", "", "👍", "C R", "CC", "Confirmed", "I confirm",
        "Cancel my Monday visit",
        "stop by at 9?", "Ok", "1",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("word", "body"), [(word, body) for word, said in SAID.items() for body in said])
def test_a_reply_is_the_word_it_is_and_nothing_that_it_may_be(word: Word, body: str) -> None:
    assert understand(body) is word


@settings(max_examples=50)
@given(st.text(max_size=200))
def test_any_text_is_understood_or_left_to_a_person(body: str) -> None:
    assert isinstance(understand(body), Word)
    assert understand(f"{body} and then") is Word.UNCLEAR
