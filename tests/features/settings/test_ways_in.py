"""How somebody comes to a password of their own: invited, or because they lost the one they had."""

import re
from email import message_from_bytes, policy

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from scheduler.actor import COMMAND
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.accounts.actions.disable_user import disable_user
from scheduler.features.accounts.actions.edit_user import edit_user
from scheduler.features.accounts.actions.links import LOST_AN_HOUR, LOST_FOR
from scheduler.features.accounts.factors.queries import factors_of
from scheduler.models import AuditEvent, AuthenticatorApp, Message, PasswordAsk, User
from scheduler.worker.accounts import answer
from scheduler.worker.deliver import deliver_due
from tests.features.conftest import SignedIn
from tests.support.clinic import NOW, SmallClinic
from tests.support.post import BASE, Clock, Recorder, post
from tests.support.sign_in import cheap_app, csrf_token

PASSWORD = "four quiet harbor lanterns"
NURSE = "nurse@riverside.example"


@pytest.fixture
def database(sqlite: Database) -> Database:
    """Links are the same to both databases."""
    return sqlite


@pytest.fixture
def visitor(config: Config, database: Database, clinic: SmallClinic) -> FlaskClient:
    """A browser without a log-in."""
    return cheap_app(config, database).test_client()


def send(client: FlaskClient, path: str, **form: object) -> TestResponse:
    """Send a form as a browser would."""
    return client.post(path, data={**form, "csrf_token": csrf_token(client)})


def mailed(database: Database) -> list[str]:
    """What the worker sends: the links in it, without the address of the clinic."""
    door = Recorder()
    means = post(database, door, Clock(NOW))
    answer(means)
    deliver_due(means, lambda: False)
    bodies = [message_from_bytes(ready.body, policy=policy.SMTP) for ready in door.sent]
    texts = [body.get_body(("plain",)).get_content() for body in bodies]  # type: ignore[union-attr]
    return [found for text in texts for found in re.findall(rf"{BASE}(/a/[\w-]+)", text)]


def test_who_is_taken_on_without_a_password_chooses_it_by_a_mailed_link(
    as_role: SignedIn, visitor: FlaskClient, database: Database
) -> None:
    form = {"name": "Ana Reyes", "email": "ana@riverside.example", "role": ["front_desk"], "site": "1"}
    assert send(as_role("administrator"), "/settings/staff/new", **form).status_code == 303
    with database.read() as session:
        waiting = session.scalars(select(Message)).one()
    assert "/a/" not in str(waiting.facts), "what waits to be sent holds no secret"
    (link,) = mailed(database)
    shown = as_role("front_desk").get(f"/messages/{waiting.id}").text
    assert "/a/…" in shown and link not in shown, "the link opens the page for its owner alone"
    assert "Welcome, Ana Reyes" in visitor.get(link).text
    assert "Use at least 12 characters" in send(visitor, link, password="short").text
    assert send(visitor, link, password=PASSWORD).location == "/sign-in"
    assert send(visitor, link, password=PASSWORD).status_code == 404, "a link is used once"
    signed_in = send(visitor, "/sign-in", email="ana@riverside.example", password=PASSWORD)
    assert signed_in.location == "/"


def test_a_page_that_asks_for_a_new_password_looks_nobody_up(
    visitor: FlaskClient, database: Database
) -> None:
    answers = []
    for email in (NURSE, "nobody@riverside.example"):
        with database.write() as session:
            before = session.scalar(select(func.count()).select_from(AuditEvent))
        said = send(visitor, "/sign-in/lost", email=email)
        answers.append((said.status_code, said.location, visitor.get("/sign-in").text.count("on its way")))
        with database.read() as session:
            assert session.scalar(select(func.count()).select_from(AuditEvent)) == before
    assert answers == [(303, "/sign-in", 1)] * 2
    assert len(mailed(database)) == 1
    with database.read() as session:
        assert session.scalars(select(PasswordAsk)).all() == []


