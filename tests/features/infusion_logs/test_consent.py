"""The answer that gives itself: a consent that was signed by the day of the visit is on file."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from scheduler.db import Database
from scheduler.models import Infusion, InfusionLog
from tests.features.conftest import SignedIn
from tests.features.infusion_logs.test_page import page, post
from tests.support.clinic import NOW, TODAY, SmallClinic
from tests.support.consents import add_text, signed
from tests.support.visits import add_six


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The pages are the same on both databases."""
    return sqlite


@pytest.fixture
def visit(database: Database, clinic: SmallClinic) -> Infusion:
    """A visit today at 09:30; it is 10:00."""
    with database.write() as session:
        return add_six(session, clinic, [TODAY], "09:30")[1][0]


def answer(database: Database) -> str | None:
    """What the log says of the consent."""
    with database.read() as session:
        return session.scalars(select(InfusionLog.consent_on_file)).one()


def test_a_signed_consent_is_ticked_with_its_date_and_kept_with_the_first_save(
    as_role: SignedIn, database: Database, clinic: SmallClinic, visit: Infusion
) -> None:
    nurse = as_role("nurse")
    with database.write() as session:
        text = add_text(session)
    assert "Not signed by this day: Treatment." in page(nurse, visit)
    with database.write() as session:
        signed(session, clinic.patient.id, text)
    shown = page(nurse, visit)
    assert "Signed: Treatment on 2 Nov 2026." in shown
    assert 'name="consent_on_file" value="yes" checked' in shown
    post(nurse, visit, "notes", seen="0", notes="Slept")
    assert answer(database) == "yes"


def test_what_was_signed_later_ticks_nothing(
    as_role: SignedIn, database: Database, clinic: SmallClinic, visit: Infusion
) -> None:
    with database.write() as session:
        signed(session, clinic.patient.id, add_text(session), at=NOW + timedelta(days=1))
    post(as_role("nurse"), visit, "notes", seen="0", notes="Slept")
    assert answer(database) is None


def test_a_no_is_not_overruled(
    as_role: SignedIn, database: Database, clinic: SmallClinic, visit: Infusion
) -> None:
    nurse = as_role("nurse")
    post(nurse, visit, "before", seen="0", consent_on_file="no")
    with database.write() as session:
        signed(session, clinic.patient.id, add_text(session))
    post(nurse, visit, "notes", seen="0", notes="Slept well")
    assert answer(database) == "no"
