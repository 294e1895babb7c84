"""What a file says: its letters, its rows, its columns, its dates."""

import csv
import io
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.errors import RuleError
from scheduler.features.patients.imports.birth_dates import order_of, read_in_order
from scheduler.features.patients.imports.columns import FIELDS, faults, guess
from scheduler.features.patients.imports.encodings import decode
from scheduler.features.patients.imports.records import records, separator_of
from scheduler.features.patients.imports.sniff import sniff
from scheduler.features.patients.refused import Refused

TODAY = date(2026, 11, 2)
FILE = "Apellidos;Nombre;Fecha de nacimiento\r\nNúñez;Íñigo;14/03/1986\r\nMüller;Zoë;3/4/1990\r\n"
WRITTEN = {"dmy": "{d:02d}{s}{m:02d}{s}{y}", "mdy": "{m}{s}{d}{s}{y}", "ymd": "{y}{s}{m:02d}{s}{d:02d}"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_a_file_in_any_usual_encoding_reads_the_same(encoding: str) -> None:
    decoded = decode(FILE.encode(encoding))
    assert decoded.text == FILE
    assert not decoded.is_cut_off


def test_one_broken_letter_does_not_turn_a_whole_file_into_noise() -> None:
    raw = FILE.encode() + b"P\xe9rez;Juan;1/1/1980\r\n" + ("Núñez;Ángel;1/1/1980\r\n" * 9).encode()
    decoded = decode(raw)
    assert decoded.encoding == "utf-8"
    assert "Núñez" in decoded.text and decoded.text.count("\ufffd") == 1


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"PK\x03\x04\x14\x00", "This is a spreadsheet, not a CSV file."),
        (b"%PDF-1.7", "This is a PDF"),
        (b"Name;Born\r\nN\x81\x8d\xf1ez;1986\r\n", "can't be read"),
        (b"Name,Born\r\n\x00\x01\x02", "not a text file"),
        (b"Name,Born\r\n", "has no rows"),
        (b"only words\r\nand more\r\n", "No columns are found"),
    ],
)
def test_a_file_that_is_no_table_says_what_to_do(raw: bytes, words: str) -> None:
    with pytest.raises(RuleError) as refused:
        sniff(raw, "dmy")
    assert words in refused.value.sentence


@given(
    rows=st.lists(
        st.lists(
            st.text(
                st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")) | st.sampled_from('",;\n'),
                max_size=12,
            ),
            min_size=3,
            max_size=3,
        ).filter(lambda cells: any(cell.strip() for cell in cells)),
        min_size=1,
        max_size=6,
    ),
    separator=st.sampled_from(",;\t|"),
)
@settings(max_examples=60, deadline=None)
def test_whatever_a_spreadsheet_writes_comes_back_cell_by_cell(rows: list[list[str]], separator: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL).writerows([["a", "b", "c"], *rows])
    found = list(records(out.getvalue(), separator))
    assert [list(record.cells) for record in found] == rows
    assert not any(record.problem for record in found)


def test_a_quote_that_is_never_closed_is_an_error_of_its_row_alone() -> None:
    text = 'a,b\n1,2\n3,"four\n5,6\n7,"eight"\n9,"te"n\n11,12\n'
    found = list(records(text, ","))
    assert [(one.line, bool(one.problem)) for one in found] == [
        (2, False), (3, True), (4, False), (5, False), (6, True), (7, False),
    ]  # fmt: skip
    assert "is not closed" in found[1].problem


def test_a_note_over_several_lines_is_one_row() -> None:
    found = list(records('a,b\n1,"first\nsecond"\n2,x\n', ","))
    assert [(one.line, one.cells) for one in found] == [(2, ("1", "first\nsecond")), (4, ("2", "x"))]


