"""Files of patients, from the page through the worker to the clinic's records."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from scheduler.db import Database
from tests.features.conftest import SignedIn
from tests.features.patients.imports.conftest import HEAD, names, outcomes, problems, rows

Bring = Callable[..., int]


@pytest.fixture
def desk(as_role: SignedIn) -> FlaskClient:
    return as_role("front_desk")


def test_a_file_comes_in_whole_and_twice_the_same_file_brings_nothing(
    database: Database, desk: FlaskClient, bring: Bring
) -> None:
    for numbered in (True, False):
        before = len(names(database))
        file = HEAD + rows(450, first=1 if numbered else 1001, numbered=numbered)
        first = bring(desk, file)
        assert set(outcomes(database, first)) == {"added"}
        assert len(names(database)) == before + 450
        again = bring(desk, file, add=False)
        assert set(outcomes(database, again)) == {"already"}
        assert "This very file was brought in before" in desk.get(f"/patients/import/{again}").text
        assert len(names(database)) == before + 450
    assert desk.get("/patients?q=famaaaaab").text.count("Famaaaaab") == 1
