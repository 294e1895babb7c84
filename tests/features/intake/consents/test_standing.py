"""Which consents are on file: by protocol and site, by version, until they are withdrawn."""

import pytest
from sqlalchemy import event

from scheduler.db import Database
from scheduler.features.intake.consents.signing import withdraw
from scheduler.features.intake.consents.texts.actions import add_consent, retire
from scheduler.features.intake.consents.texts.form import Where
from scheduler.features.patients.consents import Need, missing_consents, standing
from scheduler.models import ConsentVersion
from tests.support.clinic import NOW, SmallClinic, make_patient
from tests.support.consents import BORIS, WORDS, add_text, add_version, signed


@pytest.fixture
def database(sqlite: Database) -> Database:
    """One query, plain on both databases."""
    return sqlite


@pytest.fixture
def text(database: Database, clinic: SmallClinic) -> ConsentVersion:
    """A consent that everybody signs."""
    with database.write() as session:
        return add_text(session)


def state(database: Database, clinic: SmallClinic) -> str:
    """Where the one consent of Marta stands."""
    need = Need(clinic.patient.id, None, clinic.site.id)
    with database.read() as session:
        return standing(session, [need])[need][0].state


def test_a_consent_is_missing_where_its_protocol_and_site_ask_for_it(
    database: Database, clinic: SmallClinic
) -> None:
    protocol, site = clinic.protocol_version.protocol_id, clinic.site.id
    with database.write() as session:
        add_text(session, "Everybody's")
        add_text(session, "This protocol's", [protocol])
        add_text(session, "Another protocol's", [protocol + 1])
        add_text(session, "Another site's", [], [site + 1])
        add_text(session, "This protocol's here", [protocol], [site])
    with database.read() as session:
        of_course = missing_consents(session, [clinic.patient.id], protocol, site)
        before = missing_consents(session, [clinic.patient.id], None, site)
    assert of_course == {clinic.patient.id: ("Everybody's", "This protocol's", "This protocol's here")}
    assert before == {clinic.patient.id: ("Everybody's",)}


def test_a_signed_consent_is_on_file_until_it_is_withdrawn(
    database: Database, clinic: SmallClinic, text: ConsentVersion
) -> None:
    assert state(database, clinic) == "missing"
    with database.write() as session:
        paper = signed(session, clinic.patient.id, text)
    assert state(database, clinic) == "signed"
    with database.write() as session:
        withdraw(session, BORIS, NOW, clinic.patient.id, paper.id, "desk", "Called.")
    assert state(database, clinic) == "withdrawn"
    with database.write() as session:
        signed(session, clinic.patient.id, text)
    assert state(database, clinic) == "signed"


@pytest.mark.parametrize(("asks_again", "then"), [(True, "again"), (False, "signed")])
def test_a_new_version_is_due_again_where_the_clinic_says_so(
    database: Database, clinic: SmallClinic, text: ConsentVersion, asks_again: bool, then: str
) -> None:
    with database.write() as session:
        signed(session, clinic.patient.id, text)
        second = add_version(session, text, asks_again=asks_again)
        third = add_version(session, second, asks_again=False)
    assert state(database, clinic) == then
    with database.write() as session:
        if asks_again:
            signed(session, clinic.patient.id, third)
    assert state(database, clinic) == "signed"


def test_drafts_and_retired_consents_are_asked_of_nobody(
    database: Database, clinic: SmallClinic, text: ConsentVersion
) -> None:
    with database.write() as session:
        retire(session, BORIS, NOW, text.form_id, away=True)
        add_consent(session, BORIS, NOW, Where("A draft"), WORDS)
    with database.read() as session:
        assert missing_consents(session, [clinic.patient.id], None, clinic.site.id) == {clinic.patient.id: ()}


def test_a_whole_list_is_one_query(database: Database, clinic: SmallClinic, text: ConsentVersion) -> None:
    with database.write() as session:
        ids = [make_patient(session, clinic.site, number).id for number in range(40, 60)]
        signed(session, ids[3], text)
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    with database.read() as session:
        found = missing_consents(session, ids, None, clinic.site.id)
    assert len([one for one in asked if "consent" in one]) == 1
    assert [patient for patient in ids if not found[patient]] == [ids[3]]
