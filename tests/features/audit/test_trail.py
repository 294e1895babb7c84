"""The administrator's page of the audit trail."""

import csv
import io

from sqlalchemy import select

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.features.audit.actions import record
from scheduler.models import AuditCheck, AuditEvent, Patient
from tests.features.conftest import SignedIn as AsRole
from tests.features.conftest import as_role, clinic
from tests.support.clinic import NOW
from tests.support.sign_in import csrf_token

__all__ = ["as_role", "clinic"]


def lines_of(page: str) -> int:
    """How many events a page shows."""
    return page.count('data-l="Who:"')


def written(database: Database) -> str:
    """Two deeds of a nurse about one patient, a year apart; the patient's record number."""
    with database.write() as session:
        patient = session.scalars(select(Patient).order_by(Patient.id).limit(1)).one()
        nurse = Actor(2, "Nurse =Noor", "192.0.2.7")
        for at in (NOW.replace(year=NOW.year - 1), NOW):
            record(
                session, nurse, at, "course.log_read", "course", 7, patient.id, fields=["a", "b"], again=True
            )
        return patient.record_number


def test_the_trail_is_found_by_who_what_whose_record_and_when(as_role: AsRole, database: Database) -> None:
    number = written(database)
    client = as_role("administrator")
    for query, shown in (
        (f"patient={number.lower()}&what=Course+log+read", 2),
        (f"patient={number}&what=course&from={NOW:%Y-%m-%d}", 1),
        (f"patient={number}&what=course&until={NOW.year - 1}-{NOW:%m-%d}", 1),
        ("who=2&what=course.log", 2),
        ("who=program&what=course.log", 0),
        ("what=course%25", 0),
        ("patient=NOBODY", 0),
    ):
        page = client.get(f"/settings/audit?{query}").text
        assert lines_of(page) == shown, query
    assert "Nothing fits" in page


def test_a_day_that_is_none_keeps_what_was_typed_and_says_so(as_role: AsRole) -> None:
    page = as_role("administrator").get("/settings/audit?from=2026-13-01&until=2026-05-02").text
    assert "Write the day as 2026-05-15" in page and 'value="2026-13-01"' in page
    page = as_role("administrator").get("/settings/audit?from=2026-06-01&until=2026-05-02").text
    assert "not before the first one" in page


def test_it_names_records_and_no_patients(as_role: AsRole, database: Database) -> None:
    number = written(database)
    page = as_role("administrator").get(f"/settings/audit?patient={number}").text
    with database.read() as session:
        patient = session.scalars(select(Patient).where(Patient.record_number == number)).one()
    assert f"record {number}" in page and patient.family_name not in page
    assert "fields: a, b" in page and "again: yes" in page


def test_pages_follow_each_other_without_a_gap(as_role: AsRole, database: Database) -> None:
    with database.write() as session:
        for number in range(120):
            record(session, Actor(None, "worker"), NOW, "message.sent", "message", number)
    client, address, seen = as_role("administrator"), "/settings/audit?what=message+sent", 0
    for _ in range(3):
        page = client.get(address).text
        seen += lines_of(page)
        address = page.split('rel="next"')[0].rsplit('href="', 1)[-1].split('"')[0].replace("&amp;", "&")
    assert seen == 120 and 'rel="next"' not in page and 'rel="prev"' in page


def test_the_file_holds_all_that_fits_and_taking_it_is_an_event(as_role: AsRole, database: Database) -> None:
    number = written(database)
    answer = as_role("administrator").get(f"/settings/audit.csv?patient={number}&what=course+log+read")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row["record number"] for row in rows] == [number, number]
    assert {row["who"] for row in rows} == {"Nurse =Noor"} and rows[0][
        "details"
    ] == "again: yes; fields: a, b"
    with database.read() as session:
        last = session.scalars(select(AuditEvent).where(AuditEvent.action == "audit.exported")).one()
    assert last.detail == {"narrowed_by": ["patient", "what"]}


def test_a_check_is_asked_for_once(as_role: AsRole, database: Database) -> None:
    client = as_role("administrator")
    for _ in range(2):
        assert (
            client.post("/settings/audit/check", data={"csrf_token": csrf_token(client)}).status_code == 303
        )
    with database.read() as session:
        assert session.query(AuditCheck).count() == 1
    page = client.get("/settings/audit").text
    assert "It looks again within a minute" in page and "Check all seals now" not in page
