"""A worker that brings files in, in the test's own process, and the desk that sends them."""

import random
from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from scheduler import clock
from scheduler.db import Database
from scheduler.models import Patient, PatientImport, PatientImportRow
from scheduler.worker.deliver import Post
from scheduler.worker.imports import look
from scheduler.worker.transports import FileTransport
from tests.support.clinic import NOW
from tests.support.sign_in import csrf_token

Send = Callable[..., TestResponse]
HEAD = "Record number,Last name,First name,DOB,Phone,Email\n"


def rows(count: int, *, first: int = 1, numbered: bool = True) -> str:
    """Rows of so many different people, in the columns of HEAD."""
    lines = []
    for number in range(first, first + count):
        record = f"MR-{number:06d}" if numbered else ""
        born = f"{number % 28 + 1}/{number % 12 + 1}/{1930 + number % 80}"
        name = "".join(chr(97 + int(digit)) for digit in f"{number:06d}")
        lines.append(f"{record},Fam{name},Giv{name},{born},,p{number}@example.org\n")
    return "".join(lines)


def worker(database: Database, name: str = "worker-1", now: Callable[[], object] = lambda: NOW) -> Post:
    """One worker's means."""
    return Post(database, FileTransport(None), name, now, random.Random(1), base_url="")  # type: ignore[arg-type]


def work(database: Database) -> None:
    """Let the worker do all that waits."""
    look(worker(database))


def send(client: FlaskClient, raw: bytes | str, name: str = "patients.csv") -> TestResponse:
    """Choose a file on the page."""
    data = raw if isinstance(raw, bytes) else raw.encode()
    form = {"file": (BytesIO(data), name), "csrf_token": csrf_token(client)}
    return client.post("/patients/import", data=form, content_type="multipart/form-data")


def step(client: FlaskClient, import_id: int, do: str, **fields: str) -> TestResponse:
    """Press a button of the import's page; `check` sends the columns as they were guessed."""
    path = f"/patients/import/{import_id}/{'columns' if do in {'check', 'look'} else 'steps'}"
    return client.post(path, data={"do": do, "csrf_token": csrf_token(client), **fields})


def columns(database: Database, import_id: int) -> dict[str, str]:
    """The form of the columns as it stands."""
    found = the_import(database, import_id)
    return {f"column-{place}": name for place, name in enumerate(found.columns)}


def the_import(database: Database, import_id: int) -> PatientImport:
    with database.read() as session:
        return session.get_one(PatientImport, import_id)


def outcomes(database: Database, import_id: int) -> list[str]:
    """What became of each row, in order."""
    with database.read() as session:
        found = session.scalars(
            select(PatientImportRow.outcome)
            .where(PatientImportRow.import_id == import_id)
            .order_by(PatientImportRow.number)
        )
        return [one.value for one in found]


def problems(database: Database, import_id: int) -> dict[int, list[list[str]]]:
    """Line to what is wrong with its row."""
    with database.read() as session:
        found = session.scalars(select(PatientImportRow).where(PatientImportRow.import_id == import_id))
        return {row.line: row.problems for row in found if row.problems}


def names(database: Database) -> list[str]:
    """Everybody in the clinic."""
    with database.read() as session:
        return [one.name for one in session.scalars(select(Patient).order_by(Patient.id))]


@pytest.fixture
def bring(database: Database) -> Callable[..., int]:
    """Send a file, check it, and by default bring it in; gives the import's id."""

    def brought(client: FlaskClient, raw: bytes | str, *, add: bool = True) -> int:
        answer = send(client, raw)
        assert answer.status_code == 303, answer.text
        import_id = int(answer.location.rsplit("/", 1)[1])
        assert step(client, import_id, "check", **columns(database, import_id)).status_code == 303
        work(database)
        if add:
            assert step(client, import_id, "add").status_code == 303
            work(database)
        return import_id

    assert clock.now() == NOW
    return brought
