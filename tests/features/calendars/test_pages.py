"""The pages of calendar addresses: who makes which, what is shown once, where calendars are published."""

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.actor import COMMAND
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.accounts.actions.disable_user import disable_user
from scheduler.features.accounts.actions.edit_user import enable_user
from scheduler.models import AuditEvent, Feed, PublishedCalendar, User
from tests.features.calendars.conftest import Diary
from tests.support.sign_in import cheap_app, csrf_token, sign_in

ONLY_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def as_role(config: Config, diary: Diary, role: str) -> FlaskClient:
    client = cheap_app(config, diary.database).test_client()
    sign_in(client, diary.database, diary.clinic.users[role])
    return client


def press(client: FlaskClient, path: str, **form: str) -> str:
    answer = client.post(path, data={"csrf_token": csrf_token(client), **form}, follow_redirects=True)
    assert answer.status_code in {200, 422}
    return answer.text


def shown(page: str) -> str:
    found = re.search(r'value="http://127\.0\.0\.1:8000(/feeds/[^"]+)"', page)
    assert found, page
    return found[1]


def trail(database: Database) -> list[str]:
    with database.read() as session:
        query = select(AuditEvent.action).where(AuditEvent.entity == "feed").order_by(AuditEvent.id)
        return list(session.scalars(query))


@ONLY_SQLITE
def test_a_clinician_makes_rotates_and_ends_the_own_address(config: Config, diary: Diary) -> None:
    client = as_role(config, diary, "clinician")
    first = shown(press(client, "/calendars/own", do="make"))
    diary.client.get(first, headers={"User-Agent": "Mozilla/5.0 Thunderbird/140.0"})
    page = client.get("/calendars").text
    assert "last read Mon 2 Nov 10:00 by Thunderbird" in page and first not in page
    second = shown(press(client, "/calendars/own", do="make"))
    assert [diary.client.get(path).status_code for path in (first, second)] == [404, 200]
    press(client, "/calendars/own", do="end")
    assert diary.client.get(second).status_code == 404
    assert trail(diary.database) == ["feed.made", "feed.rotated", "feed.revoked"]
    third = shown(press(client, "/calendars/own", do="make"))
    with diary.database.write() as session:
        user = session.get_one(User, diary.clinic.users["clinician"].id)
        disable_user(session, COMMAND, diary.at, user)
        enable_user(session, COMMAND, diary.at, user)
    assert diary.client.get(third).status_code == 404, "leaving ends it for good"
    with diary.database.read() as session:
        hashes = session.scalars(select(Feed.token_hash)).all()
    assert not any(path.split("/")[-1][:-4] in hashes for path in (first, second))


@ONLY_SQLITE
def test_the_front_desk_hands_out_a_patients_address_and_administrators_those_of_chairs_and_sites(
    config: Config, diary: Diary
) -> None:
    desk, administrator = (as_role(config, diary, role) for role in ("front_desk", "administrator"))
    made = press(desk, "/patients/1/calendar", do="make")
    assert diary.client.get(shown(made)).status_code == 200
    assert "subscribed calendar refreshes hours later" in made and "mailto:marta1%40example.org" in made
    assert "In use since" in desk.get("/patients/1").text
    assert "Chairs and sites" not in desk.get("/calendars").text
    for path in ("/calendars/chair/1", "/calendars/site/1"):
        assert diary.client.get(shown(press(administrator, path, do="make"))).status_code == 200
    press(desk, "/patients/1/calendar", do="end")
    assert diary.client.get(shown(made)).status_code == 404


@ONLY_SQLITE
def test_a_calendar_is_published_on_the_server_of_the_settings_alone(config: Config, diary: Diary) -> None:
    config = replace(config, caldav_url="https://clinic:only-ours@calendar.example.org/dav/")
    client = as_role(config, diary, "administrator")
    form = {"user": str(diary.clinic.users["clinician"].id), "url": "https://evil.example.org/dav/a/"}
    page = press(client, "/calendars/published", **form)
    assert "must lie on the clinic’s server" in page and "only-ours" not in page
    assert 'value="https://evil.example.org/dav/a/"' in page
    page = press(client, "/calendars/published", **{**form, "url": "https://calendar.example.org/dav/a"})
    assert "Being filled" in page and "only-ours" not in page
    with diary.database.write() as session:
        row = session.scalars(select(PublishedCalendar)).one()
        row.failures, row.error = 2, "The server answered 500."
    assert "The server answered 500." in client.get("/calendars/published").text
    assert "Being emptied" in press(client, "/calendars/published/1/stop")
