"""The file of all patients: complete, harmless in a spreadsheet, and written down."""

import csv
import io
from datetime import date

import pytest
from sqlalchemy import select

from scheduler.actor import COMMAND
from scheduler.db import Database
from scheduler.features.patients import views
from scheduler.features.patients.actions.archive import archive_patient
from scheduler.features.patients.actions.save import add_patient
from scheduler.features.patients.data import PatientData
from scheduler.models import AuditEvent, Patient
from tests.features.conftest import SignedIn
from tests.support.clinic import NOW, SmallClinic


@pytest.fixture
def database(sqlite: Database) -> Database:
    return sqlite


def test_all_patients_stand_in_the_file_and_no_cell_is_a_formula(
    as_role: SignedIn, database: Database, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views.lists, "PIECE", 2)
    with database.write() as session:
        for name in ("=cmd|x", "+Øst", "-Ruiz", "@Berg", 'O"Neil, Jr'):
            data = PatientData(name, name, date(1990, 2, 3), clinic.site.id, phone="+493012345678")
            add_patient(session, COMMAND, NOW, data)
        session.get_one(Patient, clinic.patient.id).guardian_name = "=Ada"
        archive_patient(session, COMMAND, NOW, clinic.patient.id)
    answer = as_role("front_desk").get("/patients/export.csv")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="patients-')
    head, marta, *others = csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))
    assert head[:4] == ["Record number", "Family name", "Given name", "Birth date"]
    assert marta[:5] == ["RV-00001", "Lindqvist", "Marta", "1986-03-14", "(212) 555-0123"]
    assert marta[-4:] == ["'=Ada", "Riverside", "2026-11-02", ""]
    assert [row[1] for row in others] == ["'=cmd|x", "'+Øst", "'-Ruiz", "'@Berg", 'O"Neil, Jr']
    assert {row[4] for row in others} == {"'+49 30 12345678"}


def test_who_took_the_file_and_how_many_stood_in_it_is_audited(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    as_role("nurse").get("/patients/export.csv")
    with database.read() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "patients.exported")).one()
    assert (event.actor_id, event.detail) == (clinic.users["nurse"].id, {"shown": 1})
