"""Twenty people at twenty desks: real clients against the real server, on both databases."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import httpx
import pytest
from sqlalchemy import select, update

from scheduler.db import Database
from scheduler.features.accounts.passwords import STRONG
from scheduler.features.courses.order import encode
from scheduler.models import Course, Infusion, Patient, User
from tests.integration.racing import COUNTRY, form_of, next_monday, no_overlap
from tests.support.clinic import SmallClinic, make_patient, small_clinic
from tests.support.courses import set_on
from tests.support.server import PASSWORD, Server, csrf_of, running_server, signed_in_client

RACERS = 20


@pytest.fixture
def clinic(database: Database) -> tuple[SmallClinic, list[Patient]]:
    """The small clinic with room for many nurses, one chair to fight for, and twenty patients."""
    with database.write() as session:
        found = small_clinic(session, chairs=3, nurses=6)
        found.site.region, found.site.country = None, COUNTRY
        patients = [make_patient(session, found.site, number) for number in range(10, 10 + RACERS)]
        session.execute(update(User).values(password_hash=STRONG.hash(PASSWORD)))
    return found, patients


def race(server: Server, email: str, forms: list[dict[str, object]]) -> list[httpx.Response]:
    """Send all forms at once, each over a connection of its own."""
    with closing(signed_in_client(server, email)) as first:
        token = csrf_of(first.get(f"/courses/new?patient={forms[0]['patient']}").text)
        cookies = dict(first.cookies)
    start = Barrier(len(forms))

    def send(form: dict[str, object]) -> httpx.Response:
        with httpx.Client(base_url=server.address, cookies=cookies, timeout=90) as client:
            start.wait()
            return client.post("/courses", data={**form, "csrf_token": token})

    with ThreadPoolExecutor(len(forms)) as pool:
        return list(pool.map(send, forms))


def test_twenty_overlapping_bookings_end_in_one_course_and_nineteen_helpful_409s(
    database: Database, clinic: tuple[SmallClinic, list[Patient]], tmp_path: Path
) -> None:
    place, patients = clinic
    chair, monday = place.chairs[0].id, next_monday()
    # Every set shares at least one visit with every other: hours differ by less than a visit's length.
    sets = [encode(set_on(chair, monday + timedelta(minutes=10 * (n % 6)))) for n in range(RACERS)]
    with running_server(database.url, tmp_path) as server:
        forms = [form_of("", place, p, s, f"race-{p.id:012d}") for p, s in zip(patients, sets, strict=True)]
        answers = race(server, place.users["front_desk"].email, forms)
    assert Counter(answer.status_code for answer in answers) == {303: 1, 409: RACERS - 1}
    for answer in answers:
        if answer.status_code == 409:
            assert "Nothing was booked: visits 1, 2, 3, 4, 5 and 6 are gone" in answer.text
            assert "by Front Desk" in answer.text
            assert "Book 6 visits" in answer.text  # new proposals stand below
    with database.read() as session:
        assert len(session.scalars(select(Course.id)).all()) == 1
        assert len(session.scalars(select(Infusion.id)).all()) == 6


def test_crossing_sets_in_opposite_order_leave_no_overlap_and_no_partial_course(
    database: Database, clinic: tuple[SmallClinic, list[Patient]], tmp_path: Path
) -> None:
    place, patients = clinic
    monday = next_monday()
    chairs = [chair.id for chair in place.chairs]
    sets = [
        encode(set_on(chairs[n % 3], monday + timedelta(days=(n % 2) * 2, hours=n % 4), gaps))
        for n, gaps in enumerate([(2, 2, 3, 2, 2), (2, 3, 2, 2, 3)] * (RACERS // 2))
    ]
    with running_server(database.url, tmp_path) as server:
        forms = [form_of("", place, p, s, f"race-{p.id:012d}") for p, s in zip(patients, sets, strict=True)]
        answers = race(server, place.users["front_desk"].email, forms)
    booked = sum(answer.status_code == 303 for answer in answers)
    assert booked >= 1
    assert {answer.status_code for answer in answers} <= {303, 409}
    with database.read() as session:
        assert no_overlap(session)
        assert len(session.scalars(select(Course.id)).all()) == booked
        assert len(session.scalars(select(Infusion.id)).all()) == 6 * booked


def test_twenty_identical_posts_are_one_course_and_nineteen_replays(
    database: Database, clinic: tuple[SmallClinic, list[Patient]], tmp_path: Path
) -> None:
    place, patients = clinic
    dates = encode(set_on(place.chairs[0].id, next_monday()))
    with running_server(database.url, tmp_path) as server:
        forms = [form_of("", place, patients[0], dates, "the-very-same-page-key")] * RACERS
        answers = race(server, place.users["front_desk"].email, forms)
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    with database.read() as session:
        assert len(session.scalars(select(Course.id)).all()) == 1
