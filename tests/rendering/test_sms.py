"""A text message is counted as the network counts it, and never grows dear by surprise."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.rendering.errors import RenderError
from scheduler.rendering.sms import first_that_fits, fits, in_alphabet, plain

# The table of 3GPP TS 23.038, written as code points by row, independent of the alphabet in the code.
TABLE = (
    "40 A3 24 A5 E8 E9 F9 EC F2 C7 0A D8 F8 0D C5 E5 394 5F 3A6 393 39B 3A9 3A0 3A8 3A3 398 39E C6 E6 DF C9 "
    "20 21 22 23 A4 25 26 27 28 29 2A 2B 2C 2D 2E 2F 30 31 32 33 34 35 36 37 38 39 3A 3B 3C 3D 3E 3F A1 "
    "41 42 43 44 45 46 47 48 49 4A 4B 4C 4D 4E 4F 50 51 52 53 54 55 56 57 58 59 5A C4 D6 D1 DC A7 BF "
    "61 62 63 64 65 66 67 68 69 6A 6B 6C 6D 6E 6F 70 71 72 73 74 75 76 77 78 79 7A E4 F6 F1 FC E0"
)
DOUBLE = "0C 5E 7B 7D 5C 5B 7E 5D 7C 20AC"
ONE = [chr(int(code, 16)) for code in TABLE.split()]
TWO = [chr(int(code, 16)) for code in DOUBLE.split()]


@settings(max_examples=50)
@given(st.text(st.sampled_from(ONE + TWO), max_size=340))
def test_a_text_in_the_alphabet_counts_as_the_standard_says(text: str) -> None:
    found = fits(text)
    septets = sum(2 if char in TWO else 1 for char in text)
    assert (found.characters, found.unusual) == (septets, ())
    assert (found.segments <= 1) == (septets <= 160)
    if septets > 160:  # No character is cut in two, so a part may stay one septet short.
        assert -(-septets // 153) <= found.segments <= -(-septets // 152)


@settings(max_examples=50)
@given(st.text(max_size=200).filter(lambda text: any(char not in ONE + TWO for char in text)))
def test_one_character_outside_makes_the_whole_text_wide(text: str) -> None:
    found = fits(text)
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    assert found.characters == units
    assert found.unusual
    assert (found.segments == 1) == (units <= 70)


def test_the_table_has_every_character_of_the_alphabet() -> None:
    assert len(ONE) == 127  # 128 places, one of which is the escape to the extension.
    assert all(fits(char).characters == 1 for char in ONE)
    assert all(fits(char).characters == 2 for char in TWO)


def test_an_escaped_character_is_not_cut_between_two_parts() -> None:
    assert fits("a" * 152 + "€" + "a" * 7).segments == 2
    assert fits("a" * 152 + "€" + "a" * 151).segments == 2
    assert fits("a" * 152 + "€" + "a" * 152).segments == 3
    assert fits("").segments == 0


def test_accents_and_typographic_marks_get_a_plain_form_before_a_text_leaves() -> None:
    assert plain("Sábado, “Łódź” – l’été…\u00a0ñ é") == 'Sabado, "Lodz" - l\'été... ñ é'
    assert fits(plain("Recordatorio: miércoles 3 de febrero, sábado, español")).unusual == ()


def test_what_has_no_plain_form_is_refused_by_name() -> None:
    with pytest.raises(RenderError, match="“診”"):
        in_alphabet("Clinic 診療所")


def test_the_fullest_wording_that_is_one_text_is_taken() -> None:
    assert first_that_fits(["a" * 161, "b" * 160, "c"]) == "b" * 160
    with pytest.raises(RenderError, match="longer than 160"):
        first_that_fits(["€" * 81])
