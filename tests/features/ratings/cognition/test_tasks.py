"""The short tasks from a patient's link and a tablet: begun, ended, interrupted, left out; and how they are
charted."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from scheduler import clock
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.ratings.cognition.forms import form_of
from scheduler.features.ratings.cognition.queries import course_tasks
from scheduler.features.ratings.occasions import Slot
from scheduler.features.ratings.plan import Line, Plan, stored
from scheduler.features.ratings.queries.prompts import due_prompts, prompt_for
from scheduler.features.ratings.queries.waiting import due_list
from scheduler.models import (
    CognitiveRun,
    CognitiveTask,
    Infusion,
    ProtocolVersion,
    RatingLink,
    SignedRecord,
    TimePoint,
)
from scheduler.tokens import token_hash
from scheduler.web.inputs import LONGEST_VALUE
from tests.features.conftest import SignedIn, clients_of, morning_clinic
from tests.support.clinic import NOW, TODAY, SmallClinic
from tests.support.sign_in import cheap_app, csrf_token
from tests.support.visits import add_six

RAW, OTHER = "a-link-to-tasks", "another-link-to-tasks"
KEYS = [f"{number:032x}" for number in range(9)]
BASELINE = Slot(TimePoint.BASELINE)


def with_tasks(version: ProtocolVersion, point: TimePoint) -> None:
    """Ask for the three tasks at a time point, and for nothing else there."""
    lines = tuple(Line((task.value, 1), point) for task in CognitiveTask)
    version.rating_plan = stored(Plan("gad7", (Line(("gad7", 1), TimePoint.WEEKLY),), lines))


@dataclass
class Phone:
    """A telephone with a link to the tasks before the first infusion, which is in two days."""

    client: FlaskClient
    database: Database
    clinic: SmallClinic
    course_id: int
    now: list[datetime] = field(default_factory=lambda: [NOW])

    def post(self, what: str, raw: str = RAW, **form: Any) -> TestResponse:
        data = {"csrf_token": csrf_token(self.client), **form}
        return self.client.post(f"/r/{raw}/tasks/{what}", data=data)

    def begin(self, task: str, key: str = KEYS[0]) -> TestResponse:
        return self.post("begin", task=task, key=key, practised=1, width=390, height=844, touch=1)

    def end(self, key: str, seconds: float, answers: list[int], stopped: str = "") -> str:
        each = seconds * 1000 / max(1, len(answers))
        rows = [
            [at, answer, round(at * each), round((at + 1) * each), "touch"]
            for at, answer in enumerate(answers)
        ]
        said = {"responses": json.dumps(rows), "lasted": round(seconds * 1000), "stopped": stopped}
        return str((self.post("end", key=key, **said).json or {}).get("state"))

    def wait(self, seconds: float) -> None:
        self.now[0] += timedelta(seconds=seconds)

    def do(self, task: str, key: str, seconds: float = 90) -> str:
        """Begin a task, answer everything right and end it."""
        assert self.begin(task, key).status_code == 200
        self.wait(seconds)
        return self.end(key, seconds, list(self.form().right)[:60])

    def form(self) -> Any:
        last = self.runs()[-1]
        learned = next((one.form for one in self.runs() if one.id == last.learned_id), None)
        assert last.form is not None
        return form_of(last.task, last.version, last.form, learned)

    def runs(self) -> list[CognitiveRun]:
        with self.database.read() as session:
            return list(session.scalars(select(CognitiveRun).order_by(CognitiveRun.id)))

    def page(self, raw: str = RAW) -> str:
        return self.client.get(f"/r/{raw}/tasks").text


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The pages are the same on both databases."""
    return sqlite


