"""Whoever is shown by a search was read, and the audit trail says so."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.db import Database
from scheduler.models import AuditEvent
from tests.features.conftest import SignedIn
from tests.support.clinic import SmallClinic

PLACES = ["/patients/search", "/patients", "/courses/new", "/waiting/new"]


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What a page writes down is the same on both databases."""
    return sqlite


def searches(database: Database) -> list[dict[str, object]]:
    with database.read() as session:
        found = select(AuditEvent.detail).where(AuditEvent.action == "patients.searched")
        return list(session.scalars(found.order_by(AuditEvent.id)))


@pytest.mark.parametrize("place", PLACES)
def test_a_search_leaves_one_row_with_whom_it_showed_and_not_what_was_typed(
    as_role: SignedIn, database: Database, clinic: SmallClinic, place: str
) -> None:
    desk: FlaskClient = as_role("front_desk")
    live = {"HX-Request": "true"}
    assert "Lindqvist" in desk.get(place, query_string={"q": "lindq"}, headers=live).text
    desk.get(place, query_string={"q": "nobody"}, headers=live)
    assert searches(database) == [{"patients": [clinic.patient.id]}]
