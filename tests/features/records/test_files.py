"""One person's whole record given out: all that is stored of them, nothing of anybody else, and noted."""

import json
from io import BytesIO

import pytest
from icalendar import Calendar
from pypdf import PdfReader
from sqlalchemy import func, select

from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.records.graph import parts_of
from scheduler.features.records.queries.dump import LEFT_OUT
from scheduler.models import AuditEvent, ConsultationRequest, Patient, PatientCaution, PatientLink, metadata
from tests.features.conftest import clients_of, morning_clinic
from tests.features.records.conftest import corrected, written_to
from tests.support.clinic import NOW, TODAY, make_patient
from tests.support.course_logs import Signer, signer
from tests.support.pdf import elements
from tests.support.visits import add_six


@pytest.fixture
def person(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> Signer:
    """Patient 1 with a signed course and messages; a second one is somebody else."""
    found = signer(sqlite, morning_clinic(sqlite, monkeypatch))
    with sqlite.write() as session:
        corrected(session)
        written_to(session, found.clinic, found.course_id)
        session.add(
            PatientLink(
                token_hash="secret", purpose="unsubscribe", patient_id=1, created_at=NOW, expires_at=NOW
            )
        )
        session.add(PatientCaution(patient_id=1, kind="allergy", words="Penicillin", noted_at=NOW))
        session.get_one(Patient, 1).guardian_name = "Ada Berg"
        otto = make_patient(session, found.clinic.site, 2, given_name="Otto", family_name="Vogel")
        add_six(session, found.clinic, [TODAY], patient=otto, chair=1)
    found.give_all_reasons()
    found.sign()
    return found


def test_the_record_as_json_holds_every_row_and_no_secret(
    sqlite: Database, person: Signer, config: Config
) -> None:
    client = clients_of(config, sqlite, person.clinic)("clinician")
    answer = client.get("/patients/1/record.json")
    record = json.loads(answer.data)
    assert record["record_number"] == "RV-00001" and record["made_at"] == "2026-11-02T15:00:00Z"
    with sqlite.read() as session:
        stored = {
            part.table.name: number
            for part in parts_of(session, [1])
            if part.table.name not in LEFT_OUT
            and (number := session.scalar(select(func.count()).select_from(part.table).where(part.where)))
        }
    assert {name: len(rows) for name, rows in record["tables"].items()} == stored
    assert len(stored) > 12 and "patient_links" in stored
    assert "Vogel" not in answer.text and "token_hash" not in answer.text
    [signed] = [row for row in record["tables"]["signed_records"] if row["infusion_id"] is None]
    assert json.loads(signed["record"])["patient"]["record_number"] == "RV-00001"
    assert record["staff"][str(person.ada.user_id)] == person.ada.label
    assert "Lindqvist" not in answer.headers["Content-Disposition"]


def test_the_record_on_paper_is_tagged_and_holds_the_courses_and_what_stands_beside_them(
    sqlite: Database, person: Signer, config: Config
) -> None:
    client = clients_of(config, sqlite, person.clinic)("clinician")
    pdf = PdfReader(BytesIO(client.get("/patients/1/record.pdf").data))
    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    for words in (
        "Marta Lindqvist",
        "RV-00001",
        "Penicillin",
        "Course 1",
        "Signed the course log",
        "35 mg",
        "Ada Berg",
    ):
        assert words in text
    kinds = {str(each["/S"]) for each in elements(pdf)}
    assert {"/H1", "/H2", "/Table", "/TH"} <= kinds
    assert pdf.metadata is not None and pdf.metadata.title == "Record of Marta Lindqvist"


def test_the_calendar_holds_each_appointment_once_and_tells_nothing_else(
    sqlite: Database, person: Signer, config: Config
) -> None:
    client = clients_of(config, sqlite, person.clinic)("clinician")
    events = Calendar.from_ical(client.get("/patients/1/record.ics").data).walk("VEVENT")
    assert len({str(event["UID"]) for event in events}) == len(events) == 6
    assert {str(event["SUMMARY"]) for event in events} == {"Appointment"}


def test_whoever_was_never_treated_has_a_record_as_well_and_each_look_is_noted(
    sqlite: Database, person: Signer, config: Config
) -> None:
    with sqlite.write() as session:
        session.add(
            ConsultationRequest(
                site_id=1, source="desk", request_key="k", given_name="Otto", family_name="Vogel",
                phone="+12125550123", consent_at=NOW, consent_words="Yes", received_at=NOW, status_since=NOW,
                patient_id=2,
            )
        )  # fmt: skip
    client = clients_of(config, sqlite, person.clinic)("clinician")
    assert client.get("/patients/2/record.pdf").data.startswith(b"%PDF")
    assert b"BEGIN:VCALENDAR" in client.get("/patients/2/record.ics").data
    assert "consultation_requests" in client.get("/patients/2/record.json").get_json()["tables"]
    with sqlite.read() as session:
        rows = select(AuditEvent).where(AuditEvent.action == "record.exported").order_by(AuditEvent.id)
        noted = [(row.patient_id, row.detail["format"]) for row in session.scalars(rows)]
    assert noted == [(2, "pdf"), (2, "ics"), (2, "json")]
    assert set(metadata.tables) >= LEFT_OUT
