"""Programs that change one thing from one ETag at once: one of them does, on both databases."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.courses.api import infusions
from scheduler.features.patients.actions.save import write_keys
from scheduler.models import AuditEvent, CourseChange, Infusion, Message, Patient, PatientSearchKey
from scheduler.web.api import require_match
from tests.support.clinic import NOW
from tests.support.sign_in import cheap_app
from tests.web.api.conftest import Programs
from tests.web.api.routes import SCHEDULED
from tests.web.filled import fill

PATIENT, VISIT = "/api/v1/patients/1", "/api/v1/infusions/6"
MOVE = ("POST", f"{VISIT}/move", {"start": "2026-11-13T13:00"})
ELSEWHERE = ("POST", f"{VISIT}/move", {"start": "2026-11-13T13:30", "chair_id": 2})
CANCEL = ("POST", f"{VISIT}/cancel", {"reason": "Ill"})
ARRIVE = ("POST", "/api/v1/infusions/1/state", {"step": "arrive"})
Call = tuple[str, str, dict[str, Any]]


@pytest.fixture
def both(config: Config, database: Database) -> Iterator[Programs]:
    """Programs on the Monday of the small clinic, on SQLite and on PostgreSQL."""
    with time_machine.travel(NOW, tick=False):
        with database.write() as session:
            clinic = fill(session)
        yield Programs(cheap_app(config, database), database, clinic)


def race(programs: Programs, calls: Sequence[Call], seen: dict[str, str]) -> list[Any]:
    """Each call by a program of its own, all at once; the answers in the order of the calls."""
    tokens = [programs.token(name=f"Program {number}") for number in range(len(calls))]
    start = Barrier(len(calls))

    def send(call: Call, raw: str) -> Any:
        start.wait()
        return programs.call(call[0], call[1], raw, call[2], seen)

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(send, calls, tokens))


def wait_behind(real: Callable[..., None], people: int) -> Callable[..., None]:
    """Let nobody write before all have read; where the database lets one in at a time, soon go on."""
    read = Barrier(people)

    def together(version: str) -> None:
        real(version)
        with suppress(BrokenBarrierError):
            read.wait(0.5)

    return together


def state(programs: Programs) -> tuple[dict[int, tuple[Any, ...]], int, int]:
    """Where each visit stands, how many changes there were, and how many messages."""
    with programs.database.read() as session:
        rows = session.scalars(select(Infusion).order_by(Infusion.id)).all()
        visits = {row.id: (row.starts_at, row.chair_id, row.status, row.schedule_version) for row in rows}
        changes = session.scalar(select(func.count(CourseChange.id))) or 0
        return visits, changes, session.scalar(select(func.count(Message.id))) or 0


@pytest.mark.parametrize(
    "calls",
    [(MOVE, ELSEWHERE), (MOVE, CANCEL), (ARRIVE, ARRIVE)],
    ids=["two moves", "move and cancel", "the same step"],
)
def test_two_changes_of_one_version_of_a_visit_end_in_one_change_and_one_412(
    both: Programs, monkeypatch: pytest.MonkeyPatch, calls: tuple[Call, Call]
) -> None:
    before, changes, messages = state(both)
    monkeypatch.setattr(f"{infusions.__name__}.require_match", wait_behind(require_match, len(calls)))
    answers = race(both, calls, SCHEDULED)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 1}
    (won,) = [answer.json for answer in answers if answer.status_code == 200]
    (lost,) = [answer.json for answer in answers if answer.status_code == 412]
    after, changes_now, messages_now = state(both)
    (told,) = won["infusions"]
    assert lost["now"] == told
    assert changes_now == changes + 1
    assert messages_now == messages + won["messages"]
    assert {key for key in after if after[key] != before[key]} == {told["id"]}


def test_four_changes_of_one_version_of_a_patient_end_in_one_and_leave_nothing_of_the_others(
    both: Programs,
) -> None:
    seen = {"If-Match": both.call("GET", PATIENT, both.token()).headers["ETag"]}
    calls = [("PATCH", PATIENT, {"email": f"p{n}@example.org", "language": "es"}) for n in range(4)]
    answers = race(both, calls, seen)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 3}
    (won,) = [answer for answer in answers if answer.status_code == 200]
    with both.database.write() as session:
        patient = session.get_one(Patient, 1)
        assert (patient.email, f'"{patient.version}"') == (won.json["email"], won.headers["ETag"])
        keys = select(PatientSearchKey.key).where(PatientSearchKey.patient_id == 1)
        found = set(session.scalars(keys))
        write_keys(session, patient)
        assert found == set(session.scalars(keys))
        changed = select(func.count(AuditEvent.id)).where(AuditEvent.action == "patient.changed")
        assert session.scalar(changed) == 1
