"""Files of patients, from the page through the worker to the clinic's records."""

import errno
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.features.patients.actions.archive import archive_patient
from scheduler.features.patients.imports.adding import add_batch
from scheduler.features.patients.imports.lease import claim_next
from scheduler.features.patients.imports.taking_back import take_back_batch
from scheduler.features.patients.views import imports as views
from scheduler.models import AuditEvent, Patient, PatientImportPiece, PatientSearchKey
from scheduler.worker.imports import look
from tests.features.conftest import SignedIn
from tests.features.patients.imports.conftest import (
    HEAD,
    columns,
    names,
    outcomes,
    problems,
    rows,
    send,
    step,
    the_import,
    work,
    worker,
)
from tests.support.clinic import NOW, SmallClinic
from tests.support.sign_in import csrf_token

Bring = Callable[..., int]
MARTA = "Marta Lindqvist"


@pytest.fixture
def desk(as_role: SignedIn) -> FlaskClient:
    return as_role("front_desk")


def approve(desk: FlaskClient, import_id: int, row: str) -> None:
    path = f"/patients/import/{import_id}/rows"
    assert desk.post(path, data={"row": row, "csrf_token": csrf_token(desk)}).status_code == 303


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
    with database.read() as session:
        assert (
            session.scalars(select(PatientImportPiece).where(PatientImportPiece.import_id == 1)).all() == []
        )
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "patients.imported")).first()
        assert event is not None and event.actor == "Front Desk" and len(event.detail["patients"]) == 200
    assert "Famaaaaab" in desk.get("/patients/search?q=famaaaaab").text


def test_nothing_comes_in_before_somebody_asks(database: Database, desk: FlaskClient, bring: Bring) -> None:
    import_id = bring(desk, HEAD + rows(5), add=False)
    assert set(outcomes(database, import_id)) == {"ready"}
    assert names(database) == [MARTA]
    step(desk, import_id, "throw-away")
    assert desk.get(f"/patients/import/{import_id}").status_code == 404


def test_each_bad_row_says_its_column_and_what_to_mend_and_the_others_come_in(
    database: Database, desk: FlaskClient, bring: Bring
) -> None:
    lines = [
        "A-1,Ruiz,Ana,14/3/1986,212 555 0188,ana@example.org",
        "A-2,=cmd|'/C calc'!A0,Luis,1/1/1980,,",
        "A-3,@SUM(A1),-2+3,1/1/1980,,",
        "A-4,Pérez,Juan,31/2/1980,12,juan@",
        'A-5,"Gómez,Pía,1/1/1981,,',
        "A-1,Vega,Sol,2/2/1982,,",
        "A-7,Marín,Eva,3/3/1983,,",
        "A-8,Cut,Of",
    ]
    import_id = bring(desk, (HEAD + "\n".join(lines)).encode("cp1252"))
    assert outcomes(database, import_id) == ["added", *["wrong"] * 5, "added", "wrong"]
    assert the_import(database, import_id).is_cut_off
    wrong = problems(database, import_id)
    assert [column for column, _ in wrong[3]] == ["Last name"]
    assert [column for column, _ in wrong[4]] == ["First name", "Last name"]
    assert [column for column, _ in wrong[5]] == ["DOB", "Phone", "Email"]
    assert "is not closed" in wrong[6][0][1] and "same record number" in wrong[7][0][1]
    assert "ends in the middle" in wrong[9][0][1]
    assert names(database) == [MARTA, "Ana Ruiz", "Eva Marín"]


def test_the_rows_left_out_come_back_mended_and_their_formulas_stay_asleep(
    database: Database, desk: FlaskClient, bring: Bring
) -> None:
    first = bring(desk, HEAD + "A-1,=SUM(1),Ana,14/3/1986,,\nA-2,Ruiz,Eva,1/1/1980,+12125550188,\n")
    file = desk.get(f"/patients/import/{first}/left-out.csv").data.decode("utf-8-sig")
    assert "'=SUM(1)" in file and "Last name: This cell begins like a formula" in file
    second = bring(desk, file.replace("'=SUM(1)", "Vega"))
    assert outcomes(database, second) == ["added"]
    assert names(database)[-1] == "Ana Vega"


def test_who_may_be_here_already_stays_out_until_a_person_says_otherwise(
    database: Database, desk: FlaskClient, bring: Bring
) -> None:
    file = HEAD + ",Lindqvist,Marthe,3/14/1986,,\n,Lind,Kai,3/14/1986,+1 212 555 0123,\n" + rows(2)
    file += ",Famaaaaab,Givaaaaab,2/2/1931,,\n"
    import_id = bring(desk, file, add=False)
    assert outcomes(database, import_id) == ["likely", "likely", "ready", "ready", "likely"]
    page = desk.get(f"/patients/import/{import_id}?rows=likely").text
    assert page.count("Marta Lindqvist, RV-00001") == 2 and "the same name and birth date" in page
    approve(desk, import_id, "1")
    step(desk, import_id, "add")
    work(database)
    assert outcomes(database, import_id) == ["added", "likely", "added", "added", "likely"]
    assert "Marthe Lindqvist" in names(database) and "Kai Lind" not in names(database)


