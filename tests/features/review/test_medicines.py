"""Medicines beside a course: noted once, ended once, struck out with a reason, and closed by the sign-off."""

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.db import Database
from scheduler.errors import ConflictError
from scheduler.models import CourseMedicine, SignedRecord
from tests.features.conftest import SignedIn
from tests.support.clinic import NOW, TODAY, SmallClinic
from tests.support.sign_in import csrf_token
from tests.support.visits import add_six

PAGE = "/courses/1/medicines"
SERTRALINE = {"name": "Sertraline", "dose": "100 mg in the morning"}


@pytest.fixture
def course_id(database: Database, clinic: SmallClinic) -> int:
    with database.write() as session:
        return add_six(session, clinic, [TODAY])[0].id


def post(client: FlaskClient, path: str, **form: str) -> tuple[int, str]:
    answer = client.post(path, data={"csrf_token": csrf_token(client), **form})
    return answer.status_code, answer.text


def rows(database: Database) -> list[CourseMedicine]:
    with database.read() as session:
        return list(session.scalars(select(CourseMedicine).order_by(CourseMedicine.id)))


def sign(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        signed = {"record": "{}", "digest": "0", "signed_at": NOW, "signed_name": "Ada"}
        session.add(SignedRecord(course_id=1, signed_by_id=clinic.users["clinician"].id, **signed))


def test_a_medicine_is_noted_once_ended_once_and_stays_when_it_is_struck_out(
    as_role: SignedIn, database: Database, course_id: int
) -> None:
    nurse = as_role("nurse")
    assert [post(nurse, PAGE, **SERTRALINE, from_day="2026-10-01")[0] for _ in range(2)] == [303, 303]
    assert post(nurse, f"{PAGE}/1/end", until_day="2026-11-01")[0] == 303
    status, page = post(nurse, f"{PAGE}/1/end", until_day="2026-10-31")
    assert (status, "Somebody noted 01 Nov 2026" in page) == (409, True)
    assert post(nurse, f"{PAGE}/1/strike", reason="Another patient")[0] == 303
    (row,) = rows(database)
    assert (row.from_day, row.until_day, row.struck_reason) == (
        date(2026, 10, 1), date(2026, 11, 1), "Another patient",
    )  # fmt: skip
    assert "Struck out: Another patient" in nurse.get(PAGE).text


def test_what_can_not_be_noted_says_why_and_loses_nothing(
    as_role: SignedIn, database: Database, course_id: int
) -> None:
    nurse = as_role("nurse")
    for changes, said in (
        ({"name": " "}, "Write which medicine"),
        ({"dose": ""}, "Write how much"),
        ({"from_day": (TODAY + timedelta(days=1)).isoformat()}, "Only days until today"),
        ({"from_day": "2026-10-05", "until_day": "2026-10-04"}, "before the first"),
        ({"from_day": "last spring"}, "such as 2026-11-02"),
        ({"from_day": "0001-01-01"}, "too long ago"),
    ):
        form = {"name": "Quetiapine", "dose": "25 mg", **changes}
        status, page = post(nurse, PAGE, **form)
        assert (status, said in page) == (422, True), changes
        assert all(f'value="{text}"' in page for text in form.values() if text.strip())
    assert rows(database) == []


def test_after_the_sign_off_the_medicines_stay_as_they_were_signed(
    as_role: SignedIn, database: Database, clinic: SmallClinic, course_id: int
) -> None:
    nurse = as_role("nurse")
    post(nurse, PAGE, **SERTRALINE)
    sign(database, clinic)
    status, page = post(nurse, f"{PAGE}/1/end", until_day="2026-11-01")
    assert (status, "as an addendum" in page) == (409, True)
    assert post(nurse, PAGE, name="Lorazepam", dose="1 mg")[0] == 409
    for change in ("UPDATE course_medicines SET dose = '1 mg'", "DELETE FROM course_medicines"):
        with pytest.raises(ConflictError, match="log is signed"), database.write() as session:
            session.connection().exec_driver_sql(change)


def test_the_front_desk_sees_no_medicine(as_role: SignedIn, course_id: int) -> None:
    post(as_role("nurse"), PAGE, **SERTRALINE)
    desk = as_role("front_desk")
    assert desk.get(PAGE).status_code == 403
    page = desk.get(f"/courses/{course_id}").text
    assert not [word for word in ("Sertraline", "edicine", "rajectory", "Course log") if word in page]


def test_a_medicine_of_another_course_is_not_there(
    as_role: SignedIn, database: Database, clinic: SmallClinic, course_id: int
) -> None:
    with database.write() as session:
        add_six(session, clinic, [TODAY + timedelta(days=7)])
    nurse = as_role("nurse")
    post(nurse, PAGE, **SERTRALINE)
    assert post(nurse, "/courses/2/medicines/1/strike", reason="Mine")[0] == 404
    assert nurse.get("/courses/99/medicines").status_code == 404