@pytest.mark.parametrize(
    "whole", [b'a,b,c\n1,2,3\n4,"fi', b"a,b,c\n1,2,3\n4,5", "a,b,c\n1,2,ñ\n".encode()[:-2]]
)
def test_a_file_that_is_cut_off_says_so(whole: bytes) -> None:
    assert sniff(whole, "dmy").is_cut_off
    assert not sniff(whole.rsplit(b"\n", 1)[0] + b"\n1,2,3", "dmy").is_cut_off


def test_the_separator_is_found_even_where_names_hold_another_one() -> None:
    assert separator_of('n;b\n"A, B";1\n"C, D";2\n"E, F";3\n') == ";"
    assert separator_of("sep=|\nn|b\nx|y\n") == "|"
    assert separator_of("n\tb\nA, B\t1\n") == "\t"


def test_columns_are_known_by_their_names_in_both_languages() -> None:
    assert guess(["MRN", "Last Name", "First name", "D.O.B.", "Cell phone", "E-mail", "Notes"]) == [
        "record_number", "family_name", "given_name", "birth_date", "phone", "email", "",
    ]  # fmt: skip
    spanish = [
        "N.º historia",
        "Apellidos",
        "Nombre",
        "Fecha de nacimiento",
        "Teléfono móvil",
        "Correo",
        "Sede",
    ]
    assert guess(spanish) == [
        "record_number",
        "family_name",
        "given_name",
        "birth_date",
        "phone",
        "email",
        "site",
    ]
    assert guess(["Nombre", "DOB", "Tutor"]) == ["full_name", "birth_date", "guardian_name"]


@given(st.permutations([*FIELDS, "", "notes"]))
@settings(max_examples=50, deadline=None)
def test_every_field_is_found_once_in_whatever_order(order: list[str]) -> None:
    names = {**FIELDS, "full_name": "Full name", "": "", "notes": "Notes"}
    assert [one or "" for one in guess([names[name] for name in order])] == [
        name if name in FIELDS else "" for name in order
    ]


def test_what_makes_no_patient_is_said_before_anything_is_checked() -> None:
    assert faults(["family_name", "given_name", "birth_date"]) == {}
    assert faults(["full_name", "birth_date"]) == {}
    assert "birth date" in faults(["full_name"])["column-0"]
    assert "Two columns" in faults(["full_name", "birth_date", "full_name"])["column-2"]


@given(
    days=st.lists(st.integers(0, 40_000), min_size=1, max_size=30),
    order=st.sampled_from(["dmy", "mdy", "ymd"]),
    sign=st.sampled_from("./-"),
    clock=st.sampled_from(["", " 00:00:00", "T00:00:00"]),
)
@settings(max_examples=60, deadline=None)
def test_dates_come_back_as_they_were_meant(days: list[int], order: str, sign: str, clock: str) -> None:
    born = [date(1910, 1, 1) + timedelta(days=number) for number in days]
    texts = [WRITTEN[order].format(d=day.day, m=day.month, y=day.year, s=sign) + clock for day in born]
    assert [read_in_order(text, order, TODAY) for text in texts] == born
    if any(day.day > 12 for day in born) or order == "ymd":
        assert order_of(texts, "mdy" if order == "dmy" else "dmy") == order


def test_a_date_in_the_other_order_is_never_swapped() -> None:
    assert read_in_order("14/03/1986", "dmy", TODAY) == date(1986, 3, 14)
    for text in ("14/03/1986", "14.03.1986"):
        with pytest.raises(Refused) as refused:
            read_in_order(text, "mdy", TODAY)
        assert "order of this file" in refused.value.sentence
    with pytest.raises(Refused) as refused:
        read_in_order("14/03/86", "dmy", TODAY)
    assert "four digits" in refused.value.sentence
    assert read_in_order("14 de marzo de 1986", "dmy", TODAY) == date(1986, 3, 14)
    assert read_in_order("14 ene 1986", "dmy", TODAY) == date(1986, 1, 14)
    assert order_of(["1/2/1980"], "mdy") == "mdy"
