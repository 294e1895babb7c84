"""The pages of a merge: the other record is found, what differs is chosen, and old addresses lead on."""

import csv
import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from scheduler import clock
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.patients.actions.archive import archive_patient
from scheduler.features.patients.actions.save import update_patient
from scheduler.features.patients.data import PatientData
from scheduler.models import Patient
from tests.features.patients.merging.test_merge import ROSA, TIM
from tests.support.booked import make_course, wall
from tests.support.clinic import NOW, SmallClinic, make_patient, small_clinic
from tests.support.sign_in import cheap_app, csrf_token, sign_in

FORM = {"with": "2", "kept_version": "1", "other_version": "1", "field-family_name": "other"}


@pytest.fixture
def clinic(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> SmallClinic:
    """Marta twice: the second record, Martha Vogel, has a course."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with sqlite.write() as session:
        found = small_clinic(session)
        other = make_patient(session, found.site, 2, given_name="Martha", family_name="Vogel")
        make_course(session, found, [wall(found, "2026-11-10 09:30")], patient=other)
    return found


@pytest.fixture
def desk(config: Config, sqlite: Database, clinic: SmallClinic) -> FlaskClient:
    """A client of the front desk."""
    client = cheap_app(config, sqlite).test_client()
    sign_in(client, sqlite, clinic.users["front_desk"])
    return client


def post(client: FlaskClient, path: str, form: dict[str, Any]) -> TestResponse:
    """Send a form."""
    return client.post(path, data=form | {"csrf_token": csrf_token(client)})


def test_the_other_record_is_offered_or_found_and_shown_beside_this_one(desk: FlaskClient) -> None:
    assert 'href="/patients/1/merge"' in desk.get("/patients/1").text
    offered = desk.get("/patients/1/merge").text
    assert 'href="/patients/1/merge?with=2"' in offered
    assert "Martha Vogel" in desk.get("/patients/1/merge?q=vogel").text
    both = desk.get("/patients/1/merge?with=2").text
    assert "1 course with all visits" in both
    assert 'name="field-family_name" value="other"' in both
    assert 'name="field-birth_date"' not in both


def test_a_merged_record_leads_to_the_kept_one_and_the_merge_is_undone_there(desk: FlaskClient) -> None:
    assert post(desk, "/patients/1/merge", FORM).location == "/patients/1"
    for path in ("/patients/2", "/patients/2/edit", "/patients/2/merge"):
        assert desk.get(path).location in ("/patients/1", "/patients/2")
    page = desk.get("/patients/2", follow_redirects=True).text
    assert "Martha Vogel, RV-00002, was merged into this record." in page
    assert "Merged into this record" in page
    assert "Marta Vogel" in desk.get("/patients/search?q=RV-00002").text
    rows = list(csv.DictReader(io.StringIO(desk.get("/patients/export.csv").data.decode("utf-8-sig"))))
    assert [row["Merged into"] for row in rows] == ["", "RV-00001"]
    assert post(desk, "/patients/2/unmerge", {}).location == "/patients/2"
    assert "is a record of its own again" in desk.get("/patients/2").text
    assert post(desk, "/patients/2/unmerge", {}).status_code == 409


def test_of_two_guardians_one_is_chosen_and_comes_back_with_the_record(
    desk: FlaskClient, sqlite: Database
) -> None:
    with sqlite.write() as session:
        session.get_one(Patient, 1).guardian_name = "Ada Lindqvist"
        session.get_one(Patient, 2).guardian_name = "Olga Vogel"
    page = desk.get("/patients/1/merge?with=2").text
    assert "Parent or guardian" in page and "Ada Lindqvist" in page and "Olga Vogel" in page
    seen = {"with": "2", "kept_version": "2", "other_version": "2"}
    post(desk, "/patients/1/merge", seen | {"field-guardian_name": "other"})
    assert guardian_of(sqlite, 1) == "Olga Vogel"
    post(desk, "/patients/2/unmerge", {})
    assert (guardian_of(sqlite, 1), guardian_of(sqlite, 2)) == ("Ada Lindqvist", "Olga Vogel")


def guardian_of(database: Database, patient_id: int) -> str:
    """Who stands on the record."""
    with database.read() as session:
        return session.get_one(Patient, patient_id).guardian_name


def test_what_was_chosen_stays_when_somebody_was_faster(
    desk: FlaskClient, clinic: SmallClinic, sqlite: Database
) -> None:
    data = PatientData("Marthe", "Vogel", clinic.patient.birth_date, clinic.site.id)
    with sqlite.write() as session:
        update_patient(session, TIM, NOW, 2, data, 1)
    answer = post(desk, "/patients/1/merge", FORM)
    assert answer.status_code == 409
    assert "was changed by Tim while you looked" in answer.text
    assert 'name="field-family_name" value="other" checked' in answer.text
    assert 'name="other_version" value="2"' in answer.text


def test_what_stands_in_the_way_is_said_before_and_nothing_can_be_sent(
    desk: FlaskClient, clinic: SmallClinic, sqlite: Database
) -> None:
    with sqlite.write() as session:
        make_course(session, clinic, [wall(clinic, "2026-11-12 09:30")])
    page = desk.get("/patients/1/merge?with=2").text
    assert "Both have a course that goes on" in page
    assert "Merge the records" not in page
    assert post(desk, "/patients/1/merge", FORM).status_code == 422


def test_who_was_archived_is_found_in_the_bar_with_a_mark(
    desk: FlaskClient, clinic: SmallClinic, sqlite: Database
) -> None:
    with sqlite.write() as session:
        archive_patient(session, ROSA, NOW, clinic.patient.id)
    assert "RV-00001, archived" in desk.get("/patients/search?q=lindq").text
    assert "archived" not in desk.get("/patients/search?q=vogel").text
