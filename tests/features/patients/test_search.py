"""Finding patients by whatever is typed, on both databases."""

import sys
from collections.abc import Iterable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import COMMAND
from scheduler.db import Database
from scheduler.features.patients.actions.archive import archive_patient
from scheduler.features.patients.actions.save import add_patient, update_patient
from scheduler.features.patients.data import PatientData
from scheduler.features.patients.queries import page, search
from scheduler.features.patients.search_keys import keys_of
from scheduler.features.patients.search_terms import terms
from scheduler.models import Patient, PatientSearchKey
from tests.support.clinic import NOW, SmallClinic

# Given name, family name, birth date, phone, record number.
PEOPLE = (
    ("Seán", "O'Brien", date(1975, 12, 1), "+12125550177", None),
    ("Jürgen", "Groß-Müller", date(1986, 4, 3), "+493012345678", None),
    ("Lucía", "Martínez", date(1990, 2, 28), None, "MX-2027"),
    ("Margarete", "Øst", date(1961, 2, 28), None, None),
    ("Anna Maria", "van der Berg", date(2001, 11, 11), "+12125550124", None),
    ("明", "李", date(1993, 7, 7), None, None),
)


@pytest.fixture
def people(database: Database, clinic: SmallClinic) -> None:
    """Six people beside Marta Lindqvist, born 14 March 1986, +1 212 555 0123, RV-00001."""
    with database.write() as session:
        for given, family, born, phone, number in PEOPLE:
            add_patient(
                session,
                COMMAND,
                NOW,
                PatientData(given, family, born, clinic.site.id, phone=phone, record_number=number),
            )


def found(database: Database, text: str) -> list[str]:
    with database.read() as session:
        return [hit.name for hit in search(session, text)]


def each_found(database: Database, texts: Iterable[str]) -> dict[str, list[str]]:
    return {typed: found(database, typed) for typed in texts}


MARTA = "Marta Lindqvist"


BY_NAME = {
    MARTA: ("lin", "LINDQ", "Lindqvist, Marta", "marta lind"),
    "Seán O'Brien": ("o'b", "O'Brien", "o’brien", "obrien", "O Brien", "brien", "sean"),
    "Jürgen Groß-Müller": (
        "gross", "groß", "mull", "mueller", "müller", "MÜLLER", "gross-muller", "grossmull", "juergen",
    ),
    "Lucía Martínez": ("martinez", "MARTÍ", "lucia"),
    "Margarete Øst": ("ost", "oest", "øst"),
    "Anna Maria van der Berg": ("der berg", "vanderb", "maria anna"),
    "明 李": ("李", "明 李"),
}  # fmt: skip


def test_a_patient_is_found_by_the_beginning_of_any_word_of_the_name(
    database: Database, people: None
) -> None:
    for name, texts in BY_NAME.items():
        assert each_found(database, texts) == {typed: [name] for typed in texts}


BORN = (
    "14.3.1986", "14.03.1986", "14/03/1986", "3/14/1986", "1986-03-14", "14-3-86", "14 3 1986", "14 mar",
    "14 March 1986", "March 14, 1986", "14th march", "14.mar.1986", "14.3.", "1986-03", "mar 1986",
    "14031986", "19860314", "١٤.٣.١٩٨٦", "marta 14.3.1986",
)  # fmt: skip


def test_a_patient_is_found_by_a_birth_date_typed_in_any_usual_way(database: Database, people: None) -> None:
    assert each_found(database, BORN) == {typed: [MARTA] for typed in BORN}


def test_a_day_and_month_that_may_be_read_two_ways_finds_both(database: Database, people: None) -> None:
    assert found(database, "3/4/1986") == found(database, "4/3/1986") == ["Jürgen Groß-Müller"]


PHONES = {
    MARTA: (
        "212 555 0123", "(212) 555-0123", "+1 212 555 0123", "12125550123", "2125550123", "5550123", "0123",
        "123",
    ),
    "Jürgen Groß-Müller": ("030 12345678", "0049 30 123", "+49 (0)30 1234", "45678"),
}  # fmt: skip


def test_a_patient_is_found_by_a_phone_number_in_any_form_and_by_its_last_digits(
    database: Database, people: None
) -> None:
    for name, texts in PHONES.items():
        assert each_found(database, texts) == {typed: [name] for typed in texts}


def test_a_patient_is_found_by_the_record_number(database: Database, people: None) -> None:
    texts = ("RV-00001", "rv00001", "00001", "rv-000")
    assert each_found(database, texts) == {typed: [MARTA] for typed in texts}


def test_what_fits_nobody_finds_nobody(database: Database, people: None) -> None:
    texts = ("", "   ", "---", "%", "_", "'; DROP TABLE patients", "zzz", "14", "31.2.1986", "marta brien")
    assert each_found(database, texts) == {typed: [] for typed in texts}


