"""Tasks: raised once by what caused them, settled once by a person."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.tasks.actions import raise_task, settle_by_key, settle_task
from scheduler.features.tasks.queries import count_open, open_tasks
from scheduler.models import AuditEvent, StaffTask
from tests.support.clinic import NOW, SmallClinic, small_clinic


@pytest.fixture
def clinic(database: Database) -> SmallClinic:
    with database.write() as session:
        return small_clinic(session)


def raised(session: Session, clinic: SmallClinic, key: str = "replan:1", **more: Any) -> StaffTask:
    wanted: dict[str, Any] = {"kind": "replan", "dedupe_key": key, "site_id": clinic.site.id}
    return raise_task(session, **{"at": NOW, **wanted, **more})


def nurse(clinic: SmallClinic) -> Actor:
    return Actor(clinic.users["nurse"].id, "Nurse")


def test_the_same_cause_raises_one_task(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        assert raised(session, clinic).id == raised(session, clinic, facts={"why": "again"}).id
        assert count_open(session) == 1


def test_a_settled_task_waits_again_when_its_cause_comes_back(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        first = raised(session, clinic)
        settle_task(session, nurse(clinic), NOW, first.id, "Moved")
        assert count_open(session) == 0
        again = raised(session, clinic, facts={"why": "a closure"})
        assert (again.id, again.done_at, again.outcome, again.facts) == (
            first.id,
            None,
            None,
            {"why": "a closure"},
        )


def test_a_task_is_settled_once_and_the_second_learns_by_whom(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        task = raised(session, clinic)
        settle_task(session, nurse(clinic), NOW, task.id, "Phoned the patient")
        assert session.query(AuditEvent).filter_by(action="task.settled", entity_id=task.id).count() == 1
        with pytest.raises(ConflictError, match="Nurse already: “Phoned the patient”"):
            settle_task(session, nurse(clinic), NOW, task.id, "Again")


@pytest.mark.parametrize("outcome", ["", "   ", "x" * 201])
def test_an_outcome_is_a_few_words(database: Database, clinic: SmallClinic, outcome: str) -> None:
    with database.write() as session:
        task = raised(session, clinic)
        with pytest.raises(RuleError):
            settle_task(session, nurse(clinic), NOW, task.id, outcome)


def test_a_task_that_is_not_there_is_not_found(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session, pytest.raises(NotFoundError):
        settle_task(session, nurse(clinic), NOW, 99, "Done")


def test_what_solves_the_cause_settles_all_its_tasks_and_no_others(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        for key in ("visit:1", "visit:1:2", "visit:12:1"):
            raised(session, clinic, key)
        assert settle_by_key(session, nurse(clinic), NOW, "visit:1", "Moved") == 2
        assert [task.dedupe_key for task in open_tasks(session)] == ["visit:12:1"]


def test_tasks_with_a_day_come_first_then_the_oldest(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        raised(session, clinic, "new", at=NOW + timedelta(hours=1))
        raised(session, clinic, "old")
        raised(session, clinic, "late", due_on=date(2026, 12, 1))
        raised(session, clinic, "soon", due_on=date(2026, 11, 3))
        assert [task.dedupe_key for task in open_tasks(session)] == ["soon", "late", "old", "new"]
        assert open_tasks(session, clinic.site.id + 1) == []
