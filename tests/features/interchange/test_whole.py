"""The whole clinic in files: all of it, in little memory, and nothing half written."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import event, select

from scheduler.cli.export import export
from scheduler.db import Database
from scheduler.errors import BusyError, ConflictError
from scheduler.features.interchange import whole
from scheduler.features.interchange.whole import write_clinic
from scheduler.models import AuditEvent, Patient
from tests.rendering.fhir.reading import Found, checked, names, references, resolves
from tests.support.clinic import NOW, SmallClinic, make_patient
from tests.support.visits import add_six

BASE = "https://clinic.example/fhir"


def deaf(done: int, total: int) -> None:
    """Hears nothing of the progress."""


def lines(folder: Path) -> list[Found]:
    """All resources of all files."""
    return [
        json.loads(text)
        for file in sorted(folder.glob("*.ndjson"))
        for text in file.read_bytes().splitlines()
    ]


def test_all_patients_leave_each_kind_in_its_file_and_all_references_resolve(
    database: Database, chart: SmallClinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole, "BATCH", 1)
    told: list[tuple[int, int]] = []
    counts = write_clinic(database, tmp_path / "all", BASE, NOW, lambda *far: told.append(far))
    found = lines(tmp_path / "all")
    assert told == [(0, 2), (1, 2), (2, 2)]
    assert len(set(names(found))) == len(found) == sum(counts.values())
    for resource in found:
        checked(resource)
        assert all(resolves(each, resource, set(names(found))) for each in references(resource))
    said = json.loads((tmp_path / "all" / "manifest.json").read_text())
    assert {each["url"]: each["count"] for each in said["output"]} == {
        f"{kind}.ndjson": n for kind, n in counts.items()
    }
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "all").iterdir()} == {0o600}


def test_an_export_that_breaks_off_leaves_no_file_and_the_next_one_begins_anew(
    sqlite: Database, fast_chart: SmallClinic, tmp_path: Path
) -> None:
    def breaks(done: int, total: int) -> None:
        if done:
            raise ConnectionError

    place = tmp_path / "exports"
    with pytest.raises(BusyError):
        write_clinic(sqlite, place / "all", BASE, NOW, breaks)
    assert list(place.iterdir()) == []
    write_clinic(sqlite, place / "all", BASE, NOW, deaf)
    write_clinic(sqlite, place / "again", BASE, NOW, deaf)
    assert lines(place / "all") == lines(place / "again") != []


def test_records_merged_meanwhile_make_it_begin_anew(
    sqlite: Database, fast_chart: SmallClinic, tmp_path: Path
) -> None:
    with sqlite.write() as session:
        third = make_patient(session, fast_chart.site, 3).id
    rounds: list[int] = []

    def merges_once(done: int, total: int) -> None:
        rounds.append(done)
        if rounds == [0, 3]:
            with sqlite.write() as session:
                row = session.get_one(Patient, third)
                row.archived_at, row.merged_into_id = NOW, 1

    write_clinic(sqlite, tmp_path / "all", BASE, NOW, merges_once)
    assert rounds == [0, 3, 0, 3]
    (kept,) = (each for each in lines(tmp_path / "all") if names([each]) == ["Patient/1"])
    assert [link["other"]["reference"] for link in kept["link"]] == ["Patient/2", "Patient/3"]


def test_as_many_queries_for_many_patients_as_for_one(
    sqlite: Database, fast_chart: SmallClinic, tmp_path: Path
) -> None:
    asked: list[str] = []
    event.listen(sqlite.engine, "before_cursor_execute", lambda *about: asked.append(about[2]))
    write_clinic(sqlite, tmp_path / "few", BASE, NOW, deaf)
    few = len(asked)
    with sqlite.write() as session:
        for number in range(3, 13):
            patient = make_patient(session, fast_chart.site, number)
            add_six(session, fast_chart, [(NOW - timedelta(days=30 * number)).date()], patient=patient)
    asked.clear()
    write_clinic(sqlite, tmp_path / "many", BASE, NOW, deaf)
    assert len(asked) <= few


def test_the_command_writes_the_clinic_tells_how_far_it_is_and_stands_in_the_audit(
    sqlite: Database, fast_chart: SmallClinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite.url)
    monkeypatch.setenv("SIXFOLD_HOME", str(tmp_path / "home"))
    words = ["--to", str(tmp_path / "out")]
    said = CliRunner().invoke(export, words, catch_exceptions=False).output
    assert "2 of 2 patients" in said
    assert "Patient.ndjson  2" in said
    assert (tmp_path / "out" / "Patient.ndjson").is_file()
    with sqlite.read() as session:
        assert session.scalars(select(AuditEvent.action)).all() == ["clinic.exported"]
    with pytest.raises(ConflictError, match="is there already"):
        CliRunner().invoke(export, words, catch_exceptions=False)
