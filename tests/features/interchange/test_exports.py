"""The export of the whole clinic over the page: asked for, made by the worker, fetched, removed."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler import clock
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.interchange.actions.work import finish, note_progress, take
from scheduler.features.interchange.folder import exports_of
from scheduler.models import AuditEvent, ClinicExport, Role
from scheduler.worker.exports import Exporter
from tests.features.conftest import clients_of
from tests.features.interchange.conftest import charted
from tests.support.clinic import NOW, make_user
from tests.support.post import Clock
from tests.support.sign_in import csrf_token


@dataclass
class Clinic:
    """A clinic with a worker and two clinicians."""

    database: Database
    clock: Clock
    enter: Callable[[str], FlaskClient]
    folder: Path
    worker: Exporter = field(init=False)

    def __post_init__(self) -> None:
        self.worker = Exporter(self.database, self.folder, "https://clinic.example/fhir", self.clock.now)

    def ask(self, role: str = "clinician", purpose: str = "Moving to another program") -> int:
        """Ask for an export on the page; the answer's status."""
        client = self.enter(role)
        form = {"purpose": purpose, "csrf_token": csrf_token(client)}
        return client.post("/exports", data=form).status_code

    def files(self) -> list[str]:
        """What lies in the folder."""
        return sorted(file.name for file in self.folder.glob("*")) if self.folder.exists() else []


@pytest.fixture
def place(config: Config, sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    """On the Monday of the small clinic."""
    moving = Clock(NOW)
    monkeypatch.setattr(clock, "now", moving.now)
    clinic = charted(sqlite)
    with sqlite.write() as session:
        clinic.users["other"] = make_user(session, Role.CLINICIAN, clinic.site, "other")
    return Clinic(sqlite, moving, clients_of(config, sqlite, clinic), exports_of(config))


def test_the_file_is_fetched_by_whom_asked_for_it_within_a_day_and_the_audit_knows(place: Clinic) -> None:
    assert place.ask() == 303
    assert b"Waits for the worker" in place.enter("clinician").get("/exports").data
    place.worker.look()
    assert b"Ready" in place.enter("clinician").get("/exports").data
    answer = place.enter("clinician").get("/exports/1/file", buffered=True)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert len(archive.read("Patient.ndjson").splitlines()) == 2
    assert (place.folder / place.files()[0]).stat().st_mode & 0o777 == 0o600
    assert place.enter("other").get("/exports/1/file").status_code == 404
    with place.database.read() as session:
        trail = session.scalars(select(AuditEvent.action).where(AuditEvent.entity == "clinic_export")).all()
    assert trail == ["clinic.export_asked", "clinic.exported"]
    place.clock.move(hours=24)
    assert place.enter("clinician").get("/exports/1/file").status_code == 404
    place.worker.look()
    assert place.files() == []


def test_no_export_without_a_purpose_and_one_at_a_time(place: Clinic) -> None:
    assert place.ask(purpose=" ") == 422
    assert [place.ask(), place.ask()] == [303, 303]
    assert place.ask("other") == 422
    with place.database.read() as session:
        assert len(session.scalars(select(ClinicExport)).all()) == 1


def test_a_worker_that_died_is_followed_by_another_that_begins_anew(place: Clinic) -> None:
    place.ask()
    with place.database.write() as session:
        assert take(session, NOW) is not None
    place.folder.mkdir(parents=True)
    (place.folder / ".clinic-1-1.zip.part").write_bytes(b"half")
    place.worker.look()
    assert place.files() == [".clinic-1-1.zip.part"]  # It may still be at work.
    place.clock.at += timedelta(minutes=5)
    place.worker.look()
    assert place.files() == ["clinic-1-2.zip"]


def test_a_worker_whose_export_another_one_has_taken_writes_nothing_more(place: Clinic) -> None:
    place.ask()
    with place.database.write() as session:
        frozen = take(session, NOW)
        next_one = take(session, NOW + timedelta(minutes=5))
        assert frozen is not None
        assert next_one is not None
        assert not note_progress(session, NOW, frozen, 1, 2)
        assert not finish(session, NOW, frozen, "clinic-1-1.zip", 4)
        assert note_progress(session, NOW, next_one, 1, 2)


def test_a_worker_that_is_stopped_leaves_the_export_to_the_next_one_at_once(place: Clinic) -> None:
    place.ask()
    place.worker.look(lambda: True)
    assert place.files() == []
    place.worker.look()
    assert place.files() == ["clinic-1-2.zip"]