def test_the_record_number_comes_first_then_family_names_then_given_names(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        for given, family in (("Marek", "Zito"), ("Ada", "Marchetti"), ("Bea", "Marchetti")):
            add_patient(session, COMMAND, NOW, PatientData(given, family, date(1980, 1, 1), clinic.site.id))
        add_patient(
            session,
            COMMAND,
            NOW,
            PatientData("Zoe", "Aster", date(1980, 1, 1), clinic.site.id, record_number="MAR-1"),
        )
    assert found(database, "mar") == ["Ada Marchetti", "Bea Marchetti", MARTA, "Marek Zito"]
    assert found(database, "mar-1") == ["Zoe Aster"]


def test_a_record_number_typed_in_full_comes_before_longer_ones(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        for name, number in (("Ada", "RV-77712"), ("Zoe", "RV-777")):
            data = PatientData(name, name, date(1980, 1, 1), clinic.site.id, record_number=number)
            add_patient(session, COMMAND, NOW, data)
    assert found(database, "rv-777") == ["Zoe Zoe", "Ada Ada"]


def test_a_changed_name_is_found_and_the_old_one_is_not(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        data = PatientData("Marta", "Östberg", date(1986, 3, 14), clinic.site.id)
        update_patient(session, COMMAND, NOW, clinic.patient.id, data, 1)
    assert found(database, "lindq") == []
    assert found(database, "ostb") == ["Marta Östberg"]
    assert found(database, "0123") == []


def test_an_archived_patient_is_not_among_those_found(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        archive_patient(session, COMMAND, NOW, clinic.patient.id)
    assert found(database, "lind") == []


# The package gives the function under the name of its module.
SEARCHING = sys.modules["scheduler.features.patients.queries.search"]
DENSE = sys.modules["scheduler.features.patients.queries.dense"]
TYPED = ("mar", "ma m", "m mar", "ber", "b mar", "19", "1980", "rv-0", "rv-00001", "212", "ada", "maria 1980")


def ranked(session: Session, typed: str) -> list[int]:
    """Who fits, in order, told from everybody's keys one by one."""
    wanted = terms(typed)
    keys: dict[int, list[str]] = {}
    current = set(session.scalars(select(Patient.id).where(Patient.archived_at.is_(None))))
    for one in session.scalars(select(PatientSearchKey)):
        keys.setdefault(one.patient_id, []).append(one.key)

    def has(patient_id: int, beginnings: Iterable[str]) -> bool:
        return any(key.startswith(beginning) for key in keys[patient_id] for beginning in beginnings)

    def place(patient_id: int) -> tuple[int, str, int]:
        name = next(key for key in keys[patient_id] if key.startswith("n:"))
        first = any(name.startswith(f"n:{family[2:]}") for family in wanted.families)
        rank = 1 if first else 2 if has(patient_id, wanted.families) else 3
        return (0 if wanted.record in keys[patient_id] else rank, name, patient_id)

    fits = [one for one in current if wanted.groups and all(has(one, group) for group in wanted.groups)]
    return sorted(fits, key=place)


@pytest.mark.parametrize(("few", "most"), [(0, 0), (0, 8), (3, 400), (400, 400)])
def test_many_who_fit_come_in_the_same_order_as_few(
    database: Database, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch, few: int, most: int
) -> None:
    names = [
        ("Marek", "Zito"),
        ("Ada", "Marchetti"),
        ("Bea", "van der Mark"),
        ("Maria", "Berg"),
        ("Bo", "Ammar"),
    ]
    with database.write() as session:
        for given, family in names * 3:
            add_patient(session, COMMAND, NOW, PatientData(given, family, date(1980, 1, 1), clinic.site.id))
        archived = add_patient(
            session, COMMAND, NOW, PatientData("Ada", "Mar", date(1980, 1, 1), clinic.site.id)
        )
        archive_patient(session, COMMAND, NOW, archived.id)
    with database.read() as session:
        expected = {typed: ranked(session, typed) for typed in TYPED}
        assert expected == {typed: [hit.patient_id for hit in page(session, typed).hits] for typed in TYPED}
        monkeypatch.setattr(DENSE, "FEW", few)
        monkeypatch.setattr(SEARCHING, "MOST", most)
        monkeypatch.setattr(DENSE, "STRIDES", (2, 3))
        for limit in (1, 4, 25):
            found = {typed: [hit.patient_id for hit in search(session, typed, limit)] for typed in TYPED}
            assert found == {typed: ids[:limit] for typed, ids in expected.items()}
    assert min(len(ids) for typed, ids in expected.items() if typed != "19") > 0


def test_other_words_of_a_family_name_come_after_names_that_begin_so(
    database: Database, people: None, clinic: SmallClinic
) -> None:
    with database.write() as session:
        for given, family in (("Zoe", "Bergman"), ("Ada", "Berglund")):
            add_patient(session, COMMAND, NOW, PatientData(given, family, date(1980, 1, 1), clinic.site.id))
    assert found(database, "berg") == ["Ada Berglund", "Zoe Bergman", "Anna Maria van der Berg"]


def test_one_long_text_becomes_few_ranges_of_the_index() -> None:
    assert len(terms("a b c d e f g h i j k " * 50).groups) <= 6


def test_keys_stay_few_and_short() -> None:
    keys = keys_of(
        given_name="x" * 120,
        family_name="y-" * 60,
        birth_date=date(1986, 3, 14),
        phone="not a number",
        email=f"{'x' * 250}@example.org",
        record_number="RV-1",
    )
    assert max(map(len, keys)) <= 200
    assert len(keys) < 20