@pytest.fixture
def phone(config: Config, sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> Phone:
    clinic = morning_clinic(sqlite, monkeypatch)
    with sqlite.write() as session:
        course, visits = add_six(session, clinic, [TODAY.replace(day=day) for day in (4, 6, 9, 11, 13, 16)])
        with_tasks(session.get_one(ProtocolVersion, course.protocol_version_id), TimePoint.BASELINE)
        for raw in (RAW, OTHER):
            row = RatingLink(
                token_hash=token_hash(raw), course_id=course.id, time_point=TimePoint.BASELINE,
                created_at=NOW, expires_at=visits[0].ends_at + timedelta(days=1),
            )  # fmt: skip
            session.add(row)
    made = Phone(cheap_app(config, sqlite).test_client(), sqlite, clinic, course.id)
    monkeypatch.setattr(clock, "now", lambda: made.now[0])
    return made


def test_three_tasks_are_done_in_order_with_a_rest_before_the_last_and_then_nothing_is_left(
    phone: Phone,
) -> None:
    assert phone.client.get(f"/r/{RAW}").location.endswith("/tasks")
    assert "Where pictures lie" in phone.page()
    assert phone.begin("pairs").status_code == 409  # The pictures come first.
    assert phone.do("places", KEYS[1], 60) == "complete"
    assert phone.do("pairs", KEYS[2]) == "complete"
    assert "Have a short rest" in phone.page()
    assert phone.begin("recognise").status_code == 409
    phone.wait(180)
    assert phone.do("recognise", KEYS[3], 30) == "complete"
    assert [run.score["value"] for run in phone.runs() if run.score] == [16, 60, 16]
    assert "Thank you" in phone.page()
    with phone.database.read() as session:
        assert due_list(session, phone.now[0]) == []
        last = course_tasks(session, phone.course_id).runs[-1]
        assert (last.unit, last.device) == ("right of 16", "phone, 390 × 844, by touch")
        assert "4 min after learning" in last.details


def test_what_is_right_is_worked_out_here_and_never_sent(phone: Phone) -> None:
    shown = phone.begin("places").json
    phone.wait(60)
    assert phone.end(KEYS[0], 50, [0] * 16) == "complete"
    right = phone.form().right
    assert phone.runs()[0].score["value"] == sum(cell == 0 for cell in right)
    assert shown == json.loads(json.dumps(phone.form().shown))
    assert set(phone.runs()[0].device) == {"width", "height", "touch"}


@pytest.mark.parametrize("why", ["connection", "anything"])
def test_an_interrupted_run_is_kept_as_one_and_the_next_has_another_form(phone: Phone, why: str) -> None:
    phone.begin("places", KEYS[0])
    phone.wait(60)
    assert phone.end(KEYS[0], 60, [1] * 16, why) == "interrupted"
    assert "Where pictures lie" in phone.page() and "was interrupted" in phone.page()
    assert phone.do("places", KEYS[1], 60) == "complete"
    first, second = phone.runs()
    assert (first.score, len(first.responses)) == (None, 16)
    assert first.form != second.form


def test_a_run_counts_only_if_it_was_done_to_the_end_and_its_time_has_passed_here(phone: Phone) -> None:
    phone.begin("places", KEYS[0])
    phone.wait(60)
    assert phone.end(KEYS[0], 50, [1] * 15) == "interrupted"
    phone.begin("places", KEYS[1])
    phone.wait(10)
    assert phone.end(KEYS[1], 60, [1] * 16) == "interrupted"
    assert [run.reason for run in phone.runs()] == ["not_through", "times"]


def test_a_run_of_as_many_answers_as_there_can_be_is_taken_whole(phone: Phone) -> None:
    phone.do("places", KEYS[0], 60)
    phone.begin("pairs", KEYS[1])
    phone.wait(95)
    rows = json.dumps([[at, 5, 89_000 + at, 89_001 + at, "keyboard"] for at in range(200)])
    assert len(rows) > LONGEST_VALUE
    ended = phone.post("end", key=KEYS[1], responses=rows, lasted=90_000)
    assert (ended.status_code, ended.json) == (200, {"state": "complete"})
    assert phone.post("end", key="\0" * 9, responses="[]", lasted=1).status_code == 404


def test_a_run_that_is_sent_twice_counts_once_and_one_from_a_second_phone_does_not_count(
    phone: Phone,
) -> None:
    forms = [phone.begin("places", KEYS[0]).json for _ in range(2)]
    assert forms[0] == forms[1]
    phone.post("begin", OTHER, task="places", key=KEYS[0])
    phone.wait(60)
    right = list(phone.form().right)
    assert phone.end(KEYS[0], 50, [1] * 16) == phone.end(KEYS[0], 50, right) == "complete"
    rows = json.dumps([[at, cell, at, at, "touch"] for at, cell in enumerate(right)])
    assert phone.post("end", OTHER, key=KEYS[0], responses=rows, lasted=9).json == {"state": "interrupted"}
    assert [(run.state.value, run.reason) for run in phone.runs()] == [
        ("complete", None),
        ("interrupted", "second"),
    ]


def test_who_cannot_do_a_task_leaves_it_out_with_what_hangs_on_it_and_is_not_asked_again(
    phone: Phone,
) -> None:
    assert phone.post("leave", task="places", why="hands").status_code == 303
    assert "Symbols and digits" in phone.page() and "Task 3 of 3" in phone.page()
    phone.post("leave", task="all", why="because")
    phone.post("leave", task="all", why="because")
    assert [(run.task.value, run.reason) for run in phone.runs()] == [
        ("places", "hands"),
        ("recognise", "hands"),
        ("pairs", "other"),
    ]
    with phone.database.read() as session:
        assert due_list(session, phone.now[0]) == []
        assert due_prompts(session, phone.now[0]) == []


def test_tasks_fall_due_are_prompted_and_close_with_their_occasion_and_with_the_signature(
    phone: Phone,
) -> None:
    with phone.database.read() as session:
        (line,) = due_list(session, NOW)
        assert (line.slot, line.can_send) == ("baseline", True)
        assert prompt_for(session, phone.course_id, BASELINE, NOW).tasks == ("places", "pairs", "recognise")
    phone.begin("places", KEYS[0])
    phone.wait(60)
    with phone.database.write() as session:
        session.add(sign(phone, session.get_one(Infusion, 1)))
    assert phone.begin("places", KEYS[1]).status_code == 409
    assert phone.post("end", key=KEYS[0], responses="[]").status_code == 409
    assert "not needed any more" in phone.page()
    assert [run.state.value for run in phone.runs()] == ["begun"]


def sign(phone: Phone, visit: Infusion) -> SignedRecord:
    return SignedRecord(
        course_id=visit.course_id, record="{}", digest="0" * 64,
        signed_at=phone.now[0], signed_by_id=phone.clinic.users["clinician"].id, signed_name="Ada",
    )  # fmt: skip


@pytest.mark.parametrize(
    "form",
    [
        {"key": "x", "task": "places"}, {"key": KEYS[0], "task": "nothing"},
        {"key": KEYS[0], "responses": "["}, {"key": KEYS[5], "responses": "[]"},
    ],
)  # fmt: skip
def test_what_can_be_no_run_is_refused_and_leaves_nothing(phone: Phone, form: dict[str, str]) -> None:
    for what in ("begin", "end"):
        assert 400 <= phone.post(what, **form).status_code < 500
    assert phone.runs() == []


def test_a_tablet_asks_the_tasks_of_its_visit_and_gives_them_back_to_the_staff(
    sqlite: Database, clinic: SmallClinic, as_role: SignedIn
) -> None:
    with sqlite.write() as session:
        _, visits = add_six(
            session, clinic, [TODAY, *(TODAY + timedelta(days=day) for day in (2, 4))], "10:30"
        )
        with_tasks(session.merge(clinic.protocol_version), TimePoint.PRE)
    nurse = as_role("nurse")
    data = {"csrf_token": csrf_token(nurse)}
    nurse.post(f"/infusions/{visits[0].id}/kiosk", data=data)
    data = {"csrf_token": csrf_token(nurse)}
    assert nurse.get("/kiosk").location == "/kiosk/tasks"
    assert 'data-keep=""' in nurse.get("/kiosk/tasks").text
    assert nurse.get("/courses/1/ratings").location == "/kiosk"
    begun = nurse.post("/kiosk/tasks/begin", data={**data, "task": "places", "key": KEYS[0]})
    assert len(begun.json["shown"][0]) == 8
    ended = nurse.post(
        "/kiosk/tasks/end", data={**data, "key": KEYS[0], "responses": "[]", "stopped": "hidden"}
    )
    assert ended.json == {"state": "interrupted"}
    nurse.post("/kiosk/tasks/leave", data={**data, "task": "all", "why": "tired"})
    assert "Give the tablet back to the staff." in nurse.get("/kiosk").text
    charted = as_role("clinician").get("/courses/1/ratings").text
    assert "The page was left or the screen went dark." in charted and "Too tired or unwell." in charted
    assert "There are no norms" in charted


def test_the_desk_sees_that_something_is_due_and_nothing_of_a_task(phone: Phone, config: Config) -> None:
    phone.do("places", KEYS[0], 60)
    page = (
        clients_of(config, phone.database, phone.clinic)("front_desk")
        .get("/ratings")
        .text.split("<main", 1)[1]
    )
    assert "Before the first infusion" in page
    assert "icture" not in page
