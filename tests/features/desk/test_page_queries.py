"""What the pages of a patient, a course and a visit cost, on both databases."""

from datetime import timedelta

from flask.testing import FlaskClient

from scheduler.db import Database
from scheduler.models import TimePoint
from tests.features.conftest import SignedIn
from tests.features.desk.test_board import counted
from tests.support.clinic import TODAY, SmallClinic
from tests.support.visits import add_rating, add_six, add_visit, local

DAYS = [TODAY + timedelta(days=offset) for offset in (-7, -5, -3, 0, 2, 5)]


def test_the_pages_take_no_more_queries_for_more_visits(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        course = add_six(session, clinic, DAYS, "09:30", completed=3)
    client = as_role("nurse")
    paths = [f"/patients/{clinic.patient.id}", f"/courses/{course[0].id}", f"/infusions/{course[1][0].id}"]
    before = [_queries(database, client, path) for path in paths]
    with database.write() as session:
        for week in range(2, 12):
            _, visits = add_six(session, clinic, [TODAY + timedelta(days=7 * week)], "08:00", chair=1)
            add_rating(session, visits[0], TimePoint.PRE, 5)
        for number in range(7, 15):
            start = local(clinic.site, TODAY + timedelta(days=number), "13:00")
            extra = add_visit(session, course[0], clinic.chairs[0], number, start)
            add_rating(session, extra, TimePoint.PRE, 5)
    after = [_queries(database, client, path) for path in paths]
    assert before == after
    assert max(after) <= 32


def _queries(database: Database, client: FlaskClient, path: str) -> int:
    with counted(database) as statements:
        assert client.get(path).status_code == 200
    return len(statements)