def test_a_killed_worker_is_followed_by_another_and_writes_nothing_more(
    database: Database, desk: FlaskClient, bring: Bring
) -> None:
    import_id = bring(desk, HEAD + rows(450), add=False)
    step(desk, import_id, "add")
    first = database.attempt(lambda session: claim_next(session, NOW, "one"))
    assert first is not None
    assert database.attempt(lambda session: add_batch(session, NOW, first))
    later = NOW + timedelta(minutes=2)
    assert database.attempt(lambda session: claim_next(session, NOW, "two")) is None
    second = database.attempt(lambda session: claim_next(session, later, "two"))
    assert second is not None
    assert not database.attempt(lambda session: add_batch(session, later, first))
    while database.attempt(lambda session: add_batch(session, later, second)):
        pass
    assert outcomes(database, import_id) == ["added"] * 450
    assert len(names(database)) == 451


def test_two_workers_and_two_files_of_the_same_people_bring_nobody_in_twice(
    database: Database, desk: FlaskClient, bring: Bring
) -> None:
    both = [
        bring(desk, HEAD + rows(300, numbered=False) + extra, add=False) for extra in ("", rows(1, first=900))
    ]
    for import_id in both:
        step(desk, import_id, "add")
    workers = [threading.Thread(target=look, args=(worker(database, f"w{n}"),)) for n in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    work(database)
    assert len(names(database)) == len(set(names(database))) == 302


def test_an_import_stops_goes_on_and_is_taken_back_but_for_whom_somebody_touched(
    database: Database, desk: FlaskClient, bring: Bring, clinic: SmallClinic
) -> None:
    import_id = bring(desk, HEAD + rows(450), add=False)
    step(desk, import_id, "add")
    claim = database.attempt(lambda session: claim_next(session, NOW, "one"))
    assert claim is not None
    assert database.attempt(lambda session: add_batch(session, NOW, claim))
    step(desk, import_id, "stop")
    assert not database.attempt(lambda session: add_batch(session, NOW, claim))
    assert len(names(database)) == 201
    step(desk, import_id, "go-on")
    work(database)
    assert len(names(database)) == 451
    with database.write() as session:
        touched = session.scalars(select(Patient.id).order_by(Patient.id).offset(7)).first()
        archive_patient(session, Actor(None, "Rosa"), NOW, touched or 0)
    step(desk, import_id, "take-back")
    work(database)
    assert len(names(database)) == 2
    assert outcomes(database, import_id).count("taken_back") == 449
    assert "1 patient of this file stays" in desk.get(f"/patients/import/{import_id}").text
    with database.read() as session:
        left = set(session.scalars(select(PatientSearchKey.patient_id)))
        assert left == {clinic.patient.id, touched}
    assert not database.attempt(lambda session: take_back_batch(session, NOW, claim))
    assert set(outcomes(database, bring(desk, HEAD + rows(450), add=False))) == {"ready", "already"}


def test_a_file_that_is_too_large_or_finds_no_room_is_answered_clearly(
    database: Database, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST", 1_000)
    answer = send(desk, HEAD + rows(100))
    assert answer.status_code == 413 and "larger than 50 megabytes" in answer.text
    assert send(desk, b"").status_code == 422

    def full(*_: object) -> bytes:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(views, "sniff", full)
    answer = send(desk, HEAD + "1,2\n")
    assert answer.status_code == 503 and "disk of the web server is full" in answer.text


def test_only_a_file_may_be_larger_than_a_form_and_only_from_who_may_send_one(
    desk: FlaskClient, as_role: SignedIn
) -> None:
    for client, status in ((desk, 303), (as_role("administrator"), 413)):
        parts = (
            f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{csrf_token(client)}\r\n--x\r\n'
            'Content-Disposition: form-data; name="file"; filename="large.csv"\r\n\r\n'
            f"{HEAD}{',' * 3_000_000}\r\n--x--\r\n"
        )
        answer = client.post(
            "/patients/import", data=parts.encode(), content_type="multipart/form-data; boundary=x"
        )
        assert answer.status_code == status


def test_other_letters_or_another_separator_find_the_columns_anew(
    database: Database, desk: FlaskClient
) -> None:
    raw = "Apellidos;Nombre;Nacimiento\nNúñez;Ana;1/2/1980\n".encode("mac-roman")
    import_id = int(send(desk, raw).location.rsplit("/", 1)[1])
    answer = step(desk, import_id, "look", encoding="mac-roman", separator="semicolon")
    assert answer.status_code == 303
    assert "Núñez, Ana" in desk.get(f"/patients/import/{import_id}").text
    step(desk, import_id, "look", **{**columns(database, import_id), "column-2": ""})
    refused = step(desk, import_id, "check", **{**columns(database, import_id), "column-2": ""})
    assert refused.status_code == 422 and "Say which column holds the birth date." in refused.text
