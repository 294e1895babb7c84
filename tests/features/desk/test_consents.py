"""A course that lacks a consent says so on every list that matters, and stops when it is signed."""

import pytest

from scheduler.db import Database
from scheduler.models import ConsentVersion, Infusion
from tests.features.conftest import SignedIn
from tests.support.clinic import TODAY, SmallClinic
from tests.support.consents import add_text, signed
from tests.support.visits import add_six


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The pages are the same on both databases."""
    return sqlite


@pytest.fixture
def visit(database: Database, clinic: SmallClinic) -> Infusion:
    """A visit of today."""
    with database.write() as session:
        return add_six(session, clinic, [TODAY], "11:00")[1][0]


@pytest.fixture
def text(database: Database, clinic: SmallClinic) -> ConsentVersion:
    """A consent for courses of this protocol alone."""
    with database.write() as session:
        return add_text(session, "Treatment", [clinic.protocol_version.protocol_id])


def lists(clinic: SmallClinic, visit: Infusion) -> dict[str, str]:
    """Every list that matters, and what it says of a consent that is missing."""
    return {
        "/today": "Consent missing: Treatment.",
        f"/board?day={TODAY}": "scheduled, consent missing: Treatment",
        f"/board?view=week&day={TODAY}": "scheduled, consent missing: Treatment",
        f"/courses/{visit.course_id}": "A consent is missing",
        f"/infusions/{visit.id}": "Not signed yet",
        f"/patients/{clinic.patient.id}": "Not signed yet",
        f"/courses/new?patient={clinic.patient.id}": "A consent is missing",
    }


def test_a_course_without_its_consent_says_so_on_every_list_until_it_is_signed(
    as_role: SignedIn, database: Database, clinic: SmallClinic, visit: Infusion, text: ConsentVersion
) -> None:
    desk = as_role("front_desk")
    pages = lists(clinic, visit)
    assert [path for path, words in pages.items() if words not in desk.get(path).text] == []
    with database.write() as session:
        signed(session, clinic.patient.id, text)
    assert [path for path, words in pages.items() if words in desk.get(path).text] == []
    assert 'title="Consent signed"' in desk.get("/today").text


def test_a_clinic_that_asks_for_no_consent_reads_nothing_of_it(
    as_role: SignedIn, clinic: SmallClinic, visit: Infusion
) -> None:
    desk = as_role("front_desk")
    for path in lists(clinic, visit):
        assert "onsent" not in desk.get(path).text.replace("consent to texts", "")
