"""Sites and chairs as an administrator changes them: effects first, two editors lose nothing."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.db import Database
from scheduler.features.capacity.queries import site
from scheduler.features.tasks.queries import count_open
from scheduler.models import Chair, Site
from tests.support.clinic import make_site
from tests.support.sign_in import csrf_token

RIVERSIDE = {
    "name": "Riverside", "code": "RV", "discreet_name": "Riverside Clinic", "country": "US", "region": "NY",
    "address": "12 Harbor Street, Riverside", "tz": "America/New_York", "phone": "212 555 0100",
    "from_email": "appointments@riverside.example", "date_order": "dmy", "clock24": "1", "weight_unit": "kg",
    "turnover_minutes": "0", "soft_load_pct": "80", "version": "1",
}  # fmt: skip


def send(client: FlaskClient, path: str, **form: object) -> tuple[int, str]:
    answer = client.post(path, data={**form, "csrf_token": csrf_token(client)})
    return answer.status_code, " ".join(unescape(re.sub(r"<(?!input)[^>]+>", " ", answer.text)).split())


def value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found
    return found[1]


def test_a_new_site_is_added_and_shown(boss: FlaskClient, sqlite: Database) -> None:
    form = {**RIVERSIDE, "name": "Hillside", "code": "hs", "discreet_name": "Hillside Clinic"}
    assert send(boss, "/settings/sites/new", **form)[0] == 303
    assert "Hillside" in boss.get("/settings/sites").text
    with sqlite.read() as session:
        assert session.scalar(select(Site.code).where(Site.name == "Hillside")) == "HS"


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("discreet_name", "Ketamine House", "tells what patients are treated for"),
        ("tz", "Mars/Olympus", "Choose a time zone"),
        ("region", "XX", "Write one of AK"),
        ("phone", "12", "too few digits"),
        ("turnover_minutes", "500", "from 0 to 120"),
        ("name", "Riverside", "Another site has the name Riverside"),
    ],
)
def test_what_a_site_cannot_be_is_said_and_nothing_typed_is_lost(
    boss: FlaskClient, field: str, typed: str, says: str
) -> None:
    form = {**RIVERSIDE, "name": "Hillside", "code": "HS", field: typed}
    status, page = send(boss, "/settings/sites/new", **form)
    assert status == 422 and says in page
    assert value(page, "address") == RIVERSIDE["address"]


def test_second_of_two_editors_sees_both_values_and_chooses(boss: FlaskClient, sqlite: Database) -> None:
    assert send(boss, "/settings/sites/1", **{**RIVERSIDE, "address": "1 New Quay"})[0] == 303
    mine = {**RIVERSIDE, "address": "2 Old Quay", "turnover_minutes": "10"}
    status, page = send(boss, "/settings/sites/1", **mine)
    assert status == 409
    assert "Changed by Administrator at 10:00" in page
    assert "Administrator saved 1 New Quay ; your form says 2 Old Quay" in page.replace("Quay;", "Quay ;")
    assert value(page, "version") == "2" and value(page, "turnover_minutes") == "10"
    kept = {**mine, "version": "2", "do": "keep-theirs", "differs": "address"}
    assert send(boss, "/settings/sites/1", **kept)[0] == 303
    with sqlite.read() as session:
        place = site(session, 1)
        assert (place.address, place.turnover_minutes) == ("1 New Quay", 10)


def test_changes_of_different_fields_stand_together(boss: FlaskClient) -> None:
    hours = {**{f"day{day}": "8-18" for day in range(5)}, "day5": "9-13", "version": "1"}
    assert send(boss, "/settings/sites/1/hours", **hours)[0] == 303
    assert send(boss, "/settings/sites/1", **{**RIVERSIDE, "clock24": "0"})[0] == 303
    assert send(boss, "/settings/sites/1/hours", **{**hours, "day5": "9-14"})[0] == 409


def test_time_zone_stays_once_visits_were_booked_in_it(boss: FlaskClient) -> None:
    status, page = send(boss, "/settings/sites/1", **{**RIVERSIDE, "tz": "Europe/Berlin"})
    assert status == 422 and "so it stays" in page


def test_putting_a_site_away_shows_its_visits_first(boss: FlaskClient, sqlite: Database) -> None:
    with sqlite.write() as session:
        make_site(session, "NS", "Northside")
    status, page = send(boss, "/settings/sites/1/archive")
    assert status == 409 and "6 visits no longer hold" in page
    assert send(boss, "/settings/sites/1/archive", agreed=value(page, "agreed"))[0] == 303
    assert "Take up again" in boss.get("/settings/sites").text
    assert send(boss, "/settings/sites/1/restore")[0] == 303
    with sqlite.read() as session:
        assert count_open(session) == 6 and site(session, 1).archived_at is None


def test_a_chair_retired_on_a_day_breaks_its_visits_from_that_day_on(
    boss: FlaskClient, sqlite: Database
) -> None:
    path = "/settings/chairs/1/retire"
    status, page = send(boss, path, day="2026-11-18")
    assert status == 409 and "3 visits no longer hold" in page
    assert "Chair 1 is closed (Retired)." in page
    assert send(boss, path, day="2026-11-18", agreed=value(page, "agreed"))[0] == 303
    assert "not from 18 Nov 2026 on" in boss.get("/settings/sites").text
    with sqlite.read() as session:
        assert session.get_one(Chair, 1).retired_at == datetime(2026, 11, 18, 5, tzinfo=UTC)
    assert send(boss, "/settings/chairs/1/return")[0] == 303
    assert send(boss, path, day="2026-11-01")[1].count("What is over stays as it was") >= 1


def test_a_chair_is_named_and_takes_its_place_in_the_order(boss: FlaskClient, sqlite: Database) -> None:
    assert send(boss, "/settings/sites/1/chairs/new", name="Bed 1", kind="bed")[0] == 303
    assert send(boss, "/settings/chairs/3/order", way="up")[0] == 303
    assert send(boss, "/settings/chairs/3", name="Window", kind="bed", version="1")[0] == 303
    assert send(boss, "/settings/chairs/3", name="Door", kind="bed", version="1")[0] == 409
    status, page = send(boss, "/settings/sites/1/chairs/new", name="chair 2", kind="room")
    assert status == 422 and "already has a chair 2" in page
    with sqlite.read() as session:
        assert [chair.name for chair in site(session, 1).chairs] == ["Chair 1", "Window", "Chair 2"]
