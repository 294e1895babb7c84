"""Whatever is sent to the build page, the answer is a page with a sentence and never a failure of ours."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from scheduler import clock
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.courses.order import encode
from scheduler.models import Course, Infusion
from tests.features.courses.asking import asked
from tests.support.clinic import NOW, SmallClinic, small_clinic
from tests.support.courses import set_on
from tests.support.sign_in import cheap_app, csrf_token, sign_in

GOOD_SET = encode(set_on(1, datetime(2026, 11, 30, 9, 30)))  # noqa: DTZ001 - local wall time
ODD_SET = encode(set_on(2, datetime(2026, 12, 4, 23, 55), (-3, 0, 9, 1, 20)))  # noqa: DTZ001
NAMES = (
    "patient", "protocol", "from", "until", "can", "site", "pa", "pb", "set", "change", "wish_day",
    "wish_time", "whole", "there", "bend", "bend_reason", "q", "proposal", "set-p1", "set-own", "key", "",
)  # fmt: skip
SHARP = (
    "", "0", "1", "2", "7", "-1", "999999999", "0a", "6p", "any", "p1", "own", "gap_max+1", "gap_min-1",
    "0001-01-01", "9999-12-31", "2026-11-26", "2026-12-05", "2027-11-02", "2026-W49-1", "24:00", "23:59",
    "0:00", "2430", GOOD_SET, GOOD_SET[:-1], ODD_SET, "1@20261130T0930", "key-of-the-very-first-page", "٣",
    "\x00", "\u2028", "<b>&amp;\"'", "%", "x" * 4999, "x" * 5001, "🙂",
)  # fmt: skip
VALUES = st.sampled_from(SHARP) | st.text(max_size=12)
FIELDS = st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=10)
SLOW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FINE = {200, 303, 400, 404, 409, 422}


@dataclass(frozen=True)
class Front:
    """The front desk's client, its clinic and the database."""

    client: FlaskClient
    clinic: SmallClinic
    database: Database


@pytest.fixture(scope="module")
def front(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """One application for all that is thrown at it."""
    home = tmp_path_factory.mktemp("any-input")
    path = home / "sixfold.sqlite3"
    shutil.copyfile(sqlite_template, path)
    config = Config(home=home, database_url=f"sqlite:///{path}", secret_key="a-key-for-tests-only")
    database = Database(config.database_url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: NOW)
        with database.write() as session:
            clinic = small_clinic(session)
        client = cheap_app(config, database).test_client()
        sign_in(client, database, clinic.users["front_desk"])
        yield Front(client, clinic, database)
    database.dispose()


def fields_of(front: Front, changes: list[tuple[str, str]]) -> dict[str, object]:
    """A good search with these fields put in."""
    return {**asked(front.clinic), **dict(changes)}


@SLOW
@given(changes=FIELDS, path=st.sampled_from(["/courses/new", "/courses/proposals"]), plain=st.booleans())
@example(
    changes=[("set", ODD_SET), ("change", "3"), ("wish_day", "9999-12-31")], path="/courses/new", plain=True
)
@example(changes=[("from", "9999-12-31"), ("until", "")], path="/courses/proposals", plain=True)
@example(changes=[("bend", "nonsense")], path="/courses/new", plain=True)
def test_no_address_makes_the_page_fail(
    front: Front, changes: list[tuple[str, str]], path: str, plain: bool
) -> None:
    query = fields_of(front, changes) if plain else dict(changes)
    answer = front.client.get(path, query_string=query)
    assert answer.status_code in FINE, (path, query)
    assert "<" in answer.text


@SLOW
@given(raw=st.text(max_size=60) | st.sampled_from(["patient=1&patient=2", "can=%FF", "&&==;", "patient[]=1"]))
def test_nor_does_any_text_after_the_question_mark(front: Front, raw: str) -> None:
    for path in ("/courses/new", "/courses/proposals"):
        answer = front.client.get(path, query_string=raw)
        assert answer.status_code in FINE, (path, raw)


@SLOW
@given(changes=FIELDS, plain=st.booleans())
@example(changes=[("set-p1", ODD_SET)], plain=True)
@example(changes=[("protocol", "999999999")], plain=True)
@example(changes=[("protocol", "")], plain=True)
def test_no_form_makes_the_booking_fail_or_leaves_half_a_course(
    front: Front, changes: list[tuple[str, str]], plain: bool
) -> None:
    sent = {"proposal": "p1", "set-p1": GOOD_SET, "key": "key-of-the-very-first-page"}
    data = {**fields_of(front, []), **sent, **dict(changes)} if plain else dict(changes)
    data.setdefault("csrf_token", csrf_token(front.client))
    answer = front.client.post("/courses", data=data)
    assert answer.status_code in FINE, data
    with front.database.read() as session:
        courses = session.scalar(select(func.count()).select_from(Course))
        visits = session.scalar(select(func.count()).select_from(Infusion))
    assert visits == 6 * (courses or 0)
