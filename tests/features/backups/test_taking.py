"""One process makes the backup that is due, and what became of it can be read."""

from datetime import timedelta

from sqlalchemy import select

from scheduler.actor import WORKER
from scheduler.db import Database
from scheduler.features.backups.actions.ask import ask_backup
from scheduler.features.backups.actions.note import note_failed
from scheduler.features.backups.actions.take import AGAIN, STUCK, take_due
from scheduler.features.backups.folder import Folder
from scheduler.features.backups.queries import backups_page
from scheduler.models import BackupRun
from scheduler.worker.backups import look
from tests.features.conftest import SignedIn
from tests.support.clinic import NOW
from tests.support.sign_in import csrf_token

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def test_second_worker_finds_nothing_to_do_while_the_first_is_at_it(database: Database) -> None:
    with database.write() as session:
        assert take_due(session, NOW, DAY) is not None
    with database.write() as session:
        assert take_due(session, NOW, DAY) is None


def test_backup_whose_worker_died_is_told_and_made_again(database: Database) -> None:
    with database.write() as session:
        first = take_due(session, NOW, DAY)
    with database.write() as session:
        assert take_due(session, NOW + STUCK, DAY) is None  # Half an hour after the failure, not at once.
    with database.write() as session:
        assert take_due(session, NOW + STUCK + AGAIN, DAY) not in (None, first)
    with database.read() as session:
        runs = session.scalars(select(BackupRun).order_by(BackupRun.id)).all()
        assert runs[0].error == "The worker ended before the backup was made."


def test_failed_backup_is_tried_again_after_half_an_hour(database: Database) -> None:
    with database.write() as session:
        run = take_due(session, NOW, DAY)
        assert run is not None
        note_failed(session, NOW, run, "No room.")
    with database.write() as session:
        assert take_due(session, NOW + AGAIN - timedelta(seconds=1), DAY) is None
        assert take_due(session, NOW + AGAIN, DAY) is not None


def test_clock_makes_none_where_it_is_told_so_but_a_person_gets_one(database: Database) -> None:
    with database.write() as session:
        assert take_due(session, NOW, None) is None
        asked = ask_backup(session, WORKER, NOW)
        assert ask_backup(session, WORKER, NOW) is asked
        assert take_due(session, NOW, None) == asked.id


def test_worker_makes_it_once_a_day_and_the_page_tells(filled: Database, folder: Folder) -> None:
    daily = Folder(folder.path, folder.key_path, DAY, 3)
    for hours in (0, 1, 23, 24):
        look(filled, filled.url, daily, lambda at=NOW + hours * HOUR: at)
    with filled.read() as session:
        page = backups_page(session, NOW + DAY, DAY)
    assert [run.state for run in page.runs] == ["made", "made"]
    assert page.last_good_at == NOW + DAY
    assert not page.overdue
    assert sorted(path.name for path in folder.path.iterdir()) == sorted(
        run.file for run in page.runs if run.file
    )


def test_reason_of_a_failure_stands_on_the_page(filled: Database, folder: Folder) -> None:
    wrong = Folder(folder.path, folder.key_path, DAY, 3, recipient_text="age1nonsense")
    look(filled, filled.url, wrong, lambda: NOW)
    with filled.read() as session:
        page = backups_page(session, NOW + 3 * DAY, DAY)
    assert page.runs[0].error == "SIXFOLD_BACKUP_RECIPIENT must be a public key of age: age1…"
    assert page.overdue


def test_administrator_asks_once_however_often_they_click(as_role: SignedIn, database: Database) -> None:
    client = as_role("administrator")
    for _ in range(2):
        assert client.post("/settings/backups", data={"csrf_token": csrf_token(client)}).status_code == 303
    assert "Waits for the worker" in client.get("/settings/backups").text
    with database.read() as session:
        assert len(session.scalars(select(BackupRun)).all()) == 1
