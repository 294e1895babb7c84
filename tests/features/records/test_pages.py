"""The pages of records: names for clinicians, deletion for administrators, nothing typed is lost."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler import clock
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.intake.person import become_patient
from scheduler.models import LegalHold, Patient, RecordRemoval
from scheduler.worker.retention import Remover
from tests.features.conftest import SignedIn, clients_of, morning_clinic
from tests.support.clinic import NOW, SmallClinic, make_patient
from tests.support.requests import ROSA, make_request
from tests.support.sign_in import csrf_token

OLD = NOW.replace(year=2001)


@pytest.fixture
def clinic(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> SmallClinic:
    """Marta, and Otto who was known 25 years ago."""
    found = morning_clinic(sqlite, monkeypatch)
    with sqlite.write() as session:
        make_patient(session, found.site, 2, given_name="Otto", family_name="Vogel", created_at=OLD)
    return found


@pytest.fixture
def as_role(config: Config, sqlite: Database, clinic: SmallClinic) -> SignedIn:
    """A client of somebody with the role."""
    return clients_of(config, sqlite, clinic)


def post(client: FlaskClient, path: str, **fields: str):  # type: ignore[no-untyped-def]
    """Send a form of ours."""
    return client.post(path, data={**fields, "csrf_token": csrf_token(client)})


def test_an_administrator_sees_how_much_there_is_and_no_name(as_role: SignedIn) -> None:
    page = as_role("administrator").get("/patients/2/record").text
    assert "Record RV-00002" in page and "Delete this record" in page
    assert "Vogel" not in page and "record.json" not in page
    page = as_role("clinician").get("/patients/2/record").text
    assert "Otto Vogel" in page and "record.json" in page and "Delete this record" not in page
    assert as_role("nurse").get("/patients/2/record").status_code == 403


def test_a_record_is_deleted_with_its_number_and_a_reason_only(as_role: SignedIn, sqlite: Database) -> None:
    client = as_role("administrator")
    answer = post(client, "/patients/2/record/delete", number="RV-00001", reason="The daughter asked")
    assert answer.status_code == 422
    assert "not the number of this record" in answer.text and "The daughter asked" in answer.text
    assert post(client, "/patients/2/record/delete", number="RV-00002", reason=" ").status_code == 422
    assert post(client, "/patients/2/record/delete", number="rv-00002", reason="She asked").status_code == 303
    page = client.get("/settings/retention").text
    assert "RV-00002" in page and "She asked" in page
    assert client.get("/patients/2/record").status_code == 404
    with sqlite.read() as session:
        assert session.scalars(select(Patient.id)).all() == [1]
        assert session.scalars(select(RecordRemoval.person_id)).all() == [2]


def test_who_was_here_lately_is_deleted_as_far_as_the_law_goes(as_role: SignedIn, sqlite: Database) -> None:
    client = as_role("administrator")
    assert "The law asks for the chart until 2 Nov 2033" in client.get("/patients/1/record").text
    answer = post(client, "/patients/1/record/delete", number="RV-00001", reason="She asked")
    assert answer.status_code == 303
    assert "the rest may go from 2 Nov 2033" in client.get("/settings/retention").text
    with sqlite.read() as session:
        assert session.get_one(Patient, 1).given_name == "Marta"


def test_a_hold_stands_until_it_is_lifted_with_a_reason(as_role: SignedIn, sqlite: Database) -> None:
    client = as_role("clinician")
    assert post(client, "/patients/2/record/holds", reason=" ").status_code == 422
    assert post(client, "/patients/2/record/holds", reason="A claim").status_code == 303
    administrator = as_role("administrator")
    assert "Under a legal hold" in administrator.get("/patients/2/record").text
    assert "A claim" in administrator.get("/settings/retention").text
    refused = post(administrator, "/patients/2/record/delete", number="RV-00002", reason="She asked")
    assert refused.status_code == 422 and "under a legal hold" in refused.text
    assert post(client, "/patients/1/record/holds/1/lift", reason="Settled").status_code == 404
    assert post(client, "/patients/2/record/holds/1/lift", reason="").status_code == 422
    assert post(client, "/patients/2/record/holds/1/lift", reason="Settled").status_code == 303
    assert "Settled" in client.get("/patients/2/record").text
    with sqlite.read() as session:
        assert session.scalars(select(LegalHold.lift_reason)).all() == ["Settled"]


def test_a_request_without_a_record_is_held_and_goes_over_to_the_record_it_becomes(
    as_role: SignedIn, clinic: SmallClinic, sqlite: Database
) -> None:
    with sqlite.write() as session:
        make_request(session, clinic)
    client, administrator = as_role("clinician"), as_role("administrator")
    assert "Place a hold" in client.get("/requests/1").text
    assert post(client, "/requests/1/holds", reason="").status_code == 422
    assert post(client, "/requests/1/holds", reason="A claim").status_code == 303
    assert "Not erased until it is lifted" in as_role("front_desk").get("/requests/1").text
    known = administrator.get("/requests/1/holds").text
    assert "Under a legal hold" in known and "Okafor" not in known
    assert "Okafor1" in client.get("/requests/1/holds").text
    page = administrator.get("/settings/retention").text
    assert "A claim" in page and 'href="/requests/1/holds"' in page
    assert post(client, "/requests/2/holds/1/lift", reason="Settled").status_code == 404
    with sqlite.write() as session:
        patient = become_patient(session, ROSA, NOW, 1, date(1990, 7, 1))
    assert client.get("/requests/1/holds").location == f"/patients/{patient.id}/record"
    assert "Under a legal hold" in administrator.get(f"/patients/{patient.id}/record").text
    assert post(client, "/requests/1/holds", reason="Another").location == f"/patients/{patient.id}/record"


def test_what_is_past_its_time_goes_when_somebody_has_looked_at_it(
    as_role: SignedIn, sqlite: Database
) -> None:
    client = as_role("administrator")
    page = client.get("/settings/retention").text
    assert "This deletes 1 record for good" in page and "RV-00002" in page and "Vogel" not in page
    unsure = post(client, "/settings/retention/runs", seen="1.0")
    assert unsure.status_code == 422 and "Tick that you have looked" in unsure.text
    assert post(client, "/settings/retention/runs", seen="2.0", sure="1").status_code == 409
    assert post(client, "/settings/retention/runs", seen="1.0", sure="1").status_code == 303
    part = client.get("/settings/retention", headers={"HX-Request": "true"}).text
    assert "Waits for the worker" in part and "every 2s" in part and "<html" not in part
    Remover(sqlite, clock.now).look()
    assert "Nothing is past its time" in client.get("/settings/retention").text
    with sqlite.read() as session:
        assert session.scalars(select(Patient.id)).all() == [1]


def test_a_run_can_be_stopped_and_years_come_back_as_they_were_typed(
    as_role: SignedIn, sqlite: Database
) -> None:
    client = as_role("administrator")
    post(client, "/settings/retention/runs", seen="1.0", sure="1")
    assert post(client, "/settings/retention/runs/1/stop").status_code == 303
    assert "Ended early" in client.get("/settings/retention").text
    wrong = post(client, "/settings/retention/logs", years="10", least="1", until_age="0", seen="0")
    assert wrong.status_code == 422 and "for 2 years at least" in wrong.text
    wrong = post(client, "/settings/retention/chart", years="ten", least="7", until_age="21", seen="0")
    assert wrong.status_code == 422 and 'value="ten"' in wrong.text
    good = post(client, "/settings/retention/chart", years="30", least="7", until_age="21", seen="0")
    assert good.status_code == 303
    assert "Nothing is past its time" in client.get("/settings/retention").text
    found = client.get("/settings/retention/record?number=XX-1")
    assert found.status_code == 404 and 'value="XX-1"' in found.text
