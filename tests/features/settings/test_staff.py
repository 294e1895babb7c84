"""Staff come, change and leave, and nothing of theirs stays open."""

from datetime import date

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.features.accounts.actions.access_tokens import create_token
from scheduler.features.accounts.queries import token_holder
from scheduler.models import DutyPattern, Role, StaffTask, User
from tests.features.conftest import SignedIn
from tests.support.clinic import NOW, SmallClinic
from tests.support.sign_in import csrf_token
from tests.support.visits import add_six

PASSWORD = "four quiet harbor lanterns"
NEW = {"name": "Ana Reyes", "email": "ana@riverside.example", "role": ["front_desk", "nurse"], "site": "1"}


def user_of(database: Database, email: str) -> User | None:
    """Somebody by their address."""
    with database.read() as session:
        return session.scalar(select(User).where(User.email == email))


def post(client: FlaskClient, address: str, **form: object) -> TestResponse:
    """Send a form of the settings."""
    return client.post(address, data={**form, "csrf_token": csrf_token(client)})


def test_administrator_takes_somebody_on(as_role: SignedIn, database: Database) -> None:
    client = as_role("administrator")
    answer = client.post(
        "/settings/staff/new", data={**NEW, "password": PASSWORD, "csrf_token": csrf_token(client)}
    )
    assert answer.status_code == 303
    added = user_of(database, "ana@riverside.example")
    assert added is not None
    assert added.role_set == {Role.FRONT_DESK, Role.NURSE}
    assert "Ana Reyes" in client.get("/settings/staff").text


def test_what_is_missing_is_said_and_what_was_typed_stays(as_role: SignedIn, database: Database) -> None:
    client = as_role("administrator")
    answer = client.post("/settings/staff/new", data={"name": "Ana Reyes", "csrf_token": csrf_token(client)})
    assert answer.status_code == 422
    assert "Choose at least one role." in answer.text
    assert "The e-mail address is missing." in answer.text
    assert 'value="Ana Reyes"' in answer.text


def test_easy_password_is_refused_with_the_form_kept(as_role: SignedIn, database: Database) -> None:
    client = as_role("administrator")
    answer = client.post(
        "/settings/staff/new", data={**NEW, "password": "short", "csrf_token": csrf_token(client)}
    )
    assert answer.status_code == 422
    assert "Use at least 12 characters" in answer.text
    assert 'value="ana@riverside.example"' in answer.text
    assert PASSWORD not in answer.text
    assert user_of(database, "ana@riverside.example") is None


def test_address_of_somebody_else_is_refused(
    as_role: SignedIn, clinic: SmallClinic, database: Database
) -> None:
    client = as_role("administrator")
    form = {**NEW, "email": clinic.users["nurse"].email, "csrf_token": csrf_token(client)}
    answer = client.post(f"/settings/staff/{clinic.users['front_desk'].id}", data=form)
    assert answer.status_code == 409
    assert "Nothing was saved" in answer.text


def test_new_role_ends_the_log_ins_of_the_old_one(
    as_role: SignedIn, clinic: SmallClinic, database: Database
) -> None:
    desk = as_role("front_desk")
    assert desk.get("/today").status_code == 200
    client = as_role("administrator")
    user = clinic.users["front_desk"]
    form = {**NEW, "email": user.email, "role": ["administrator"], "csrf_token": csrf_token(client)}
    assert client.post(f"/settings/staff/{user.id}", data=form).status_code == 303
    assert desk.get("/today").status_code == 303


def test_last_administrator_stays_one(as_role: SignedIn, clinic: SmallClinic, database: Database) -> None:
    client = as_role("administrator")
    user = clinic.users["administrator"]
    form = {**NEW, "email": user.email, "role": ["nurse"], "csrf_token": csrf_token(client)}
    answer = client.post(f"/settings/staff/{user.id}", data=form)
    assert answer.status_code == 409
    assert "only administrator left" in answer.text
    left = post(client, f"/settings/staff/{user.id}/leave", day="2026-11-02")
    assert left.status_code == 409
    assert "close your own log-in" in left.text


def test_nurse_who_leaves_takes_her_shifts_log_ins_and_tokens_along(
    as_role: SignedIn, clinic: SmallClinic, database: Database
) -> None:
    nurse = as_role("nurse")
    nurse_id = clinic.users["nurse"].id
    with database.write() as session:
        _, raw = create_token(
            session, Actor(nurse_id, "Nurse"), NOW, kind="wall", name="Hall", site_id=clinic.site.id
        )
        add_six(session, clinic, [date(2026, 11, day) for day in (4, 6, 9, 11, 13, 16)])
    client = as_role("administrator")
    form = {"day": "2026-11-03", "csrf_token": csrf_token(client)}
    asked = client.post(f"/settings/staff/{nurse_id}/leave", data=form)
    assert asked.status_code == 409
    assert "no longer hold" in asked.text
    assert nurse.get("/today").status_code == 200  # Nothing is saved yet.
    agreed = asked.text.split('name="agreed" value="')[1].split('"')[0]
    assert (
        client.post(f"/settings/staff/{nurse_id}/leave", data={**form, "agreed": agreed}).status_code == 303
    )
    assert nurse.get("/today").status_code == 303
    with database.read() as session:
        assert token_holder(session, raw, NOW, "wall") is None
        ends = session.scalars(select(DutyPattern.valid_until).where(DutyPattern.user_id == nurse_id)).all()
        assert set(ends) == {date(2026, 11, 2)}
        assert session.scalars(select(StaffTask)).all()


def test_somebody_who_left_can_come_back_without_their_shifts(
    as_role: SignedIn, clinic: SmallClinic, database: Database
) -> None:
    client = as_role("administrator")
    user_id = clinic.users["front_desk"].id
    form = {"day": "2026-11-03", "csrf_token": csrf_token(client)}
    assert client.post(f"/settings/staff/{user_id}/leave", data=form).status_code == 303
    assert "Is back" in client.get(f"/settings/staff/{user_id}").text
    assert client.post(f"/settings/staff/{user_id}/return", data=form).status_code == 303
    assert as_role("front_desk").get("/today").status_code == 200


def test_nobody_who_is_not_there_can_be_changed(as_role: SignedIn, clinic: SmallClinic) -> None:
    client = as_role("administrator")
    for way in ("", "/leave", "/password"):
        assert client.get(f"/settings/staff/999{way}").status_code == 404