def test_a_link_for_a_lost_password_ends_all_log_ins_and_lasts_an_hour(
    as_role: SignedIn, visitor: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    nurse = as_role("nurse")
    send(visitor, "/sign-in/lost", email=NURSE.upper())
    (link,) = mailed(database)
    monkeypatch.setattr("scheduler.clock.now", lambda: NOW + LOST_FOR)
    over = visitor.get(link)
    monkeypatch.setattr("scheduler.clock.now", lambda: NOW)
    assert over.status_code == 404
    unknown = visitor.get("/a/another-token-that-is-none")
    assert over.text == unknown.text and "no-referrer" in unknown.headers["Referrer-Policy"]
    assert nurse.get("/me").status_code == 200
    assert send(visitor, link, password=PASSWORD).status_code == 303
    assert nurse.get("/me").status_code == 303


def test_nobody_is_flooded_and_the_newest_link_is_the_only_one(
    visitor: FlaskClient, database: Database
) -> None:
    found = []
    for _ in range(LOST_AN_HOUR + 2):
        send(visitor, "/sign-in/lost", email=NURSE)
        found += mailed(database)
    assert len(found) == LOST_AN_HOUR
    assert [visitor.get(link).status_code for link in found] == [404, 404, 200]


@pytest.mark.parametrize("change", ["leaves", "other address"])
def test_a_link_dies_with_what_it_was_sent_for(
    visitor: FlaskClient, database: Database, clinic: SmallClinic, change: str
) -> None:
    send(visitor, "/sign-in/lost", email=NURSE)
    (link,) = mailed(database)
    with database.write() as session:
        user = session.get_one(User, clinic.users["nurse"].id)
        if change == "leaves":
            disable_user(session, COMMAND, NOW, user)
            user.disabled_at = None  # And is back a minute later.
        else:
            roles, site = user.role_set, user.site_id
            edit_user(session, COMMAND, NOW, user, email="n@b.example", name="N", roles=roles, site_id=site)
    assert visitor.get(link).status_code == 404


def test_an_administrator_resets_a_lost_factor_and_its_owner_is_told(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    clinician = clinic.users["clinician"]
    with database.write() as session:
        session.add(AuthenticatorApp(user_id=clinician.id, secret=b"x", last_step=0, added_at=NOW))
    theirs, admin = as_role("clinician"), as_role("administrator")
    page = f"/settings/staff/{clinician.id}"
    assert "Reset the second factor" in admin.get(page).text
    assert send(admin, f"{page}/factor").status_code == 303
    assert theirs.get("/me").status_code == 303 and admin.get("/me").status_code == 200
    assert "Reset the second factor" not in admin.get(page).text
    with database.read() as session:
        assert not factors_of(session, clinician.id).has_any
        told = session.scalars(select(Message)).one()
        events = session.scalars(select(AuditEvent).where(AuditEvent.action == "factor.reset")).all()
    assert told.user_id == clinician.id and "Administrator has reset" in told.facts["text"]
    assert [event.actor_id for event in events] == [clinic.users["administrator"].id]
    own = f"/settings/staff/{clinic.users['administrator'].id}/factor"
    assert "under My settings" in send(admin, own).text


def test_the_review_says_who_has_what_and_who_looked(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    nurse = clinic.users["nurse"].id
    with database.write() as session:
        session.add(AuthenticatorApp(user_id=nurse, secret=b"x", last_step=0, added_at=NOW))
        session.get_one(User, nurse).name = "=1+1"
        disable_user(session, COMMAND, NOW, session.get_one(User, clinic.users["front_desk"].id))
    as_role("nurse")
    admin = as_role("administrator")
    page = admin.get("/settings/staff/review").text
    assert "Nobody has reviewed it yet" in page and "Front Desk" not in page
    assert page.count("Sets one up at the next log-in") == 2, "the clinician and the administrator"
    rows = admin.get("/settings/staff/review.csv").get_data(as_text=True).splitlines()
    assert next(row for row in rows if NURSE in row) == (
        '\'=1+1,nurse@riverside.example,Nurse,no,"app, 0 codes left",no,2026-11-02 10:00,1,0,0,no'
    )
    assert send(admin, "/settings/staff/review").status_code == 303
    said = re.search(r"Last reviewed on (.+) by (\w+)\.", admin.get("/settings/staff/review").text)
    assert said and "2026" in said[1] and said[2] == "Administrator"
